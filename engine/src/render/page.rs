//! The making of one page: resolve its path, run its template, and take down how the template ended.

use std::{cell::Cell, io, time::Instant};

use minijinja::{Error, ErrorKind, Value, context};

use crate::theme::{
    manifest::YEAR,
    route::{Freshness, NOT_FOUND, Route},
};

use super::{
    RenderError, card,
    key::PageKey,
    markdown,
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

impl Made {
    /// A file beside a post's page, made of nothing but content.
    pub fn beside(route: &str, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type: content_type.into(),
            location: None,
            body,
            route: route.into(),
            freshness: Freshness { revalidate: None, expire: YEAR },
        }
    }
}

/// Makes the page for `key`. Runs inside [`scope::Scope::enter`].
pub fn make(stage: &Stage, key: &PageKey) -> Result<Made, RenderError> {
    match scope::with(resolve)? {
        Resolved::End(ending) => end(stage, ending),
        Resolved::Markdown => scope::with(markdown::make)?.map_or_else(|| end(stage, Ending::NotFound), Ok),
        Resolved::Card => scope::with(card::make)?.map_or_else(|| end(stage, Ending::NotFound), Ok),
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
        Ending::NotFound => nothing(stage, 404),
        Ending::Gone => nothing(stage, 410),
        Ending::Fail(reason) => Err(RenderError::Failed(reason)),
        Ending::Redirect { to, status } => Ok(Made {
            status,
            content_type: "text/plain; charset=utf-8".into(),
            location: Some(to),
            body: Vec::new(),
            route: "redirect".into(),
            freshness: Freshness { revalidate: None, expire: YEAR },
        }),
    }
}

/// The theme's page for where nothing is. What was read to find nothing is part of it, so that it ends when something appears.
fn nothing(stage: &Stage, status: u16) -> Result<Made, RenderError> {
    scope::with(|scope| {
        scope.subject = Subject::Other;
        // So that it is the same page for every address, and kept in memory once.
        scope.path = NOT_FOUND.to_owned();
        Ok(())
    })?;
    let Some((route, _)) = stage.theme.routes.matching(NOT_FOUND).next() else {
        return Err(RenderError::Failed("the theme has no route for /404".into()));
    };
    match run(stage, route, Value::from(()), Value::from(()))? {
        Ok(body) => Ok(made(route, status, body)),
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
    let mut output = Output { body: Vec::new(), deadline, ignored: 0 };
    OVER.set(None);
    let result = template.render_captured_to(context, &mut output).map(drop);
    match (result, scope::with(|scope| Ok(scope.ending.take()))?, OVER.get()) {
        (_, Some(ending), _) => Ok(Err(ending)),
        (Ok(()), None, None) => Ok(Ok(output.body)),
        (Ok(()), None, Some(problem)) => Err(RenderError::Template {
            file: route.template.clone(),
            line: 1,
            problem: problem.to_owned(),
            detail: String::new(),
            endless: problem == TOO_LARGE,
        }),
        (Err(error), None, over) => Err(match RenderError::from(error) {
            RenderError::Template { file, line, problem, detail, .. } if over == Some(TOO_LARGE) => {
                RenderError::Template { file, line, problem, detail, endless: true }
            }
            RenderError::Template { file, line, endless: false, .. } if Instant::now() > deadline => {
                RenderError::Late { file, line }
            }
            other => other,
        }),
    }
}

const TOO_LARGE: &str = "the page is larger than 16 MiB";
const TOO_LONG: &str = "the page took too long";

thread_local! {
    /// Why the output is not taken any more. An error of the output itself would not tell the template's line.
    static OVER: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// A template may write this often into nothing before it is ended all the same.
const PATIENCE: u32 = 100;

/// An error when what a template prints is not taken any more.
pub fn may_print() -> Result<(), Error> {
    OVER.get().map_or(Ok(()), |problem| Err(Error::new(ErrorKind::InvalidOperation, problem)))
}

/// Takes a template's output, up to a size and a moment.
struct Output {
    body: Vec<u8>,
    deadline: Instant,
    ignored: u32,
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.body.len() + bytes.len() > LARGEST {
            OVER.set(Some(TOO_LARGE));
        } else if Instant::now() > self.deadline {
            OVER.set(Some(TOO_LONG));
        }
        match OVER.get() {
            None => self.body.extend_from_slice(bytes),
            Some(problem) if self.ignored == PATIENCE => return Err(io::Error::other(problem)),
            Some(_) => self.ignored += 1,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
