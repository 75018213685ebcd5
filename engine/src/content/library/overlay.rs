//! What an editor last typed, laid over what is live, with tags and authors by name.

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::LibraryError;
use crate::{
    content::{command::post::Draft, read::TermCard},
    model::{expiry, post_author, post_tag, working_copy},
};

/// The working copies, ends and terms of some posts.
pub(super) struct Overlay {
    pub(super) copies: HashMap<Uuid, Draft>,
    /// When they are taken back.
    pub(super) ends: HashMap<Uuid, i64>,
    tags_of: HashMap<Uuid, Vec<Uuid>>,
    authors_of: HashMap<Uuid, Vec<Uuid>>,
    tags: HashMap<Uuid, TermCard>,
    authors: HashMap<Uuid, TermCard>,
}

impl Overlay {
    pub(super) async fn of<C: ConnectionTrait>(db: &C, posts: &[Uuid]) -> Result<Self, LibraryError> {
        let ids = || posts.iter().copied();
        let mut copies = HashMap::new();
        for row in working_copy::Entity::find().filter(working_copy::Column::PostId.is_in(ids())).all(db).await? {
            copies.insert(row.post_id, serde_json::from_value::<Draft>(row.payload)?);
        }
        let ends = expiry::Entity::find().filter(expiry::Column::PostId.is_in(ids())).all(db).await?;
        let ends = ends.into_iter().map(|row| (row.post_id, row.at)).collect();
        let mut tags_of: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        let links = post_tag::Entity::find().filter(post_tag::Column::PostId.is_in(ids()));
        for link in links.order_by_asc(post_tag::Column::Position).all(db).await? {
            tags_of.entry(link.post_id).or_default().push(link.tag_id);
        }
        let mut authors_of: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        let links = post_author::Entity::find().filter(post_author::Column::PostId.is_in(ids()));
        for link in links.order_by_asc(post_author::Column::Position).all(db).await? {
            authors_of.entry(link.post_id).or_default().push(link.author_id);
        }
        for (id, copy) in &copies {
            tags_of.insert(*id, copy.tags.clone());
            authors_of.insert(*id, copy.authors.clone());
        }
        let (tags, authors) = (cards(db, "tag", &tags_of).await?, cards(db, "author", &authors_of).await?);
        Ok(Self { copies, ends, tags_of, authors_of, tags, authors })
    }

    pub(super) fn tags(&self, post: Uuid) -> Vec<TermCard> {
        named(&self.tags, self.tags_of.get(&post))
    }

    pub(super) fn authors(&self, post: Uuid) -> Vec<TermCard> {
        named(&self.authors, self.authors_of.get(&post))
    }
}

/// The cards of these ids, in their order.
pub(super) fn named(cards: &HashMap<Uuid, TermCard>, ids: Option<&Vec<Uuid>>) -> Vec<TermCard> {
    ids.into_iter().flatten().filter_map(|id| cards.get(id).cloned()).collect()
}

/// The cards of all terms that posts name.
pub(super) async fn cards<C: ConnectionTrait>(
    db: &C,
    table: &'static str,
    of: &HashMap<Uuid, Vec<Uuid>>,
) -> Result<HashMap<Uuid, TermCard>, DbErr> {
    let ids: HashSet<Uuid> = of.values().flatten().copied().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let query =
        Query::select().columns(["id", "name", "slug"]).from(table).and_where(Expr::col("id").is_in(ids)).to_owned();
    let rows = db.query_all(&query).await?;
    rows.iter()
        .map(|row| {
            let (id, name, slug) = row.try_get_many_by_index::<(Uuid, String, String)>()?;
            Ok((id, TermCard { id, name, slug }))
        })
        .collect()
}
