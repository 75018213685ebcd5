//! Ask: answers one read of published content, with the tags that can change the answer.
//!
//! Nothing here can give away what is not public: drafts, scheduled and trashed posts, and the tags and authors that
//! only they carry, do not exist for a read.

pub(super) mod cards;
mod list;
mod menu;
mod neighbours;
mod post;
mod related;
mod scope;
mod search;
mod site;
mod terms;

use std::{collections::BTreeSet, sync::Arc};

use sea_orm::{ConnectionTrait, DbErr};

use super::{
    read::{Answer, Answered, Read},
    span::Span,
    tag::CacheTag,
};

#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("the database did not answer: {0}")]
    Database(#[from] DbErr),
    #[error("what the database holds cannot be read: {0}")]
    Damaged(#[from] serde_json::Error),
}

type Tags = BTreeSet<CacheTag>;

pub use self::{
    search::{Found, Hit, search},
    site::rules,
};

pub async fn ask<C: ConnectionTrait>(db: &C, read: &Read) -> Result<Answered, AskError> {
    let (mut tags, mut span) = (Tags::new(), Span::default());
    let answer = match read {
        Read::Post { kind, by } => Answer::Post(post::one(db, *kind, by, &mut tags).await?),
        Read::Posts(window) => list::window(db, window, &mut tags, &mut span).await?,
        Read::Total(filter) => Answer::Total(list::total(db, filter, &mut tags).await?),
        Read::Around(window) => list::around(db, window, &mut tags, &mut span).await?,
        Read::Neighbours { id } => neighbours::of(db, *id, &mut tags, &mut span).await?,
        Read::Related { id, limit } => related::to(db, *id, *limit, &mut tags, &mut span).await?,
        Read::Source { id } => Answer::Source(post::source(db, *id, &mut tags).await?),
        Read::Tag { slug } => Answer::Term(terms::tag(db, slug, &mut tags).await?),
        Read::Tags => Answer::Terms(terms::tags(db, &mut tags).await?),
        Read::Author { slug } => Answer::Term(terms::author(db, slug, &mut tags).await?),
        Read::Authors => Answer::Terms(terms::authors(db, &mut tags).await?),
        Read::Menu { name } => Answer::Menu(menu::named(db, name, &mut tags).await?),
        Read::Setting { key } => Answer::Setting(site::setting(db, key, &mut tags).await?),
        Read::Rules => {
            tags.insert(CacheTag::redirects());
            Answer::Rules(Arc::new(site::rules(db).await?))
        }
        Read::At { path } => Answer::At(site::claim(db, path, &mut tags).await?),
    };
    Ok(Answered { answer, tags: Arc::new(tags), span })
}
