//! `{% call cached(key, …) %}…{% endcall %}`: a part of a page as an inner read, made once and shared by pages.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
};

use minijinja::{Error, State, Value, value::Kwargs};

use crate::content::{read::Fingerprint, tag::CacheTag};

use super::{
    fetch::{period, tags, wrong},
    inner::{Entry, Found},
    question::Question,
    scope::{self, Frame, Inward},
};

/// The largest fragment that is kept, in bytes.
const LARGEST: usize = 2 << 20;

/// `cached(key, revalidate=, tags=[…])`, called with a block.
pub fn cached(state: &mut State, key: String, kwargs: Kwargs) -> Result<Value, Error> {
    let revalidate = period(&kwargs)?;
    let mut tags = tags(&kwargs)?;
    let Ok(caller) = kwargs.get::<Value>("caller") else {
        return Err(wrong("cached() is called with a block: {% call cached(\"key\") %}…{% endcall %}".into()));
    };
    kwargs.assert_all_used()?;
    if revalidate == Some(0) {
        return Err(wrong("cached(revalidate=0) would store nothing; leave cached() out instead".into()));
    }
    tags.insert(CacheTag::cached(&key));
    let question = Question::Cached(key);
    let name = question.inner_name().unwrap_or_default();
    let (inward, nested) = scope::with(|scope| Ok((scope.inward(), scope.is_inside_fragment())))?;
    // Only the outermost fragment waits for its turn: two that hold each other would wait for ever.
    let turn = inward.inner.turn(&name);
    let _turn = (!nested).then(|| turn.lock().unwrap_or_else(PoisonError::into_inner));
    let (entry, good_to) = match inward.inner.find(&name, inward.theme, inward.since, inward.now()) {
        Found::Fresh(entry, good_to) => (entry, good_to),
        Found::Make { begun, .. } => {
            let entry = make(state, &inward, &caller, revalidate, tags.clone())?;
            if entry.bytes <= LARGEST {
                inward.inner.keep(&name, entry.clone(), begun);
            }
            (Arc::new(entry), inward.revision)
        }
    };
    scope::with(|scope| {
        if let Some(period) = entry.period.and_then(|period| u64::try_from(period / 1000).ok()) {
            scope.shorten(period);
        }
        scope.record_inner(question, entry.fingerprint, tags);
        scope.join(&entry.reads);
        scope.is_good_to(good_to);
        Ok(entry.value.clone())
    })
}

/// Runs the block and takes down what it read.
fn make(
    state: &mut State,
    inward: &Inward,
    caller: &Value,
    revalidate: Option<u64>,
    tags: BTreeSet<CacheTag>,
) -> Result<Entry, Error> {
    scope::with(|scope| {
        scope.open_frame();
        Ok(())
    })?;
    let output = caller.call(state, &[]);
    let Frame { reads, period, good_to, .. } = scope::with(|scope| Ok(scope.close_frame()))?;
    let output = output?;
    let text = output.to_string();
    let seconds = [revalidate, period].into_iter().flatten().min();
    let period = seconds.and_then(|seconds| i64::try_from(seconds).ok()).map(|seconds| seconds.saturating_mul(1000));
    Ok(Entry {
        fingerprint: Fingerprint::of(text.as_bytes()),
        bytes: text.len() + 512,
        value: output,
        reads,
        tags,
        revision: good_to.unwrap_or(inward.revision).min(inward.revision),
        made_after: 0,
        fresh_until: period.map(|period| inward.now().saturating_add(period)),
        period,
        theme: Some(inward.theme),
    })
}
