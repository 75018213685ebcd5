//! Merging a tag into another: what carried the one carries the other, and the one is gone.

use std::collections::HashMap;

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Command, Txn, post, tag};
use crate::{
    content::{change::Entity, error::StoreError, tag::CacheTag},
    model::{post_tag, tag as row},
};

#[derive(Clone, Copy, Debug)]
pub struct MergeTag {
    pub id: Uuid,
    pub into: Uuid,
    pub expected: Option<i64>,
}

impl Command for MergeTag {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let Self { id, into, expected } = self;
        if id == into {
            return Err(StoreError::invalid("into", "Choose another tag to merge this one into."));
        }
        let before = tag::find(txn, id, expected).await?;
        let after = row::Entity::find_by_id(into).one(txn.db()).await?;
        let after = after.ok_or_else(|| StoreError::invalid("into", "This tag does not exist any more."))?;
        let named = txn.permalinks.post.names_primary_tag();
        let carriers = post::paths(txn, named, &tag::carriers(&before.slug)).await?;

        carry(txn, id, into).await?;
        // What is not published yet, and what is gone back to, would lose the tag.
        post::rewrite_drafts(txn, &id.to_string(), |draft| Ok(merged(draft, id, into))).await?;
        row::Entity::delete_by_id(id).exec(txn.db()).await?;
        post::recount(txn, into).await?;
        for tag in [&before, &after] {
            tag::announce(txn, tag);
            txn.tag(CacheTag::posts_of_tag(tag.id));
        }
        txn.born(Entity::Tag(into));
        if before.posts > 0 {
            let (from, to) = (txn.permalinks.tag(id, &before.slug), txn.permalinks.tag(into, &after.slug));
            post::moved(txn, &from, &to).await?;
        }
        post::follow(txn, carriers).await?;
        txn.audit("merge", "tag", id, json!({ "name": before.name, "into": after.name })).await
    }
}

/// Whoever carried both carries the second where the first of them stood.
async fn carry(txn: &Txn, id: Uuid, into: Uuid) -> Result<(), StoreError> {
    let of = |tag: Uuid| post_tag::Entity::find().filter(post_tag::Column::TagId.eq(tag)).all(txn.db());
    let mut both: HashMap<Uuid, post_tag::Model> = of(into).await?.into_iter().map(|row| (row.post_id, row)).collect();
    for row in of(id).await? {
        let Some(other) = both.remove(&row.post_id) else { continue };
        post_tag::Entity::delete_by_id((row.post_id, id)).exec(txn.db()).await?;
        if row.position < other.position {
            let mut other = other.into_active_model();
            other.position = Set(row.position);
            other.update(txn.db()).await?;
        }
    }
    post_tag::Entity::update_many()
        .col_expr(post_tag::Column::TagId, into.into())
        .filter(post_tag::Column::TagId.eq(id))
        .exec(txn.db())
        .await?;
    Ok(())
}

/// A draft that carries the second tag where it carried the first, and once.
fn merged(draft: &Value, id: Uuid, into: Uuid) -> Value {
    let (id, into) = (json!(id), json!(into));
    let mut draft = draft.clone();
    if let Some(tags) = draft.get_mut("tags").and_then(Value::as_array_mut) {
        let mut merged: Vec<Value> = Vec::with_capacity(tags.len());
        for tag in tags.drain(..) {
            let tag = if tag == id { into.clone() } else { tag };
            if !merged.contains(&tag) {
                merged.push(tag);
            }
        }
        *tags = merged;
    }
    draft
}
