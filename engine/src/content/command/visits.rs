//! What readers met: how often redirects were used, and where nothing was found. No page reads any of it.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Command, Txn};
use crate::{
    content::{ask, error::StoreError, rule::Rule},
    model::{
        missing,
        redirect::{self, Matching},
        redirect_hit,
    },
};

/// So many paths are remembered; of more, those that were asked for least and longest ago are forgotten.
pub const MOST_MISSING: u64 = 5_000;

/// Adds up what was counted since the last time.
#[derive(Clone, Debug, Default)]
pub struct CountVisits {
    /// Paths that led elsewhere, and how often.
    pub led: HashMap<String, u32>,
    /// Paths at which nothing was found.
    pub missed: HashMap<String, u32>,
}

impl Command for CountVisits {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        for (from, count) in self.by_redirect(txn).await? {
            let (hits, last_at) = (Set(count.into()), Set(txn.now));
            redirect_hit::Entity::insert(redirect_hit::ActiveModel { from_path: Set(from), hits, last_at })
                .on_conflict(
                    OnConflict::column(redirect_hit::Column::FromPath)
                        .value(redirect_hit::Column::Hits, Expr::col(("redirect_hit", "hits")).add(i64::from(count)))
                        .update_column(redirect_hit::Column::LastAt)
                        .to_owned(),
                )
                .exec_without_returning(txn.db())
                .await?;
        }
        let many = !self.missed.is_empty();
        for (path, count) in self.missed {
            let (hits, now) = (Set(count.into()), txn.now);
            missing::Entity::insert(missing::ActiveModel {
                path: Set(path),
                hits,
                first_at: Set(now),
                last_at: Set(now),
            })
            .on_conflict(
                OnConflict::column(missing::Column::Path)
                    .value(missing::Column::Hits, Expr::col(("missing", "hits")).add(i64::from(count)))
                    .update_column(missing::Column::LastAt)
                    .to_owned(),
            )
            .exec_without_returning(txn.db())
            .await?;
        }
        if many { forget(txn).await } else { Ok(()) }
    }
}

impl CountVisits {
    /// By the path or rule that led on: several paths may fall under one rule.
    async fn by_redirect(&self, txn: &Txn) -> Result<HashMap<String, u32>, StoreError> {
        let mut counted = HashMap::new();
        if self.led.is_empty() {
            return Ok(counted);
        }
        let rules = ask::rules(txn.db()).await?;
        for (path, count) in &self.led {
            let row = redirect::Entity::find_by_id(path.as_str()).one(txn.db()).await?;
            let exact = row.filter(|row| row.matching == Matching::Exact).map(|row| row.from_path);
            let from = exact.or_else(|| rules.lead(path).map(|led| led.rule.from.clone()));
            // Another spelling of a page's path leads on without a redirect.
            if let Some(from) = from {
                *counted.entry(from).or_default() += count;
            }
        }
        Ok(counted)
    }
}

/// Takes a path off the list of those at which nothing is found.
#[derive(Clone, Debug)]
pub struct ForgetMissing {
    pub path: String,
}

impl Command for ForgetMissing {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        match missing::Entity::delete_by_id(self.path).exec(txn.db()).await?.rows_affected {
            0 => Err(StoreError::NotFound("path")),
            _ => Ok(()),
        }
    }
}

/// What leads elsewhere from now on is missing no more.
pub(super) async fn found(txn: &Txn, from: &str) -> Result<(), StoreError> {
    missing::Entity::delete_by_id(from).exec(txn.db()).await?;
    let Ok(rule) = Rule::new(from, "", 308) else { return Ok(()) };
    if crate::content::rule::matching(from) != Matching::Exact {
        let rows: Vec<String> =
            missing::Entity::find().select_only().column(missing::Column::Path).into_tuple().all(txn.db()).await?;
        let found: Vec<_> = rows.into_iter().filter(|path| rule.covers(path)).collect();
        for paths in found.chunks(500) {
            let paths = paths.iter().map(String::as_str);
            missing::Entity::delete_many().filter(missing::Column::Path.is_in(paths)).exec(txn.db()).await?;
        }
    }
    Ok(())
}

async fn forget(txn: &Txn) -> Result<(), StoreError> {
    let many = missing::Entity::find().count(txn.db()).await?;
    if many <= MOST_MISSING {
        return Ok(());
    }
    let least: Vec<String> = missing::Entity::find()
        .select_only()
        .column(missing::Column::Path)
        .order_by_asc(missing::Column::Hits)
        .order_by_asc(missing::Column::LastAt)
        .limit(many - MOST_MISSING)
        .into_tuple()
        .all(txn.db())
        .await?;
    for paths in least.chunks(500) {
        let paths = paths.iter().map(String::as_str);
        missing::Entity::delete_many().filter(missing::Column::Path.is_in(paths)).exec(txn.db()).await?;
    }
    Ok(())
}
