//! Sightings: when people and programs were last here. No page reads any of it.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{Command, Txn};
use crate::{
    content::error::StoreError,
    model::{session, token, user},
};

/// How long a sighting is good, in milliseconds: whoever stays is not written down at every step.
pub const GOOD_FOR: i64 = 60_000;

/// Who came since the last time.
#[derive(Clone, Debug, Default)]
pub struct NoteSightings {
    /// Hashes of the secrets of sessions.
    pub sessions: HashSet<String>,
    pub tokens: HashSet<Uuid>,
}

impl Command for NoteSightings {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let now = Expr::value(txn.now);
        let known = session::Column::TokenHash.is_in(&self.sessions);
        let users: Vec<Uuid> = session::Entity::find()
            .select_only()
            .column(session::Column::UserId)
            .filter(known.clone())
            .into_tuple()
            .all(txn.db())
            .await?;
        let sessions = session::Entity::update_many().col_expr(session::Column::LastSeen, now.clone()).filter(known);
        sessions.exec(txn.db()).await?;
        let users = user::Entity::update_many()
            .col_expr(user::Column::LastSeen, now.clone())
            .filter(user::Column::Id.is_in(users));
        users.exec(txn.db()).await?;
        let tokens = token::Entity::update_many()
            .col_expr(token::Column::LastUsed, now)
            .filter(token::Column::Id.is_in(self.tokens));
        tokens.exec(txn.db()).await?;
        Ok(())
    }
}
