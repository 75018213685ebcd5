//! Mentions: where posts name something by an address or an id that is another from now on.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::stored::Stored;
use crate::{
    content::{
        command::Txn,
        error::StoreError,
        library::{contains, holding, uses_of},
    },
    model::{post, post_revision, working_copy},
};

/// How many posts and pages show a file or lead to it.
pub(in crate::content::command) async fn mentions(txn: &Txn, url: &str) -> Result<u64, StoreError> {
    Ok(post::Entity::find().filter(uses_of(url)).count(txn.db()).await?)
}

/// Has everything that named a file by one URL name it by another.
pub(in crate::content::command) async fn rename_mentions(
    txn: &mut Txn,
    from: &str,
    to: &str,
) -> Result<(), StoreError> {
    let in_text = contains(post::Column::Markdown.into_expr(), from);
    let texts = Condition::any().add(in_text).add(post::Column::FeatureImage.eq(from));
    for row in post::Entity::find().filter(texts).all(txn.db()).await? {
        let stored = Stored::of(txn, row).await?;
        let copy = working_copy::Entity::find_by_id(stored.row.id).one(txn.db()).await?;
        stored.turn(txn, stored.row.status, renamed(&stored.draft, from, to)?).await?;
        // It is no new version of the text: what an editor has not published yet stays.
        if let Some(copy) = copy {
            working_copy::Entity::insert(copy.into_active_model().reset_all()).exec_without_returning(txn.db()).await?;
        }
    }
    rewrite_drafts(txn, from, |draft| renamed(draft, from, to)).await
}

/// Rewrites the working copies and the kept versions that hold this text.
pub(in crate::content::command) async fn rewrite_drafts(
    txn: &Txn,
    text: &str,
    rewrite: impl Fn(&Value) -> Result<Value, StoreError>,
) -> Result<(), StoreError> {
    for copy in working_copy::Entity::find().filter(holding("payload", text)).all(txn.db()).await? {
        let payload = rewrite(&copy.payload)?;
        let mut copy = copy.into_active_model();
        copy.payload = Set(payload);
        copy.update(txn.db()).await?;
    }
    for kept in post_revision::Entity::find().filter(holding("snapshot", text)).all(txn.db()).await? {
        let snapshot = rewrite(&kept.snapshot)?;
        let mut kept = kept.into_active_model();
        kept.snapshot = Set(snapshot);
        kept.update(txn.db()).await?;
    }
    Ok(())
}

/// A draft with another URL; as JSON no character of one is written in another way.
fn renamed<T: Serialize, U: DeserializeOwned>(draft: &T, from: &str, to: &str) -> Result<U, StoreError> {
    Ok(serde_json::from_str(&serde_json::to_string(draft)?.replace(from, to))?)
}
