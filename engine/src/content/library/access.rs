//! Access: where somebody is signed in, their second factor, and who was invited.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::LibraryError;
use crate::{
    content::time::Time,
    model::{
        invitation, second_factor, session,
        user::{self, Role},
    },
};

/// Of the hash of a session's secret, so many characters name the session.
pub const SESSION_NAME: usize = 16;

/// A browser that is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionDoc {
    pub id: String,
    /// What the browser says it is.
    pub user_agent: String,
    pub created_at: Time,
    pub last_seen: Option<Time>,
    /// The one that asks.
    pub own: bool,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationDoc {
    pub id: Uuid,
    pub email: String,
    pub role: Role,
    /// Who invited them.
    pub invited_by: Option<Uuid>,
    pub created_at: Time,
    pub expires_at: Time,
}

/// Where somebody is signed in, the latest first. `own`: the hash of the secret of the session that asks.
pub async fn sessions<C: ConnectionTrait>(
    db: &C,
    user: Uuid,
    own: &str,
    now: i64,
) -> Result<Vec<SessionDoc>, LibraryError> {
    let all = session::Entity::find().filter(session::Column::UserId.eq(user));
    let rows = all.filter(session::Column::ExpiresAt.gt(now)).order_by_desc(session::Column::CreatedAt).all(db).await?;
    let doc = |row: session::Model| SessionDoc {
        id: row.token_hash.chars().take(SESSION_NAME).collect(),
        own: row.token_hash == own,
        user_agent: row.user_agent,
        created_at: Time(row.created_at),
        last_seen: row.last_seen.map(Time),
    };
    Ok(rows.into_iter().map(doc).collect())
}

/// Somebody's second factor, whether it is asked for yet or not.
pub async fn second_factor<C: ConnectionTrait>(
    db: &C,
    user: Uuid,
) -> Result<Option<second_factor::Model>, LibraryError> {
    Ok(second_factor::Entity::find_by_id(user).one(db).await?)
}

/// Whoever was invited and has not come, the latest first; also those whose link has expired.
pub async fn invitations<C: ConnectionTrait>(db: &C) -> Result<Vec<InvitationDoc>, LibraryError> {
    let rows = invitation::Entity::find().order_by_desc(invitation::Column::CreatedAt).all(db).await?;
    Ok(rows.into_iter().map(InvitationDoc::from).collect())
}

/// The invitation whose link has this secret, unless it has expired; and the name of whoever invited.
pub async fn invitation<C: ConnectionTrait>(
    db: &C,
    hash: &str,
    now: i64,
) -> Result<Option<(InvitationDoc, Option<String>)>, LibraryError> {
    let open = invitation::Entity::find().filter(invitation::Column::Hash.eq(hash));
    let Some(row) = open.filter(invitation::Column::ExpiresAt.gt(now)).one(db).await? else { return Ok(None) };
    let host = match row.invited_by {
        Some(id) => user::Entity::find_by_id(id).one(db).await?.map(|user| user.name),
        None => None,
    };
    Ok(Some((row.into(), host)))
}

impl From<invitation::Model> for InvitationDoc {
    fn from(row: invitation::Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            role: row.role,
            invited_by: row.invited_by,
            created_at: Time(row.created_at),
            expires_at: Time(row.expires_at),
        }
    }
}
