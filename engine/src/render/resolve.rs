//! Resolution: which route makes the page at a path, asked of live content before anything is rendered.

use minijinja::Error;

use crate::{
    content::read::{Answer, Card, Claim, Key, Kind, Read},
    theme::{
        manifest::{Params, Source},
        route::Route,
    },
};

use super::{
    question::Question,
    scope::{Ending, Scope, Subject},
};

/// What is to be done for a path.
#[derive(Debug)]
pub enum Resolved {
    Route { name: String, params: Vec<(String, String)> },
    End(Ending),
}

/// Whether a route's source knows the values that a path gives.
enum Known {
    Yes,
    No,
    /// The page lives at another address.
    Elsewhere(String),
}

/// Finds the page for the scope's path: what has claimed the path itself, then the routes, the most specific first.
pub fn resolve(scope: &mut Scope) -> Result<Resolved, Error> {
    let path = scope.path.clone();
    if let Some(resolved) = claimed(scope, &path)? {
        return Ok(resolved);
    }
    let stage = scope.stage.clone();
    let mut open = None;
    for (route, matched) in stage.theme.routes.matching(&path) {
        match known(scope, route, &matched.params)? {
            Known::Elsewhere(to) => return Ok(moved(to)),
            Known::Yes if matched.canonical => {
                return Ok(Resolved::Route { name: route.name.clone(), params: matched.params });
            }
            Known::Yes => {
                let value =
                    |name: &str| matched.params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
                if let Some(to) = route.path.fill(value) {
                    return Ok(moved(to));
                }
            }
            Known::No => {
                scope.uses(Question::Route(route.name.clone()));
                if route.dynamic_params && matched.canonical && open.is_none() {
                    open = Some(Resolved::Route { name: route.name.clone(), params: matched.params });
                }
            }
        }
    }
    let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    if !other.is_empty() && claimed(scope, &other)?.is_some() {
        return Ok(moved(other));
    }
    Ok(open.unwrap_or(Resolved::End(Ending::NotFound)))
}

fn moved(to: String) -> Resolved {
    Resolved::End(Ending::Redirect { to: super::address::encode(&to), status: 308 })
}

/// A post with a path of its own, or a redirect.
fn claimed(scope: &mut Scope, path: &str) -> Result<Option<Resolved>, Error> {
    let asked = scope.ask(Read::At { path: path.to_owned() })?;
    let Answer::At(Some(claim)) = &asked.answered.answer else { return Ok(None) };
    Ok(match claim {
        Claim::Redirect { to, status } => Some(Resolved::End(Ending::Redirect { to: to.clone(), status: *status })),
        Claim::Post { id, kind } => {
            let source = if *kind == Kind::Post { Source::Posts } else { Source::Pages };
            let asked = scope.ask(Read::Post { kind: *kind, by: Key::Id(*id) })?;
            let Answer::Post(Some(post)) = &asked.answered.answer else { return Ok(None) };
            scope.saw(&asked.sight, &["slug", "published_at", "primary_tag", "primary_author"]);
            scope.subject = Subject::Post(post.clone(), asked.sight);
            let stage = scope.stage.clone();
            stage
                .theme
                .routes
                .of(source)
                .map(|route| Resolved::Route { name: route.name.clone(), params: card_params(&post.card) })
        }
    })
}

/// The values that `params = "posts"` gives for one post.
fn card_params(card: &Card) -> Vec<(String, String)> {
    let day = super::time::iso(card.published_at);
    let part = |from: usize, to: usize| day.get(from..to).unwrap_or_default().to_owned();
    let first =
        |terms: &[crate::content::read::TermCard]| terms.first().map(|term| term.slug.clone()).unwrap_or_default();
    vec![
        ("slug".into(), card.slug.clone()),
        ("id".into(), card.id.to_string()),
        ("year".into(), part(0, 4)),
        ("month".into(), part(5, 7)),
        ("day".into(), part(8, 10)),
        ("primary_tag".into(), first(&card.tags)),
        ("primary_author".into(), first(&card.authors)),
    ]
}

fn known(scope: &mut Scope, route: &Route, params: &[(String, String)]) -> Result<Known, Error> {
    let value = |name: &str| params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let yes = |known: bool| if known { Known::Yes } else { Known::No };
    match &route.params {
        None => Ok(Known::Yes),
        Some(Params::Table(rows)) => {
            Ok(yes(rows.iter().any(|row| row.iter().all(|(key, own)| value(key) == Some(own.as_str())))))
        }
        Some(Params::Source(Source::Posts)) => post(scope, Kind::Post, value("slug"), value("id")),
        Some(Params::Source(Source::Pages)) => post(scope, Kind::Page, value("slug"), value("id")),
        Some(Params::Source(source @ (Source::Tags | Source::Authors))) => {
            let Some(slug) = value("slug").map(str::to_owned) else { return Ok(Known::No) };
            let tag = *source == Source::Tags;
            let asked = scope.ask(if tag { Read::Tag { slug } } else { Read::Author { slug } })?;
            let Answer::Term(Some(term)) = &asked.answered.answer else { return Ok(Known::No) };
            let term = term.clone();
            scope.subject = if tag { Subject::Tag(term, asked.sight) } else { Subject::Author(term, asked.sight) };
            Ok(Known::Yes)
        }
    }
}

fn post(scope: &mut Scope, kind: Kind, slug: Option<&str>, id: Option<&str>) -> Result<Known, Error> {
    let by = match (slug, id.and_then(|id| uuid::Uuid::parse_str(id).ok())) {
        (Some(slug), _) => Key::Slug(slug.to_owned()),
        (None, Some(id)) => Key::Id(id),
        (None, None) => return Ok(Known::No),
    };
    let asked = scope.ask(Read::Post { kind, by })?;
    let Answer::Post(Some(post)) = &asked.answered.answer else { return Ok(Known::No) };
    scope.saw(&asked.sight, &["url"]);
    let home = scope.stage.theme.permalinks.post(&post.card);
    if home.trim_end_matches('/') != scope.path.trim_end_matches('/') {
        return Ok(Known::Elsewhere(home));
    }
    scope.subject = Subject::Post(post.clone(), asked.sight);
    Ok(Known::Yes)
}
