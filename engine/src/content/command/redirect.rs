//! Redirects that an editor or an import makes.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{ExprTrait, OnConflict},
};
use serde_json::json;

use super::{Command, Txn, visits, within};
use crate::{
    content::{
        ask,
        error::StoreError,
        rule::{GONE, Rule, Rules, matching},
        tag::CacheTag,
    },
    model::{
        redirect::{self, Matching, Origin},
        redirect_hit,
    },
};

/// Statuses that lead elsewhere, and the one that leads nowhere.
const STATUSES: [u16; 5] = [301, 302, 307, 308, GONE];
const PATH: usize = 2_000;
/// So many rules are gone through where nothing is found.
const MOST_RULES: u64 = 500;

/// Leads a path elsewhere, whatever it did before; or all below a folder (`/old/*`), or all of a form (`/{year}/{slug}/`).
#[derive(Clone, Debug)]
pub struct PutRedirect {
    /// A path of this site.
    pub from: String,
    /// A path of this site, or the URL of another; empty with status 410.
    pub to: String,
    pub status: u16,
}

impl Command for PutRedirect {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        put_by_hand(txn, &self).await?;
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
        redirect_hit::Entity::delete_by_id(self.from.as_str()).exec(txn.db()).await?;
        announce(txn, &self.from);
        txn.audit("delete", "redirect", &self.from, json!({})).await
    }
}

pub(super) async fn put_by_hand(txn: &mut Txn, new: &PutRedirect) -> Result<(), StoreError> {
    let PutRedirect { from, to, status } = new;
    if !STATUSES.contains(status) {
        let message = "Use 301 or 308 for good, 302 or 307 for a while, 410 for what is gone.";
        return Err(StoreError::invalid("status", message));
    }
    if (*status == GONE) != to.is_empty() {
        let message = "Say where it leads, or use status 410 and leave this empty.";
        return Err(StoreError::invalid("to", message));
    }
    match matching(from) {
        _ if *status == GONE && matching(from) == Matching::Exact => gone(txn, from, Origin::Manual).await?,
        Matching::Exact => put(txn, from, to, (*status).into(), Origin::Manual).await?,
        Matching::Prefix | Matching::Pattern => put_rule(txn, new).await?,
    }
    visits::found(txn, from).await
}

async fn put_rule(txn: &mut Txn, PutRedirect { from, to, status }: &PutRedirect) -> Result<(), StoreError> {
    check_path("from", from)?;
    if *status != GONE {
        check_target(to)?;
    }
    let rule = Rule::new(from, to, *status).map_err(|(field, message)| StoreError::invalid(field, message))?;
    let before = redirect::Entity::find_by_id(from.as_str()).one(txn.db()).await?;
    let rules = redirect::Entity::find().filter(redirect::Column::Matching.ne(Matching::Exact));
    if before.is_none() && rules.count(txn.db()).await? >= MOST_RULES {
        return Err(StoreError::WrongState("There are 500 rules already. Delete one, or join some into one pattern."));
    }
    let row = row(from, to, (*status).into(), Origin::Manual);
    if before.as_ref() == Some(&row) {
        return Ok(());
    }
    write(txn, row).await?;
    let rules: Rules = ask::rules(txn.db()).await?;
    if rule.example().is_some_and(|path| !rules.ends(&path)) {
        return Err(StoreError::invalid("to", "This would lead readers in a circle."));
    }
    announce(txn, from);
    Ok(())
}

/// Leads `from` to where `to` leads in the end, and what led to `from` too, so that nobody is sent twice.
pub(super) async fn put(txn: &mut Txn, from: &str, to: &str, status: i32, kind: Origin) -> Result<(), StoreError> {
    check_path("from", from)?;
    check_target(to)?;
    let beyond = redirect::Entity::find_by_id(to).one(txn.db()).await?;
    let beyond = beyond.filter(|row| row.matching == Matching::Exact && row.status != i32::from(GONE));
    let to = beyond.map_or_else(|| to.to_owned(), |row| row.to_path);
    if to == from {
        // An import may name the path of a post among its aliases.
        return match kind {
            Origin::Import => Ok(()),
            Origin::Auto | Origin::Manual => Err(StoreError::invalid("to", "This would lead readers in a circle.")),
        };
    }
    let row = row(from, &to, status, kind);
    if redirect::Entity::find_by_id(from).one(txn.db()).await?.as_ref() == Some(&row) {
        return Ok(());
    }
    let leading = redirect::Column::ToPath.eq(from).and(redirect::Column::Matching.eq(Matching::Exact));
    for leading in redirect::Entity::find().filter(leading.clone()).all(txn.db()).await? {
        txn.tag(CacheTag::path(&leading.from_path));
    }
    redirect::Entity::update_many()
        .col_expr(redirect::Column::ToPath, to.as_str().into())
        .filter(leading)
        .exec(txn.db())
        .await?;
    write(txn, row).await?;
    announce(txn, from);
    Ok(())
}

/// Says that what was at a path is gone for good.
pub(super) async fn gone(txn: &mut Txn, path: &str, kind: Origin) -> Result<(), StoreError> {
    check_path("from", path)?;
    write(txn, row(path, "", GONE.into(), kind)).await?;
    announce(txn, path);
    Ok(())
}

fn row(from: &str, to: &str, status: i32, kind: Origin) -> redirect::Model {
    redirect::Model { from_path: from.into(), to_path: to.into(), status, kind, matching: matching(from) }
}

async fn write(txn: &Txn, row: redirect::Model) -> Result<(), StoreError> {
    redirect::Entity::insert(redirect::ActiveModel {
        from_path: Set(row.from_path),
        to_path: Set(row.to_path),
        status: Set(row.status),
        kind: Set(row.kind),
        matching: Set(row.matching),
    })
    .on_conflict(
        OnConflict::column(redirect::Column::FromPath)
            .update_columns([redirect::Column::ToPath, redirect::Column::Status, redirect::Column::Kind])
            .to_owned(),
    )
    .exec_without_returning(txn.db())
    .await?;
    Ok(())
}

/// A path leads elsewhere than before, or all that the rules are for.
fn announce(txn: &mut Txn, from: &str) {
    txn.tag(match matching(from) {
        Matching::Exact => CacheTag::path(from),
        Matching::Prefix | Matching::Pattern => CacheTag::redirects(),
    });
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
        within("to", to, PATH)?;
        return match to.contains(|c: char| c.is_control() || c.is_whitespace()) {
            true => Err(StoreError::invalid("to", "An address has no spaces in it.")),
            false => Ok(()),
        };
    }
    check_path("to", to)
}
