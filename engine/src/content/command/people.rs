//! Users, their sessions and tokens. Readers see none of it.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Command, Txn, author, within};
use crate::{
    content::error::StoreError,
    model::{
        session, token,
        user::{self, Role},
    },
};

const LINE: usize = 200;
/// What a token may be allowed.
const SCOPES: [&str; 3] = ["admin", "content:read", "revalidate"];

/// Makes a user with a profile as an author.
#[derive(Clone, Debug)]
pub struct CreateUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
}

impl Command for CreateUser {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        let email = checked_email(txn, &self.email).await?;
        within("name", &self.name, LINE)?;
        let mut row = user::Model {
            id: Uuid::now_v7(),
            email,
            name: self.name.trim().into(),
            role: self.role,
            password_hash: self.password_hash,
            author_id: None,
            created_at: txn.now,
            last_seen: None,
            suspended_at: None,
        };
        let id = row.id;
        row.author_id = Some(author::of_user(txn, &row).await?);
        let detail = json!({ "email": row.email, "role": row.role });
        user::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(txn.db()).await?;
        txn.audit("create", "user", id, detail).await?;
        Ok(id)
    }
}

/// The address as it is kept, when nobody has it yet.
pub(super) async fn checked_email(txn: &Txn, email: &str) -> Result<String, StoreError> {
    let email = email.trim().to_lowercase();
    let parts = email.split_once('@');
    if !parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !email.contains(char::is_whitespace)) {
        return Err(StoreError::invalid("email", "Use an address such as ada@example.org."));
    }
    within("email", &email, LINE)?;
    match user::Entity::find().filter(user::Column::Email.eq(&email)).one(txn.db()).await? {
        Some(_) => Err(StoreError::EmailTaken(email)),
        None => Ok(email),
    }
}

/// Gives a user another password; whoever was signed in with the old one is not any more.
#[derive(Clone, Debug)]
pub struct SetPassword {
    pub user: Uuid,
    pub password_hash: String,
    /// The session that stays: that of whoever changes their own, by the hash of its secret.
    pub but: Option<String>,
}

impl Command for SetPassword {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let user = user::Entity::find_by_id(self.user).one(txn.db()).await?.ok_or(StoreError::NotFound("user"))?;
        let mut user = user.into_active_model();
        user.password_hash = Set(self.password_hash);
        user.update(txn.db()).await?;
        EndSessions { user: self.user, which: Which::AllBut(self.but) }.run(txn).await?;
        txn.audit("password", "user", self.user, json!({})).await
    }
}

/// Signs a browser in.
#[derive(Clone, Debug)]
pub struct StartSession {
    pub token_hash: String,
    pub user: Uuid,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
    pub user_agent: String,
}

impl Command for StartSession {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let user = user::Entity::find_by_id(self.user).one(txn.db()).await?.ok_or(StoreError::NotFound("user"))?;
        let mut user = user.into_active_model();
        user.last_seen = Set(Some(txn.now));
        user.update(txn.db()).await?;
        session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(txn.now)).exec(txn.db()).await?;
        session::Entity::insert(session::ActiveModel {
            token_hash: Set(self.token_hash),
            user_id: Set(self.user),
            created_at: Set(txn.now),
            expires_at: Set(self.expires_at),
            user_agent: Set(self.user_agent.chars().take(LINE).collect()),
            last_seen: Set(Some(txn.now)),
        })
        .exec_without_returning(txn.db())
        .await?;
        txn.audit("sign in", "user", self.user, json!({})).await
    }
}

/// Lets a browser stay signed in for longer.
#[derive(Clone, Debug)]
pub struct ProlongSession {
    pub token_hash: String,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
}

impl Command for ProlongSession {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        session::Entity::update_many()
            .col_expr(session::Column::ExpiresAt, self.expires_at.into())
            .filter(session::Column::TokenHash.eq(self.token_hash))
            .exec(txn.db())
            .await?;
        Ok(())
    }
}

/// Signs a browser out; one that is signed out already stays so.
#[derive(Clone, Debug)]
pub struct EndSession {
    pub token_hash: String,
}

impl Command for EndSession {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        session::Entity::delete_by_id(self.token_hash).exec(txn.db()).await?;
        Ok(())
    }
}

/// Some of somebody's sessions, by the hashes of their secrets.
#[derive(Clone, Debug)]
pub enum Which {
    AllBut(Option<String>),
    /// Those whose hash begins so.
    Beginning(String),
}

/// Signs browsers out; how many those were.
#[derive(Clone, Debug)]
pub struct EndSessions {
    pub user: Uuid,
    pub which: Which,
}

impl Command for EndSessions {
    type Output = u64;

    async fn run(self, txn: &mut Txn) -> Result<u64, StoreError> {
        let own = session::Entity::delete_many().filter(session::Column::UserId.eq(self.user));
        let meant = match self.which {
            Which::AllBut(None) => own,
            Which::AllBut(Some(hash)) => own.filter(session::Column::TokenHash.ne(hash)),
            Which::Beginning(hash) => own.filter(session::Column::TokenHash.starts_with(hash)),
        };
        Ok(meant.exec(txn.db()).await?.rows_affected)
    }
}

/// Lets a program use the API.
#[derive(Clone, Debug)]
pub struct CreateToken {
    pub name: String,
    /// Of the secret.
    pub hash: String,
    pub scopes: Vec<String>,
    /// In whose name it acts.
    pub user: Option<Uuid>,
    /// Milliseconds since the epoch.
    pub expires_at: Option<i64>,
}

impl Command for CreateToken {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        within("name", &self.name, LINE)?;
        if self.name.trim().is_empty() {
            return Err(StoreError::invalid("name", "Give the token a name, such as what uses it."));
        }
        if self.scopes.is_empty() || self.scopes.iter().any(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(StoreError::invalid("scopes", format!("Use at least one of {}.", SCOPES.join(", "))));
        }
        let id = Uuid::now_v7();
        token::Entity::insert(token::ActiveModel {
            id: Set(id),
            name: Set(self.name.clone()),
            hash: Set(self.hash),
            scopes: Set(json!(self.scopes)),
            user_id: Set(self.user),
            created_at: Set(txn.now),
            last_used: Set(None),
            expires_at: Set(self.expires_at),
        })
        .exec_without_returning(txn.db())
        .await?;
        txn.audit("create", "token", id, json!({ "name": self.name, "scopes": self.scopes })).await?;
        Ok(id)
    }
}

/// Takes a token back.
#[derive(Clone, Copy, Debug)]
pub struct RevokeToken {
    pub id: Uuid,
}

impl Command for RevokeToken {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if token::Entity::delete_by_id(self.id).exec(txn.db()).await?.rows_affected == 0 {
            return Err(StoreError::NotFound("token"));
        }
        txn.audit("revoke", "token", self.id, json!({})).await
    }
}
