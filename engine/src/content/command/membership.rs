//! Changing what users may do, and taking them out again.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Command, Txn,
    people::{EndSessions, Which},
    within,
};
use crate::{
    content::error::StoreError,
    model::{
        author, token,
        user::{self, Role},
    },
};

const LINE: usize = 200;

/// Changes what is given.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    pub id: Uuid,
    pub name: Option<String>,
    pub role: Option<Role>,
    /// Whether they may not come in for now. Suspending somebody ends their sessions; their tokens are refused meanwhile.
    pub suspended: Option<bool>,
}

impl Command for UpdateUser {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id).await?;
        let name = self.name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned());
        let role = self.role.unwrap_or(before.role);
        within("name", &name, LINE)?;
        if name.is_empty() {
            return Err(StoreError::invalid("name", "Say what they are called."));
        }
        let suspended = self.suspended.unwrap_or(before.suspended_at.is_some());
        if suspended && txn.actor.user() == Some(self.id) {
            return Err(StoreError::WrongState("You cannot suspend yourself. Ask another owner or administrator."));
        }
        if role != Role::Owner || suspended {
            keep_an_owner(txn, &before).await?;
        }
        let mut row = before.clone().into_active_model();
        if suspended != before.suspended_at.is_some() {
            row.suspended_at = Set(suspended.then_some(txn.now));
            let action = if suspended { "suspend" } else { "let back in" };
            txn.audit(action, "user", self.id, json!({ "name": name })).await?;
        }
        if suspended {
            EndSessions { user: self.id, which: Which::AllBut(None) }.run(txn).await?;
        }
        row.name = Set(name.clone());
        row.role = Set(role);
        row.update(txn.db()).await?;
        if name == before.name && role == before.role {
            return Ok(());
        }
        txn.audit("update", "user", self.id, json!({ "name": name, "role": role })).await
    }
}

/// Takes somebody out. What they wrote stays, under their profile as an author; their sessions and tokens end.
#[derive(Clone, Copy, Debug)]
pub struct RemoveUser {
    pub id: Uuid,
}

impl Command for RemoveUser {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let user = find(txn, self.id).await?;
        if txn.actor.user() == Some(self.id) {
            return Err(StoreError::WrongState("You cannot remove yourself. Ask another owner or administrator."));
        }
        keep_an_owner(txn, &user).await?;
        EndSessions { user: self.id, which: Which::AllBut(None) }.run(txn).await?;
        token::Entity::delete_many().filter(token::Column::UserId.eq(self.id)).exec(txn.db()).await?;
        author::Entity::update_many()
            .col_expr(author::Column::UserId, Expr::value(None::<Uuid>))
            .filter(author::Column::UserId.eq(self.id))
            .exec(txn.db())
            .await?;
        user::Entity::delete_by_id(self.id).exec(txn.db()).await?;
        txn.audit("remove", "user", self.id, json!({ "name": user.name, "email": user.email })).await
    }
}

async fn find(txn: &Txn, id: Uuid) -> Result<user::Model, StoreError> {
    user::Entity::find_by_id(id).one(txn.db()).await?.ok_or(StoreError::NotFound("user"))
}

/// Refuses to leave the site without anybody who may do everything.
async fn keep_an_owner(txn: &Txn, user: &user::Model) -> Result<(), StoreError> {
    let owners = user::Entity::find().filter(user::Column::Role.eq(Role::Owner));
    let owners = owners.filter(user::Column::SuspendedAt.is_null());
    if user.role == Role::Owner && user.suspended_at.is_none() && owners.count(txn.db()).await? == 1 {
        return Err(StoreError::WrongState("This is the only owner. Make somebody else an owner first."));
    }
    Ok(())
}
