//! Previews: the page that a post would have. It is made like any other, but apart: it reads and leaves nothing that
//! readers' pages are made of, and what comes out is of a type that the cache does not take.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use actix::{Handler, Message};
use bytes::Bytes;

use crate::content::{
    permalink::Permalinks,
    read::{Answer, Answered, Claim, Key, Post, Read},
};

use super::{
    RenderError,
    answers::Answers,
    inner::Inner,
    key::PageKey,
    page,
    renderer::{LONGEST, Renderer, Workshop, guarded},
    scope::Scope,
    stage::Stage,
};

/// Make a page that nobody but whoever holds a link to it is shown.
#[derive(Clone, Debug, Message)]
#[rtype(result = "Result<Previewed, RenderError>")]
pub struct Preview {
    pub stage: Arc<Stage>,
    pub shown: Shown,
}

#[derive(Clone, Debug)]
pub enum Shown {
    /// The page that this post would have if it were published now.
    Post(Arc<Post>),
    /// What is published, with a stage that readers do not see (yet).
    Page(PageKey),
}

/// A page for whoever holds a link to it.
#[derive(Clone, Debug)]
pub struct Previewed {
    pub status: u16,
    pub content_type: String,
    pub location: Option<String>,
    pub body: Bytes,
}

/// A post laid over what is published, for one render.
#[derive(Clone, Debug)]
pub struct Draft {
    post: Arc<Post>,
    /// Where it would be read.
    home: String,
}

impl Draft {
    fn of(post: Arc<Post>, permalinks: &Permalinks) -> Self {
        Self { home: permalinks.post(&*post), post }
    }

    /// What a question about the post or its place would be answered with; `None` for every other.
    pub fn answer(&self, read: &Read) -> Option<Arc<Answered>> {
        let card = &self.post.card;
        let answer = match read {
            Read::Post { kind, by: Key::Slug(slug) } if *kind == card.kind && *slug == card.slug => self.found(),
            Read::Post { kind, by: Key::Id(id) } if *kind == card.kind && *id == card.id => self.found(),
            // Whatever led elsewhere from there would end.
            Read::At { path } if *path == self.home => {
                Answer::At(card.path.is_some().then_some(Claim::Post { id: card.id, kind: card.kind }))
            }
            _ => return None,
        };
        // Nobody compares it.
        Some(Arc::new(Answered { answer, tags: Default::default(), span: Default::default() }))
    }

    fn found(&self) -> Answer {
        Answer::Post(Some(self.post.clone()))
    }
}

impl Handler<Preview> for Renderer {
    type Result = Result<Previewed, RenderError>;

    fn handle(&mut self, Preview { stage, shown }: Preview, _: &mut Self::Context) -> Self::Result {
        guarded(&self.0.runtime, || self.0.preview(&stage, shown))
    }
}

impl Workshop {
    fn preview(&self, stage: &Arc<Stage>, shown: Shown) -> Result<Previewed, RenderError> {
        let id = self.renders.fetch_add(1, Ordering::Relaxed) + 1;
        let (key, draft) = match shown {
            Shown::Page(key) => (key, None),
            Shown::Post(post) => {
                let draft = Draft::of(post, &stage.theme.permalinks);
                (PageKey::of_path(&draft.home), Some(draft))
            }
        };
        let path = key.path().to_owned();
        let mut scope = Scope::new(&self.apart(), stage.clone(), path, id, self.snapshot()?, Instant::now() + LONGEST);
        scope.draft = draft;
        let (_, made) = scope.enter(|| page::make(stage, &key));
        let made = made?;
        Ok(Previewed {
            status: made.status,
            content_type: made.content_type,
            location: made.location,
            body: made.body.into(),
        })
    }

    /// The same workshop with nothing in it that others share.
    fn apart(&self) -> Self {
        Self {
            site_url: self.site_url.clone(),
            readers: self.readers.clone(),
            runtime: self.runtime.clone(),
            answers: Arc::new(Answers::default()),
            inner: Arc::new(Inner::default()),
            outbound: self.outbound.clone(),
            quarantine: self.quarantine.clone(),
            renders: Default::default(),
        }
    }
}
