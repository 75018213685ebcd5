//! Invitations: a link with which somebody makes an account of their own.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{
    Command, Txn,
    people::{CreateUser, checked_email},
};
use crate::{
    content::error::StoreError,
    model::{invitation, user::Role},
};

/// Asks somebody to join. Asking again takes the earlier link back.
#[derive(Clone, Debug)]
pub struct Invite {
    pub email: String,
    pub role: Role,
    /// Of the secret in the link.
    pub hash: String,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
}

impl Command for Invite {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        let email = checked_email(txn, &self.email).await?;
        invitation::Entity::delete_many().filter(invitation::Column::Email.eq(&email)).exec(txn.db()).await?;
        let id = Uuid::now_v7();
        let detail = json!({ "email": email, "role": self.role });
        invitation::Entity::insert(invitation::ActiveModel {
            id: Set(id),
            email: Set(email),
            role: Set(self.role),
            hash: Set(self.hash),
            invited_by: Set(txn.actor.user()),
            created_at: Set(txn.now),
            expires_at: Set(self.expires_at),
        })
        .exec_without_returning(txn.db())
        .await?;
        txn.audit("invite", "user", id, detail).await?;
        Ok(id)
    }
}

/// Takes an invitation back.
#[derive(Clone, Copy, Debug)]
pub struct WithdrawInvitation {
    pub id: Uuid,
}

impl Command for WithdrawInvitation {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if invitation::Entity::delete_by_id(self.id).exec(txn.db()).await?.rows_affected == 0 {
            return Err(StoreError::NotFound("invitation"));
        }
        txn.audit("withdraw", "invitation", self.id, json!({})).await
    }
}

/// Makes the account that an invitation is for. Works once.
#[derive(Clone, Debug)]
pub struct AcceptInvitation {
    pub hash: String,
    pub name: String,
    pub password_hash: String,
}

impl Command for AcceptInvitation {
    /// The user's id.
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        let open = invitation::Entity::find()
            .filter(invitation::Column::Hash.eq(self.hash))
            .filter(invitation::Column::ExpiresAt.gt(txn.now));
        let invited = open.one(txn.db()).await?.ok_or(StoreError::NotFound("invitation"))?;
        if self.name.trim().is_empty() {
            return Err(StoreError::invalid("name", "Say what you are called."));
        }
        invitation::Entity::delete_by_id(invited.id).exec(txn.db()).await?;
        let (name, password_hash) = (self.name, self.password_hash);
        CreateUser { email: invited.email, name, role: invited.role, password_hash }.run(txn).await
    }
}
