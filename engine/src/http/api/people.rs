//! Users and tokens: who may sign in, and which programs may act in whose name.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{self, Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::{apply, look};
use crate::{
    content::{
        command::{
            membership::{RemoveUser, UpdateUser},
            people::{CreateToken, CreateUser, RevokeToken, SetPassword},
            second_factor::RemoveSecondFactor,
        },
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

/// What is different about somebody from now on; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserPatch {
    name: Option<String>,
    role: Option<Role>,
    /// Ends all their sessions.
    password: Option<String>,
    /// Suspending somebody ends their sessions; they cannot come in, nor can their tokens, until they are let back in.
    suspended: Option<bool>,
    /// Only `false` is possible: takes it off, for somebody who has lost both app and recovery codes.
    second_factor: Option<bool>,
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
    let password_hash = hash(password).await?;
    let id = apply(&desk, who, CreateUser { email, name, role, password_hash }).await?.output;
    Ok(HttpResponse::Created().json(one(&desk, id).await?))
}

/// Owners are changed by owners.
#[utoipa::path(
    tag = "people",
    params(("id" = Uuid, Path)),
    request_body = UserPatch,
    responses((status = 200, body = UserDoc))
)]
#[patch("/users/{id}")]
pub async fn update_user(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Body(patch): Body<UserPatch>,
) -> Outcome<Json<UserDoc>> {
    let (id, who) = (*id, caller.may(Can::ManagePeople)?);
    let UserPatch { name, role, password, suspended, second_factor } = patch;
    if second_factor == Some(true) {
        let message = "Everybody turns it on for themselves, under Your account.";
        return Err(StoreError::invalid("second_factor", message).into());
    }
    // Under Account they show that it is them; here a browser that somebody left open would be enough.
    if who.user() == Some(id) && (password.is_some() || second_factor.is_some()) {
        return Err(StoreError::WrongState("Change how you sign in yourself under Your account.").into());
    }
    if one(&desk, id).await?.role == Role::Owner || role == Some(Role::Owner) {
        caller.may(Can::MakeOwners)?;
    }
    if let Some(password) = password {
        let password_hash = hash(password).await?;
        apply(&desk, who, SetPassword { user: id, password_hash, but: None }).await?;
    }
    if second_factor.is_some() {
        apply(&desk, who, RemoveSecondFactor { user: id }).await?;
    }
    if name.is_some() || role.is_some() || suspended.is_some() {
        apply(&desk, who, UpdateUser { id, name, role, suspended }).await?;
    }
    one(&desk, id).await.map(Json)
}

/// They cannot sign in any more, and their tokens are refused. What they wrote stays.
#[utoipa::path(tag = "people", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/users/{id}")]
pub async fn remove_user(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    let (id, who) = (*id, caller.may(Can::ManagePeople)?);
    if one(&desk, id).await?.role == Role::Owner {
        caller.may(Can::MakeOwners)?;
    }
    apply(&desk, who, RemoveUser { id }).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<UserDoc> {
    let found = look(desk, move |db| async move { library::member(&db, id).await }).await?;
    Ok(found.ok_or(StoreError::NotFound("user"))?)
}

pub(super) async fn hash(password: String) -> Outcome<String> {
    let hashed = web::block(move || password::hash(&password)).await.map_err(ApiError::internal)?;
    Ok(hashed.map_err(|error| StoreError::invalid("password", error.to_string()))?)
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
