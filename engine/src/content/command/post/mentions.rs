//! Mentions of a file of the library: in texts that readers see, in working copies, and in what was there before.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::stored::Stored;
use crate::{
    content::{command::Txn, error::StoreError},
    model::{
        post::{self, Status},
        post_revision, working_copy,
    },
};

/// How many posts and pages show a file or lead to it, live or in a working copy; the trash is left out.
pub(in crate::content::command) async fn mentions(txn: &Txn, url: &str) -> Result<u64, StoreError> {
    let copies = sea_orm::sea_query::Query::select()
        .column("post_id")
        .from("working_copy")
        .and_where(names(Expr::col("payload"), url))
        .to_owned();
    let uses = in_texts(url).add(post::Column::Id.in_subquery(copies));
    Ok(post::Entity::find().filter(uses).filter(post::Column::Status.ne(Status::Trashed)).count(txn.db()).await?)
}

/// Has everything that named a file by one URL name it by another.
pub(in crate::content::command) async fn rename_mentions(
    txn: &mut Txn,
    from: &str,
    to: &str,
) -> Result<(), StoreError> {
    for row in post::Entity::find().filter(in_texts(from)).all(txn.db()).await? {
        let stored = Stored::of(txn, row).await?;
        let copy = working_copy::Entity::find_by_id(stored.row.id).one(txn.db()).await?;
        stored.turn(txn, stored.row.status, renamed(&stored.draft, from, to)?).await?;
        // It is no new version of the text: what an editor has not published yet stays.
        if let Some(copy) = copy {
            working_copy::Entity::insert(copy.into_active_model().reset_all()).exec_without_returning(txn.db()).await?;
        }
    }
    for copy in working_copy::Entity::find().filter(names(Expr::col("payload"), from)).all(txn.db()).await? {
        let payload: Value = renamed(&copy.payload, from, to)?;
        let mut copy = copy.into_active_model();
        copy.payload = Set(payload);
        copy.update(txn.db()).await?;
    }
    for kept in post_revision::Entity::find().filter(names(Expr::col("snapshot"), from)).all(txn.db()).await? {
        let snapshot: Value = renamed(&kept.snapshot, from, to)?;
        let mut kept = kept.into_active_model();
        kept.snapshot = Set(snapshot);
        kept.update(txn.db()).await?;
    }
    Ok(())
}

fn in_texts(url: &str) -> Condition {
    let named = names(post::Column::Markdown.into_expr(), url);
    Condition::any().add(named).add(post::Column::FeatureImage.eq(url))
}

/// URLs of the library hold no character that has a meaning of its own here but the underscore, which means any.
fn names(text: impl ExprTrait, url: &str) -> SimpleExpr {
    text.cast_as("text").like(format!("%{url}%"))
}

/// What is stored as JSON, with another URL: in it no character of one is written in another way.
fn renamed<T: Serialize, U: DeserializeOwned>(stored: &T, from: &str, to: &str) -> Result<U, StoreError> {
    Ok(serde_json::from_str(&serde_json::to_string(stored)?.replace(from, to))?)
}
