//! Users, and who is behind a session or a token.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LibraryError, ListQuery, PageOf, has_words, page};
use crate::{
    content::time::Time,
    model::{
        second_factor, session, token,
        user::{self, Role},
    },
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserDoc {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// The profile of the user as an author.
    pub author_id: Option<Uuid>,
    pub created_at: Time,
    pub last_seen: Option<Time>,
    /// They may not come in for now.
    pub suspended: bool,
    /// The password alone does not let them in.
    pub second_factor: bool,
}

/// A token without its secret, which is shown once and stored nowhere.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TokenDoc {
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<String>,
    pub user_id: Option<Uuid>,
    pub created_at: Time,
    pub last_used: Option<Time>,
    pub expires_at: Option<Time>,
}

/// Somebody with a valid session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: session::Model,
    pub user: user::Model,
}

/// A program with a valid token, and the user it acts for.
#[derive(Clone, Debug)]
pub struct TokenHolder {
    pub token: TokenDoc,
    pub user: Option<user::Model>,
}

/// Whether the site has been set up: somebody can sign in.
pub async fn anybody<C: ConnectionTrait>(db: &C) -> Result<bool, LibraryError> {
    Ok(user::Entity::find().one(db).await?.is_some())
}

/// By address.
pub async fn users<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<UserDoc>, LibraryError> {
    let mut all = user::Entity::find();
    if let Some(found) = has_words(user::Column::Email.into_expr(), query.q.as_deref()) {
        all = all.filter(found);
    }
    let total = all.clone().count(db).await?;
    if let Some(email) = &query.cursor {
        all = all.filter(user::Column::Email.gt(email));
    }
    let rows = all.order_by_asc(user::Column::Email).limit(query.limit() + 1).all(db).await?;
    let guarded = second_factor::Entity::find().filter(second_factor::Column::Since.is_not_null());
    let guarded = guarded.select_only().column(second_factor::Column::UserId).into_tuple::<Uuid>().all(db).await?;
    let doc = |row: user::Model| {
        let second_factor = guarded.contains(&row.id);
        user_doc(row, second_factor)
    };
    Ok(page(rows, query.limit(), total, |row| row.email.clone(), doc))
}

/// With the hash of the password, for checking it.
pub async fn user_by_email<C: ConnectionTrait>(db: &C, email: &str) -> Result<Option<user::Model>, LibraryError> {
    let email = email.trim().to_lowercase();
    Ok(user::Entity::find().filter(user::Column::Email.eq(email)).one(db).await?)
}

pub async fn user<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<user::Model>, LibraryError> {
    Ok(user::Entity::find_by_id(id).one(db).await?)
}

/// Somebody as the list of users shows them.
pub async fn member<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<UserDoc>, LibraryError> {
    let Some(row) = user(db, id).await? else { return Ok(None) };
    let factor = second_factor::Entity::find_by_id(id).one(db).await?;
    Ok(Some(user_doc(row, factor.is_some_and(|factor| factor.since.is_some()))))
}

/// Whose session this is; nobody's once it has expired. `now` in milliseconds since the epoch.
pub async fn session<C: ConnectionTrait>(db: &C, token_hash: &str, now: i64) -> Result<Option<SignedIn>, LibraryError> {
    let row = session::Entity::find_by_id(token_hash).filter(session::Column::ExpiresAt.gt(now)).one(db).await?;
    let Some(session) = row else { return Ok(None) };
    let user = user(db, session.user_id).await?.filter(|user| user.suspended_at.is_none());
    Ok(user.map(|user| SignedIn { session, user }))
}

/// What a token allows, and in whose name; nothing once it has expired. `now` in milliseconds since the epoch.
pub async fn token<C: ConnectionTrait>(db: &C, hash: &str, now: i64) -> Result<Option<TokenHolder>, LibraryError> {
    let row = token::Entity::find().filter(token::Column::Hash.eq(hash)).one(db).await?;
    let Some(row) = row.filter(|row| row.expires_at.is_none_or(|at| at > now)) else { return Ok(None) };
    let user = match row.user_id {
        Some(id) => user(db, id).await?,
        None => None,
    };
    if user.as_ref().is_some_and(|user| user.suspended_at.is_some()) {
        return Ok(None);
    }
    Ok(Some(TokenHolder { token: token_doc(row)?, user }))
}

/// By when they were made.
pub async fn tokens<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<TokenDoc>, LibraryError> {
    let total = token::Entity::find().count(db).await?;
    let mut all = token::Entity::find();
    if let Some(cursor) = &query.cursor {
        let id: Uuid = cursor.parse().map_err(|_| LibraryError::BadCursor)?;
        all = all.filter(token::Column::Id.gt(id));
    }
    let rows = all.order_by_asc(token::Column::Id).limit(query.limit() + 1).all(db).await?;
    let docs = rows.into_iter().map(token_doc).collect::<Result<Vec<_>, _>>()?;
    Ok(page(docs, query.limit(), total, |doc| doc.id.to_string(), |doc| doc))
}

fn token_doc(row: token::Model) -> Result<TokenDoc, LibraryError> {
    Ok(TokenDoc {
        id: row.id,
        name: row.name,
        scopes: serde_json::from_value(row.scopes)?,
        user_id: row.user_id,
        created_at: Time(row.created_at),
        last_used: row.last_used.map(Time),
        expires_at: row.expires_at.map(Time),
    })
}

fn user_doc(row: user::Model, second_factor: bool) -> UserDoc {
    UserDoc {
        id: row.id,
        email: row.email,
        name: row.name,
        role: row.role,
        author_id: row.author_id,
        created_at: Time(row.created_at),
        last_seen: row.last_seen.map(Time),
        suspended: row.suspended_at.is_some(),
        second_factor,
    }
}
