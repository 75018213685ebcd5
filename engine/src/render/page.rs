//! The making of one page: resolve its path, run its template, and take down how the template ended.

use std::{io, time::Instant};

use minijinja::{Error, Value, context};

use crate::theme::route::{Freshness, NOT_FOUND, Route};

use super::{
    RenderError,
    key::PageKey,
    question::Question,
    resolve::{Resolved, resolve},
    scope::{self, Ending, Subject},
    stage::Stage,
};

/// The largest page, in bytes.
const LARGEST: usize = 16 << 20;

/// A page before it is encoded.
#[derive(Debug)]
pub struct Made {
    pub status: u16,
    pub content_type: String,
    pub location: Option<String>,
    pub body: Vec<u8>,
    pub route: String,
    pub freshness: Freshness,
}

/// Makes the page for `key`. Runs inside [`scope::Scope::enter`].
pub fn make(stage: &Stage, key: &PageKey) -> Result<Made, RenderError> {
    match scope::with(resolve)? {
        Resolved::End(ending) => end(stage, ending),
        Resolved::Route { name, params } => match stage.theme.routes.named(&name) {
            Some(route) => {
                let params = Value::from_pairs(params);
                let query = Value::from_pairs(key.query());
                match run(stage, route, params, query)? {
                    Ok(body) => Ok(made(route, if key.path() == NOT_FOUND { 404 } else { 200 }, body)),
                    Err(ending) => end(stage, ending),
                }
            }
            None => end(stage, Ending::NotFound),
        },
    }
}

fn end(stage: &Stage, ending: Ending) -> Result<Made, RenderError> {
    match ending {
        Ending::NotFound => not_found(stage),
        Ending::Fail(reason) => Err(RenderError::Failed(reason)),
        Ending::Redirect { to, status } => Ok(Made {
            status,
            content_type: "text/plain; charset=utf-8".into(),
            location: Some(to),
            body: Vec::new(),
            route: "redirect".into(),
            freshness: Freshness { revalidate: None, expire: crate::theme::manifest::YEAR },
        }),
    }
}

/// The theme's page for what was not found. What was read to find nothing is part of it, so that it ends when something appears.
fn not_found(stage: &Stage) -> Result<Made, RenderError> {
    scope::with(|scope| {
        scope.subject = Subject::Other;
        Ok(())
    })?;
    let Some((route, _)) = stage.theme.routes.matching(NOT_FOUND).next() else {
        return Err(RenderError::Failed("the theme has no route for /404".into()));
    };
    match run(stage, route, Value::from(()), Value::from(()))? {
        Ok(body) => Ok(made(route, 404, body)),
        Err(ending) => {
            Err(RenderError::Failed(format!("the template of /404 may not end itself, but did: {ending:?}")))
        }
    }
}

fn made(route: &Route, status: u16, body: Vec<u8>) -> Made {
    Made {
        status,
        content_type: route.content_type.clone(),
        location: None,
        body,
        route: route.name.clone(),
        freshness: route.freshness,
    }
}

/// Runs a route's template: its output, or how it ended itself.
fn run(stage: &Stage, route: &Route, params: Value, query: Value) -> Result<Result<Vec<u8>, Ending>, RenderError> {
    let (id, revision, deadline) = scope::with(|scope| {
        scope.uses(Question::Route(route.name.clone()));
        scope.uses(Question::Template(route.template.clone()));
        for tag in &route.tags {
            scope.add_tag(tag);
        }
        Ok((scope.id, scope.revision(), scope.deadline()))
    })?;
    let template = stage.templates.get_template(&route.template)?;
    let render = context! { id => id, revision => revision };
    let context = context! { params => params, query => query, render => render, route => route.name.as_str() };
    let mut output = Output { body: Vec::new(), deadline };
    let result = template.render_captured_to(context, &mut output).map(drop);
    match (result, scope::with(|scope| Ok(scope.ending.take()))?) {
        (_, Some(ending)) => Ok(Err(ending)),
        (Ok(()), None) => Ok(Ok(output.body)),
        (Err(error), None) => Err(explain(error, output.deadline)),
    }
}

fn explain(error: Error, deadline: Instant) -> RenderError {
    if Instant::now() > deadline { RenderError::Late } else { error.into() }
}

/// Takes a template's output, up to a size and a moment.
struct Output {
    body: Vec<u8>,
    deadline: Instant,
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.body.len() + bytes.len() > LARGEST {
            return Err(io::Error::other("the page is larger than 16 MiB"));
        }
        if Instant::now() > self.deadline {
            return Err(io::Error::other("the page took too long"));
        }
        self.body.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
