//! Impact: which pages would be different for readers if a command were given, and why.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::DatabaseConnection;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    engine::{inspect, look, rehearse},
    posts::receipt::NAMED,
};
use crate::{
    cache::{
        keeper::Payload,
        state::{Millis, State, inspect::Asked},
    },
    content::{
        ask::ask,
        change::{Change, Revision},
        command::{Command, Rehearsed, Who},
        library::LibraryError,
        read::{Answer, Fingerprint, Read},
    },
    http::{desk::Desk, problem::Outcome},
    render::{key::PageKey, paths, question::Question},
};

#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Impact {
    /// The revision that this was found out at.
    #[schema(value_type = i64)]
    revision: Revision,
    total: usize,
    /// The first 100, the post's own first.
    pages: Vec<ImpactPage>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
struct ImpactPage {
    path: String,
    effect: Effect,
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Effect {
    Changes,
    New,
    Removed,
    Redirect,
}

/// Where readers find the post (`None`: nowhere), and what else is new.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    before: Option<String>,
    after: Option<String>,
    /// Pages that come into being beside it.
    born: Vec<String>,
}

/// Tries the command to learn what it touches, and once more to learn what the pages concerned would read.
/// `own`: the read of the post that it is about, if it is about one.
pub async fn foresee<C: Command + Copy>(desk: &Desk, who: Who, own: Option<Read>, command: C) -> Outcome<Impact> {
    let Some(change) = rehearse(desk, who, command, Vec::new()).await?.change else {
        let revision = inspect(desk, |state, _| state.revision()).await?;
        return Ok(Impact { revision, total: 0, pages: Vec::new() });
    };
    let asked = asked_of(desk, change.clone()).await?;
    let distinct: HashSet<_> = asked
        .iter()
        .filter_map(|asked| match &asked.question {
            Question::Content(read, _) => Some(read.clone()),
            _ => None,
        })
        .collect();
    let mut reads: Vec<_> = distinct.into_iter().collect();
    reads.extend(own.clone());
    let stage = desk.pages.stage();
    let nothing = Answer::Setting(None);
    // What new pages are called depends on answers too.
    let learn = paths::born(&stage, &change.born, |read| {
        reads.push(read);
        Ok(nothing.clone())
    });
    learn.map_err(LibraryError::from)?;

    let Rehearsed { answers, change, .. } = rehearse(desk, who, command, reads.clone()).await?;
    let after: HashMap<_, _> = reads.into_iter().zip(answers).collect();
    let change = change.unwrap_or_default();
    let told = |read| Ok(after.get(&read).map_or_else(|| nothing.clone(), |answered| answered.answer.clone()));
    let born = paths::born(&stage, &change.born, told).map_err(LibraryError::from)?;
    let place = |answer: &Answer| match answer {
        Answer::Post(Some(post)) => Some(stage.theme.permalinks.post(&**post)),
        _ => None,
    };
    let places = Places {
        after: own.as_ref().and_then(|own| place(&after.get(own)?.answer)),
        before: match own {
            Some(own) => place(&look(desk, move |db| async move { answer(db, own).await }).await?),
            None => None,
        },
        born: unstored(desk, born).await?,
    };
    let after = asked.iter().filter_map(|asked| {
        let Question::Content(read, seen) = &asked.question else { return None };
        Some((asked.question.clone(), stage.seen(read, after.get(read)?, *seen)))
    });
    Ok(compose(change.revision - 1, &asked, &after.collect(), &places))
}

/// The questions that a change can have given another answer, with the pages that readers find something at.
async fn asked_of(desk: &Desk, change: Change) -> Outcome<Vec<Asked>> {
    inspect(desk, move |state, now| {
        let mut asked = state.asked_of(&change);
        asked.iter_mut().for_each(|asked| asked.pages.retain(|key| is_found(state, key, now)));
        asked.retain(|asked| !asked.pages.is_empty());
        asked
    })
    .await
}

/// Of these paths, those at which readers find nothing yet.
async fn unstored(desk: &Desk, mut paths: Vec<String>) -> Outcome<Vec<String>> {
    inspect(desk, move |state, now| {
        paths.retain(|path| !is_found(state, &PageKey::of_path(path), now));
        paths
    })
    .await
}

fn is_found(state: &State<Payload>, key: &PageKey, now: Millis) -> bool {
    state.page(key, now).and_then(|page| page.facts).is_some_and(|facts| !facts.is_apart())
}

async fn answer(db: DatabaseConnection, read: Read) -> Result<Answer, LibraryError> {
    Ok(ask(&db, &read).await?.answer)
}

