//! Paths: which pages a theme has that nobody needs to visit first.

use crate::{
    content::{
        ask::AskError,
        change::Entity,
        read::{Answer, Fields, Filter, Key, Kind, Limit, Order, PageNumber, Read, Window},
    },
    theme::{
        manifest::{Params, Source},
        route::{NOT_FOUND, Route},
    },
};

use super::stage::Stage;

/// Posts are asked for this many at a time.
const AT_ONCE: u32 = 50_000;

/// Answers a question about content.
pub trait Ask: FnMut(Read) -> Result<Answer, AskError> {}
impl<F: FnMut(Read) -> Result<Answer, AskError>> Ask for F {}

/// Every path to prerender: fixed paths first, then each route's newest.
pub fn all(stage: &Stage, ask: impl Ask) -> Result<Vec<String>, AskError> {
    listed(stage, |route| route.prerender.count(), ask)
}

/// Every path that is known without following links, whatever is to be prerendered.
pub fn known(stage: &Stage, ask: impl Ask) -> Result<Vec<String>, AskError> {
    listed(stage, |_| usize::MAX, ask)
}

/// At most so many paths of each route; fixed paths first.
fn listed(stage: &Stage, most: impl Fn(&Route) -> usize, mut ask: impl Ask) -> Result<Vec<String>, AskError> {
    let mut fixed = Vec::new();
    let mut listed = Vec::new();
    for route in stage.theme.routes.iter().filter(|route| !route.is_dynamic() && most(route) > 0) {
        let paths = match &route.params {
            None => route.path.fill(|_| None).filter(|path| path != NOT_FOUND).into_iter().collect(),
            Some(Params::Table(rows)) => {
                rows.iter().filter_map(|row| route.path.fill(|name| row.get(name).map(String::as_str))).collect()
            }
            Some(Params::Source(source)) => of_source(stage, *source, &mut ask)?,
        };
        let into = if route.params.is_none() { &mut fixed } else { &mut listed };
        into.extend(paths.into_iter().take(most(route)));
    }
    fixed.append(&mut listed);
    Ok(fixed)
}

fn of_source(stage: &Stage, source: Source, ask: &mut impl Ask) -> Result<Vec<String>, AskError> {
    let permalinks = &stage.theme.permalinks;
    let read = match source {
        Source::Posts => return of_kind(stage, Kind::Post, ask),
        Source::Pages => return of_kind(stage, Kind::Page, ask),
        Source::Tags => Read::Tags,
        Source::Authors => Read::Authors,
    };
    Ok(match ask(read)? {
        Answer::Terms(terms) if source == Source::Tags => {
            terms.iter().map(|term| permalinks.tag(term.card.id, &term.card.slug)).collect()
        }
        Answer::Terms(terms) => terms.iter().map(|term| permalinks.author(term.card.id, &term.card.slug)).collect(),
        _ => Vec::new(),
    })
}

/// All posts, or all pages, the newest first.
fn of_kind(stage: &Stage, kind: Kind, ask: &mut impl Ask) -> Result<Vec<String>, AskError> {
    let mut paths = Vec::new();
    for page in 1.. {
        let window = Window {
            filter: Filter { kind, tag: None, author: None, featured: None },
            order: Order::NewestFirst,
            limit: Limit::Posts(AT_ONCE),
            page: PageNumber::FromFirst(page),
            fields: Fields::Dates,
        };
        let Answer::Dates(dates) = ask(Read::Posts(window))? else { break };
        paths.extend(dates.iter().map(|dated| stage.theme.permalinks.post(dated)));
        if dates.len() < AT_ONCE as usize {
            break;
        }
    }
    Ok(paths)
}

/// The pages of what has just appeared, as far as its route makes pages without a visitor.
pub fn born(stage: &Stage, entities: &[Entity], mut ask: impl Ask) -> Result<Vec<String>, AskError> {
    let eager =
        |route: Option<&Route>| route.is_some_and(|route| !route.freshness.is_dynamic() && route.prerender.count() > 0);
    let routes = &stage.theme.routes;
    let permalinks = &stage.theme.permalinks;
    let mut paths = Vec::new();
    for entity in entities {
        match entity {
            Entity::Post(id) => {
                for (kind, source) in [(Kind::Post, Source::Posts), (Kind::Page, Source::Pages)] {
                    if let Answer::Post(Some(post)) = ask(Read::Post { kind, by: Key::Id(*id) })?
                        && eager(routes.of(source))
                    {
                        paths.push(permalinks.post(&post.card));
                    }
                }
            }
            Entity::Tag(id) if eager(routes.of(Source::Tags)) => {
                if let Answer::Terms(terms) = ask(Read::Tags)? {
                    paths.extend(
                        terms
                            .iter()
                            .filter(|term| term.card.id == *id)
                            .map(|term| permalinks.tag(term.card.id, &term.card.slug)),
                    );
                }
            }
            Entity::Author(id) if eager(routes.of(Source::Authors)) => {
                if let Answer::Terms(terms) = ask(Read::Authors)? {
                    paths.extend(
                        terms
                            .iter()
                            .filter(|term| term.card.id == *id)
                            .map(|term| permalinks.author(term.card.id, &term.card.slug)),
                    );
                }
            }
            Entity::Tag(_) | Entity::Author(_) => {}
        }
    }
    Ok(paths)
}
