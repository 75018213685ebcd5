//! What readers find. No page may hang on it: whoever asks makes it for one reader, so it is no read and has no tags.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Tags, cards};
use crate::{
    content::{
        read::Card,
        search::{
            Query, ranked,
            snippet::{self, Part},
        },
    },
    model::post,
};

/// One page of what was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// On all pages; of very many only the newest count ([`crate::content::search::MOST`]).
    pub total: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub card: Arc<Card>,
    /// Where the words stand in the text, or its beginning.
    pub snippet: Vec<Part>,
}

/// Published posts and pages with these words.
pub async fn search<C: ConnectionTrait>(db: &C, text: &str, page: u32, limit: u32) -> Result<Found, DbErr> {
    let query = Query::parse(text);
    let offset = u64::from(page.max(1) - 1) * u64::from(limit);
    let (ids, total) = ranked(db, &query, offset, limit.into()).await?;
    let texts: Vec<(Uuid, String)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Plain])
        .filter(post::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let texts: HashMap<Uuid, String> = texts.into_iter().collect();
    let cards = cards::of(db, &ids, &mut Tags::new()).await?;
    let hit = |card: Card| {
        let snippet = snippet::of(texts.get(&card.id).map_or("", String::as_str), &query);
        Hit { card: Arc::new(card), snippet }
    };
    Ok(Found { hits: cards.into_iter().map(hit).collect(), total })
}