/// A page differs when any of its questions would have another answer.
fn compose(revision: Revision, asked: &[Asked], after: &HashMap<Question, Fingerprint>, places: &Places) -> Impact {
    let mut pages = BTreeMap::new();
    for asked in asked {
        // An edit changes neither the theme nor other servers; what it changes inside a fragment is asked by the page as well.
        if matches!(asked.question, Question::Content(..)) && after.get(&asked.question) != Some(&asked.fingerprint) {
            for key in &asked.pages {
                pages.entry(key.as_str()).or_insert((Effect::Changes, asked.question.reason()));
            }
        }
    }
    for path in &places.born {
        pages.entry(path).or_insert((Effect::New, "new page"));
    }
    match (&places.before, &places.after) {
        (Some(old), Some(new)) if old == new => {
            if let Some(own) = pages.get_mut(old.as_str()) {
                own.1 = OWN;
            }
        }
        (before, after) => {
            if let Some(old) = before {
                let effect = if after.is_some() { Effect::Redirect } else { Effect::Removed };
                pages.insert(old, (effect, OWN));
            }
            if let Some(new) = after {
                pages.insert(new, (Effect::New, OWN));
            }
        }
    }
    let mut pages: Vec<_> = pages
        .into_iter()
        .map(|(path, (effect, reason))| ImpactPage { path: path.into(), effect, reason: reason.into() })
        .collect();
    pages.sort_by_key(|page| page.reason != OWN);
    let total = pages.len();
    pages.truncate(NAMED);
    Impact { revision, total, pages }
}

const OWN: &str = "this post";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{read::Key, seen::Seen};
    use uuid::Uuid;

    fn asked(read: Read, answer: &str, pages: &[&str]) -> Asked {
        Asked {
            question: Question::Content(read, Seen::default()),
            fingerprint: Fingerprint::of(answer.as_bytes()),
            pages: pages.iter().map(|path| PageKey::of_path(path)).collect(),
        }
    }

    fn after(read: Read, answer: &str) -> (Question, Fingerprint) {
        (Question::Content(read, Seen::default()), Fingerprint::of(answer.as_bytes()))
    }

    fn told(impact: &Impact) -> Vec<(&str, Effect, &str)> {
        impact.pages.iter().map(|page| (page.path.as_str(), page.effect, page.reason.as_str())).collect()
    }

    fn at(before: Option<&str>, after: Option<&str>) -> Places {
        Places { before: before.map(Into::into), after: after.map(Into::into), born: Vec::new() }
    }

    #[test]
    fn only_pages_that_would_read_something_else_are_named() {
        let id = Uuid::nil();
        let post = Read::Post { kind: crate::content::read::Kind::Post, by: Key::Id(id) };
        let questions = [
            asked(post.clone(), "old", &["/hello/"]),
            asked(Read::Tags, "same", &["/tags/", "/hello/"]),
            asked(Read::Neighbours { id }, "old", &["/before/"]),
        ];
        let answers = [after(post, "new"), after(Read::Tags, "same"), after(Read::Neighbours { id }, "new")].into();
        let impact = compose(7, &questions, &answers, &at(Some("/hello/"), Some("/hello/")));
        assert_eq!(
            told(&impact),
            [
                ("/hello/", Effect::Changes, "this post"),
                ("/before/", Effect::Changes, "links to the post before or after")
            ]
        );
        assert_eq!((impact.revision, impact.total), (7, 2));
    }

    #[test]
    fn a_post_appears_moves_and_goes() {
        let none: [Asked; 0] = [];
        assert_eq!(
            told(&compose(1, &none, &HashMap::new(), &at(None, Some("/a/")))),
            [("/a/", Effect::New, "this post")]
        );
        assert_eq!(
            told(&compose(1, &none, &HashMap::new(), &at(Some("/a/"), Some("/b/")))),
            [("/a/", Effect::Redirect, "this post"), ("/b/", Effect::New, "this post")]
        );
        assert_eq!(
            told(&compose(1, &none, &HashMap::new(), &at(Some("/a/"), None))),
            [("/a/", Effect::Removed, "this post")]
        );
        assert!(told(&compose(1, &none, &HashMap::new(), &at(None, None))).is_empty());
    }

    #[test]
    fn a_tag_gets_a_page_with_its_first_post() {
        let places = Places { born: vec!["/tag/roses/".into(), "/a/".into()], ..at(None, Some("/a/")) };
        assert_eq!(
            told(&compose(1, &[], &HashMap::new(), &places)),
            [("/a/", Effect::New, "this post"), ("/tag/roses/", Effect::New, "new page")]
        );
    }

    #[test]
    fn a_hundred_pages_are_named_and_all_are_counted() {
        let paths: Vec<String> = (0..250).map(|n| format!("/{n}/")).collect();
        let questions = [asked(Read::Tags, "old", &paths.iter().map(String::as_str).collect::<Vec<_>>())];
        let impact = compose(1, &questions, &[after(Read::Tags, "new")].into(), &at(None, Some("/zzz/")));
        assert_eq!((impact.total, impact.pages.len()), (251, NAMED));
        assert_eq!(told(&impact)[0], ("/zzz/", Effect::New, "this post"));
    }
}
