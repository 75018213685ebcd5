//! Resolution: which route makes the page at a path, asked of live content before anything is rendered.

use minijinja::Error;

use crate::{
    content::{
        read::{Answer, Card, Claim, Key, Kind, Read},
        rule::{GONE, Led, MOST_STEPS},
    },
    theme::{
        manifest::{Params, Source},
        route::Route,
    },
};

use super::{
    address,
    question::Question,
    scope::{Ending, Scope, Subject},
};

/// What is to be done for a path.
#[derive(Debug)]
pub enum Resolved {
    Route {
        name: String,
        params: Vec<(String, String)>,
    },
    /// The scope's subject as Markdown.
    Markdown,
    /// A picture of the scope's subject.
    Card,
    End(Ending),
}

/// Whether a route's source knows the values that a path gives.
enum Known {
    Yes,
    No,
    /// The page lives at another address.
    Elsewhere(String),
}

/// What stands at a path, redirects for many paths left aside.
enum There {
    Found(Resolved),
    /// The route whose template decides.
    Open(Resolved),
    Nothing,
}

/// Finds the page for the scope's path: what has claimed the path itself, then the routes, the most specific first, then
/// redirects for many paths.
pub fn resolve(scope: &mut Scope) -> Result<Resolved, Error> {
    let path = scope.path.clone();
    let open = match there(scope, &path)? {
        There::Found(resolved) => return Ok(resolved),
        There::Open(resolved) => resolved,
        There::Nothing => Resolved::End(Ending::NotFound),
    };
    Ok(ruled(scope, &path)?.map_or(open, Resolved::End))
}

/// Where the rules lead a path that nothing is at: in one step, whatever leads on from there. What never ends leads nowhere.
fn ruled(scope: &mut Scope, path: &str) -> Result<Option<Ending>, Error> {
    let asked = scope.ask(Read::Rules)?;
    let Answer::Rules(rules) = &asked.answered.answer else { return Ok(None) };
    let mut led: Option<(Led<'_>, String)> = None;
    for _ in 0..MOST_STEPS {
        let at = led.as_ref().map_or(path, |(_, to)| to.as_str()).to_owned();
        let there = match led {
            Some(_) if !at.starts_with('/') => None,
            Some(_) => Some(beyond(scope, &at)?),
            None => Some(There::Nothing),
        };
        let next = match there {
            Some(There::Found(Resolved::End(ending))) => return Ok(Some(ending)),
            Some(There::Open(_) | There::Nothing) => rules.lead(&at),
            Some(There::Found(_)) | None => None,
        };
        let Some(next) = next else {
            return Ok(led.map(|(last, _)| {
                let to = address::ascii(&last.to(address::encode));
                Ending::Redirect { to, status: last.rule.status }
            }));
        };
        if next.rule.status == GONE {
            return Ok(Some(Ending::Gone));
        }
        let to = next.to(str::to_owned);
        led = Some((next, to));
    }
    Ok(None)
}

/// What stands at another path than the page's own.
fn beyond(scope: &mut Scope, path: &str) -> Result<There, Error> {
    let subject = scope.subject.clone();
    let there = there(scope, path);
    scope.subject = subject;
    there
}

fn there(scope: &mut Scope, path: &str) -> Result<There, Error> {
    let open = match page(scope, path)? {
        There::Nothing => None,
        There::Open(resolved) => Some(resolved),
        found => return Ok(found),
    };
    for (post, beside) in [(address::of_markdown(path), Resolved::Markdown), (address::of_card(path), Resolved::Card)] {
        if let Some(post) = post
            && is_post(scope, post)?
        {
            return Ok(There::Found(beside));
        }
    }
    let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    if !other.is_empty() && claimed(scope, &other)?.is_some() {
        return Ok(There::Found(moved(other)));
    }
    Ok(open.map_or(There::Nothing, There::Open))
}

/// The page at a path, files beside pages left aside.
fn page(scope: &mut Scope, path: &str) -> Result<There, Error> {
    if let Some(resolved) = claimed(scope, path)? {
        return Ok(There::Found(resolved));
    }
    let stage = scope.stage.clone();
    let mut open = None;
    for (route, matched) in stage.theme.routes.matching(path) {
        match known(scope, route, path, &matched.params)? {
            Known::Elsewhere(to) => return Ok(There::Found(moved(to))),
            Known::Yes if matched.canonical => {
                return Ok(There::Found(Resolved::Route { name: route.name.clone(), params: matched.params }));
            }
            Known::Yes => {
                let value =
                    |name: &str| matched.params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
                if let Some(to) = route.path.fill(value) {
                    return Ok(There::Found(moved(to)));
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
    Ok(open.map_or(There::Nothing, There::Open))
}

/// Whether a post or page is read at this path; then it is the subject.
fn is_post(scope: &mut Scope, path: &str) -> Result<bool, Error> {
    let before = std::mem::take(&mut scope.subject);
    let found = page(scope, path)?;
    let home = match &scope.subject {
        Subject::Post(post, _) => scope.stage.theme.permalinks.post(&post.card),
        _ => String::new(),
    };
    let is = matches!(found, There::Found(Resolved::Route { .. })) && home == path;
    if !is {
        scope.subject = before;
    }
    Ok(is)
}

fn moved(to: String) -> Resolved {
    Resolved::End(Ending::Redirect { to: address::encode(&to), status: 308 })
}

/// A post with a path of its own, or a redirect.
fn claimed(scope: &mut Scope, path: &str) -> Result<Option<Resolved>, Error> {
    let asked = scope.ask(Read::At { path: path.to_owned() })?;
    let Answer::At(Some(claim)) = &asked.answered.answer else { return Ok(None) };
    Ok(match claim {
        Claim::Redirect { to, status } => {
            Some(Resolved::End(Ending::Redirect { to: address::ascii(to), status: *status }))
        }
        Claim::Gone => Some(Resolved::End(Ending::Gone)),
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

fn known(scope: &mut Scope, route: &Route, path: &str, params: &[(String, String)]) -> Result<Known, Error> {
    let value = |name: &str| params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let yes = |known: bool| if known { Known::Yes } else { Known::No };
    match &route.params {
        None => Ok(Known::Yes),
        Some(Params::Table(rows)) => {
            Ok(yes(rows.iter().any(|row| row.iter().all(|(key, own)| value(key) == Some(own.as_str())))))
        }
        Some(Params::Source(Source::Posts)) => post(scope, Kind::Post, path, value("slug"), value("id")),
        Some(Params::Source(Source::Pages)) => post(scope, Kind::Page, path, value("slug"), value("id")),
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

fn post(scope: &mut Scope, kind: Kind, path: &str, slug: Option<&str>, id: Option<&str>) -> Result<Known, Error> {
    let by = match (slug, id.and_then(|id| uuid::Uuid::parse_str(id).ok())) {
        (Some(slug), _) => Key::Slug(slug.to_owned()),
        (None, Some(id)) => Key::Id(id),
        (None, None) => return Ok(Known::No),
    };
    let asked = scope.ask(Read::Post { kind, by })?;
    let Answer::Post(Some(post)) = &asked.answered.answer else { return Ok(Known::No) };
    scope.saw(&asked.sight, &["url"]);
    let home = scope.stage.theme.permalinks.post(&post.card);
    if home.trim_end_matches('/') != path.trim_end_matches('/') {
        return Ok(Known::Elsewhere(home));
    }
    scope.subject = Subject::Post(post.clone(), asked.sight);
    Ok(Known::Yes)
}
