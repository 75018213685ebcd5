//! Users and tokens: who may sign in, and which programs may act in whose name.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{self, Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::{apply, look};
use crate::{
    content::{
        command::people::{CreateToken, CreateUser, RevokeToken},
        error::StoreError,
        library::{self, ListQuery, PageOf, TokenDoc, UserDoc},
        time::Time,
    },
    http::{
        auth::{
            Caller, password,
            permit::Can,
            secret::{self, TOKEN_PREFIX},
        },
        desk::Desk,
        input::{Body, Params},
        problem::{ApiError, Outcome},
    },
    model::user::Role,
};

/// Somebody who may sign in from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    email: String,
    name: String,
    role: Role,
    password: String,
}

/// A program that may act in the caller's name from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What uses it.
    name: String,
    /// `admin`, `content:read`, `revalidate`.
    scopes: Vec<String>,
    expires_at: Option<Time>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CreatedToken {
    id: Uuid,
    /// Shown this once.
    token: String,
}

/// By address.
#[utoipa::path(tag = "people", params(ListQuery), responses((status = 200, body = PageOf<UserDoc>)))]
#[get("/users")]
pub async fn list_users(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<UserDoc>>> {
    caller.may(Can::ManagePeople)?;
    look(&desk, move |db| async move { library::users(&db, &query).await }).await.map(Json)
}

#[utoipa::path(tag = "people", request_body = NewUser, responses((status = 201, body = UserDoc)))]
#[post("/users")]
pub async fn create_user(desk: Data<Desk>, caller: Caller, Body(new): Body<NewUser>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    if new.role == Role::Owner {
        caller.may(Can::MakeOwners)?;
    }
    let NewUser { email, name, role, password } = new;
    let hashed = web::block(move || password::hash(&password)).await.map_err(ApiError::internal)?;
    let password_hash = hashed.map_err(|error| StoreError::invalid("password", error.to_string()))?;
    let id = apply(&desk, who, CreateUser { email, name, role, password_hash }).await?.output;
    let user = look(&desk, move |db| async move { library::user(&db, id).await }).await?;
    Ok(HttpResponse::Created().json(user.map(UserDoc::from).ok_or(StoreError::NotFound("user"))?))
}

/// Without their secrets, which are kept nowhere.
#[utoipa::path(tag = "people", params(ListQuery), responses((status = 200, body = PageOf<TokenDoc>)))]
#[get("/tokens")]
pub async fn list_tokens(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<TokenDoc>>> {
    caller.may(Can::ManagePeople)?;
    look(&desk, move |db| async move { library::tokens(&db, &query).await }).await.map(Json)
}

#[utoipa::path(tag = "people", request_body = NewToken, responses((status = 201, body = CreatedToken)))]
#[post("/tokens")]
pub async fn create_token(desk: Data<Desk>, caller: Caller, Body(new): Body<NewToken>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    let token = format!("{TOKEN_PREFIX}{}", secret::random());
    let command = CreateToken {
        name: new.name,
        hash: secret::hash(&token),
        scopes: new.scopes,
        user: who.user(),
        expires_at: new.expires_at.map(|time| time.0),
    };
    let id = apply(&desk, who, command).await?.output;
    Ok(HttpResponse::Created().json(CreatedToken { id, token }))
}

#[utoipa::path(tag = "people", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/tokens/{id}")]
pub async fn revoke_token(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    apply(&desk, who, RevokeToken { id: *id }).await?;
    Ok(HttpResponse::NoContent().finish())
}
