//! Redirects that an editor or an import makes.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use serde_json::json;

use super::{Command, Txn, within};
use crate::{
    content::{error::StoreError, tag::CacheTag},
    model::redirect::{self, Origin},
};

/// Statuses that lead elsewhere.
const STATUSES: [i32; 4] = [301, 302, 307, 308];
const PATH: usize = 2_000;

/// Leads a path elsewhere, whatever it did before.
#[derive(Clone, Debug)]
pub struct PutRedirect {
    /// A path of this site.
    pub from: String,
    /// A path of this site, or the URL of another.
    pub to: String,
    pub status: i32,
}

impl Command for PutRedirect {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if !STATUSES.contains(&self.status) {
            return Err(StoreError::invalid("status", "Use 301 or 308 for good, 302 or 307 for a while."));
        }
        put(txn, &self.from, &self.to, self.status, Origin::Manual).await?;
        txn.audit("put", "redirect", &self.from, json!({ "to": self.to, "status": self.status })).await
    }
}

#[derive(Clone, Debug)]
pub struct DeleteRedirect {
    pub from: String,
}

impl Command for DeleteRedirect {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if redirect::Entity::delete_by_id(self.from.as_str()).exec(txn.db()).await?.rows_affected == 0 {
            return Err(StoreError::NotFound("redirect"));
        }
        txn.tag(CacheTag::path(&self.from));
        txn.audit("delete", "redirect", &self.from, json!({})).await
    }
}

/// Leads `from` to where `to` leads in the end, and what led to `from` too, so that nobody is sent twice.
pub(super) async fn put(txn: &mut Txn, from: &str, to: &str, status: i32, kind: Origin) -> Result<(), StoreError> {
    check_path("from", from)?;
    check_target(to)?;
    let beyond = redirect::Entity::find_by_id(to).one(txn.db()).await?;
    let to = beyond.map_or_else(|| to.to_owned(), |row| row.to_path);
    if to == from {
        // An import may name the path of a post among its aliases.
        return match kind {
            Origin::Import => Ok(()),
            Origin::Auto | Origin::Manual => Err(StoreError::invalid("to", "This would lead readers in a circle.")),
        };
    }
    let row = redirect::Model { from_path: from.into(), to_path: to.clone(), status, kind };
    if redirect::Entity::find_by_id(from).one(txn.db()).await?.as_ref() == Some(&row) {
        return Ok(());
    }
    for leading in redirect::Entity::find().filter(redirect::Column::ToPath.eq(from)).all(txn.db()).await? {
        txn.tag(CacheTag::path(&leading.from_path));
    }
    redirect::Entity::update_many()
        .col_expr(redirect::Column::ToPath, to.as_str().into())
        .filter(redirect::Column::ToPath.eq(from))
        .exec(txn.db())
        .await?;
    redirect::Entity::insert(redirect::ActiveModel {
        from_path: Set(from.into()),
        to_path: Set(to),
        status: Set(status),
        kind: Set(kind),
    })
    .on_conflict(
        OnConflict::column(redirect::Column::FromPath)
            .update_columns([redirect::Column::ToPath, redirect::Column::Status, redirect::Column::Kind])
            .to_owned(),
    )
    .exec_without_returning(txn.db())
    .await?;
    txn.tag(CacheTag::path(from));
    Ok(())
}

/// A path of this site: from its root, without query, fragment or empty segments.
pub(super) fn check_path(field: &str, path: &str) -> Result<(), StoreError> {
    within(field, path, PATH)?;
    let strange = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '?' | '#' | '\\');
    if !path.starts_with('/') || path.contains("//") || path.contains(strange) {
        return Err(StoreError::invalid(field, "Use a path such as /about/, without spaces, \"?\" or \"#\"."));
    }
    Ok(())
}

fn check_target(to: &str) -> Result<(), StoreError> {
    if to.starts_with("https://") || to.starts_with("http://") {
        return within("to", to, PATH);
    }
    check_path("to", to)
}
