//! `fetch(url, …)`: the answer of another server as an inner read, with a period, tags and a last good answer of its own.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
    time::Instant,
};

use minijinja::{
    Error, ErrorKind, Value,
    value::{Enumerator, Kwargs, Object, Serde},
};

use crate::{
    content::{read::Fingerprint, tag::CacheTag},
    outbound::Response,
};

use super::{
    inner::{Entry, Found},
    question::Question,
    scope::{self, Inward},
};

/// After a failure the page is made again after this many seconds.
const TRY_AGAIN: u64 = 5;

/// `fetch(url, revalidate=, tags=[…], cache=, optional=)`
pub fn fetch(url: String, kwargs: Kwargs) -> Result<Value, Error> {
    let revalidate = period(&kwargs)?;
    let tags = tags(&kwargs)?;
    let no_store = match kwargs.get::<Option<String>>("cache")?.as_deref() {
        None | Some("force-cache") => revalidate == Some(0),
        Some("no-store") => true,
        Some(other) => return Err(wrong(format!("fetch(cache={other:?}): say \"no-store\", or leave it out"))),
    };
    let optional = kwargs.get::<Option<bool>>("optional")?.unwrap_or(false);
    kwargs.assert_all_used()?;
    let inward = scope::with(|scope| {
        if no_store && scope.is_inside_fragment() {
            return Err(wrong(
                "fetch(cache=\"no-store\") may not stand inside cached(): its answer would be stored".into(),
            ));
        }
        if let Some(seconds) = if no_store { Some(0) } else { revalidate } {
            scope.shorten(seconds);
        }
        Ok(scope.inward())
    })?;
    if no_store {
        return anew(&inward, &url, optional);
    }
    stored(&inward, &url, revalidate, tags, optional)
}

/// Asked each time, and kept by nobody.
fn anew(inward: &Inward, url: &str, optional: bool) -> Result<Value, Error> {
    match inward.get(url, "no-store") {
        Ok(response) => Ok(value(&response)),
        Err(_) if optional => Ok(absent()),
        Err(problem) => Err(wrong(problem)),
    }
}

fn stored(
    inward: &Inward,
    url: &str,
    revalidate: Option<u64>,
    mut tags: BTreeSet<CacheTag>,
    optional: bool,
) -> Result<Value, Error> {
    let question = Question::Fetch(url.to_owned());
    let name = question.inner_name().unwrap_or_default();
    tags.insert(CacheTag::fetch(url));
    let turn = inward.inner.turn(&name);
    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = match inward.inner.find(&name, inward.theme, inward.since, inward.now()) {
        Found::Fresh(entry, _) => {
            let status = entry.value.downcast_object_ref().map_or(0, |fetched: &Fetched| fetched.status);
            tracing::debug!(target: "fetch", url, status, ms = 0, "hit");
            entry
        }
        Found::Make { begun, .. } => match inward.get(url, "miss") {
            Ok(response) => {
                let entry = entry(inward, &response, revalidate, tags.clone());
                // What is not there is an answer, but not one to keep.
                if response.status < 400 {
                    inward.inner.keep(&name, entry.clone(), begun);
                }
                Arc::new(entry)
            }
            Err(problem) => {
                let last_good = inward.inner.failed(&name, inward.now());
                scope::with(|scope| {
                    scope.warnings.push(problem.clone());
                    scope.shorten(TRY_AGAIN);
                    Ok(())
                })?;
                match last_good {
                    Some(entry) => entry,
                    None if optional => {
                        scope::with(|scope| {
                            scope.record_inner(question.clone(), Fingerprint::of(b"absent"), tags.clone());
                            Ok(())
                        })?;
                        return Ok(absent());
                    }
                    None => return Err(wrong(problem)),
                }
            }
        },
    };
    scope::with(|scope| {
        tags.extend(entry.tags.iter().cloned());
        scope.record_inner(question, entry.fingerprint, tags);
        Ok(entry.value.clone())
    })
}

fn entry(inward: &Inward, response: &Response, revalidate: Option<u64>, tags: BTreeSet<CacheTag>) -> Entry {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&response.status.to_le_bytes()).update(&response.body);
    let period = revalidate.and_then(|seconds| i64::try_from(seconds).ok()).map(|seconds| seconds.saturating_mul(1000));
    Entry {
        value: value(response),
        fingerprint: Fingerprint::of(hasher.finalize().as_bytes()),
        bytes: response.body.len() + 512,
        reads: Vec::new(),
        tags,
        revision: inward.revision,
        made_after: 0,
        fresh_until: period.map(|period| inward.now().saturating_add(period)),
        period,
        theme: None,
    }
}

impl Inward {
    /// Asks another server. What is no answer (a network that fails, 5xx) is a sentence.
    fn get(&self, url: &str, why: &str) -> Result<Response, String> {
        let begun = Instant::now();
        let answer = self.runtime.block_on(self.outbound.get(url));
        let ms = begun.elapsed().as_millis();
        match answer {
            Ok(response) => {
                tracing::debug!(target: "fetch", url, status = response.status, ms, "{why}");
                if response.status >= 500 {
                    Err(format!("fetch({url:?}): answered {}", response.status))
                } else {
                    Ok(response)
                }
            }
            Err(error) => {
                tracing::debug!(target: "fetch", url, %error, ms, "failed");
                Err(format!("fetch({url:?}): {error}"))
            }
        }
    }
}

/// Seconds, or `None` where it says `false` or nothing.
pub(super) fn period(kwargs: &Kwargs) -> Result<Option<u64>, Error> {
    let Some(value) = kwargs.get::<Option<Value>>("revalidate")? else { return Ok(None) };
    if !value.is_true() && !value.is_number() {
        return Ok(None);
    }
    let seconds = value.as_i64().and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(Some).ok_or_else(|| wrong("revalidate= is a number of seconds, or false".into()))
}

pub(super) fn tags(kwargs: &Kwargs) -> Result<BTreeSet<CacheTag>, Error> {
    let Some(list) = kwargs.get::<Option<Value>>("tags")? else { return Ok(BTreeSet::new()) };
    let tag = |value: Value| value.as_str().and_then(CacheTag::word);
    list.try_iter()?
        .map(|value| tag(value).ok_or_else(|| wrong("tags= is a list of words of 1 to 256 characters".into())))
        .collect()
}

pub(super) fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

fn value(response: &Response) -> Value {
    Value::from_object(Fetched { status: response.status, text: String::from_utf8_lossy(&response.body).into() })
}

fn absent() -> Value {
    Value::from_object(Fetched { status: 0, text: "".into() })
}

/// `status`, `ok`, `text`, `json`.
#[derive(Debug)]
pub(super) struct Fetched {
    pub status: u16,
    pub text: Arc<str>,
}

impl Object for Fetched {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        Some(match key {
            "status" => Value::from(self.status),
            "ok" => Value::from((200..400).contains(&self.status)),
            "text" => Value::from(self.text.clone()),
            "json" => match serde_json::from_str::<serde_json::Value>(&self.text) {
                Ok(json) => Value::from(Serde(&json)),
                Err(error) => Value::from(wrong(format!("the answer is not JSON: {error}"))),
            },
            _ => return None,
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["status", "ok", "text"])
    }
}
