//! Authors: the profiles under which posts appear.

use actix_web::{
    HttpResponse, delete, get,
    http::StatusCode,
    patch, post,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::{apply, change, document, look};
use crate::{
    content::{
        command::author::{CreateAuthor, DeleteAuthor, UpdateAuthor},
        error::StoreError,
        library::{self, AuthorDoc, ListQuery, PageOf},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, IfMatch, Params, given},
        problem::{ApiError, Outcome},
    },
};

/// A new author.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAuthor {
    name: String,
    /// Made from the name when it is left out.
    slug: Option<String>,
    bio: Option<String>,
    avatar: Option<String>,
}

/// Some fields of an author; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthorPatch {
    name: Option<String>,
    slug: Option<String>,
    bio: Option<String>,
    /// The URL of an image; `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    avatar: Option<Option<String>>,
}

/// By slug.
#[utoipa::path(tag = "authors", params(ListQuery), responses((status = 200, body = PageOf<AuthorDoc>)))]
#[get("/authors")]
pub async fn list_authors(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<AuthorDoc>>> {
    caller.may(Can::Read)?;
    look(&desk, move |db| async move { library::authors(&db, &query).await }).await.map(Json)
}

#[utoipa::path(tag = "authors", params(("id" = Uuid, Path)), responses((status = 200, body = AuthorDoc)))]
#[get("/authors/{id}")]
pub async fn get_author(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let author = one(&desk, *id).await?;
    Ok(document(StatusCode::OK, author.version, &author))
}

#[utoipa::path(tag = "authors", request_body = NewAuthor, responses((status = 201, body = AuthorDoc)))]
#[post("/authors")]
pub async fn create_author(desk: Data<Desk>, caller: Caller, Body(new): Body<NewAuthor>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let NewAuthor { name, slug, bio, avatar } = new;
    let id = apply(&desk, who, CreateAuthor { name, slug, bio, avatar }).await?.output;
    let author = one(&desk, id).await?;
    Ok(document(StatusCode::CREATED, author.version, &author))
}

#[utoipa::path(
    tag = "authors",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = AuthorPatch,
    responses((status = 200, body = AuthorDoc))
)]
#[patch("/authors/{id}")]
pub async fn update_author(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
    Body(patch): Body<AuthorPatch>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let (id, expected) = (*id, version.needed()?);
    let AuthorPatch { name, slug, bio, avatar } = patch;
    change(&desk, who, UpdateAuthor { id, expected, name, slug, bio, avatar }, async || one(&desk, id).await).await?;
    let author = one(&desk, id).await?;
    Ok(document(StatusCode::OK, author.version, &author))
}

/// Refused as long as posts name the author.
#[utoipa::path(
    tag = "authors",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 204))
)]
#[delete("/authors/{id}")]
pub async fn delete_author(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let (id, expected) = (*id, version.needed()?);
    change(&desk, who, DeleteAuthor { id, expected }, async || one(&desk, id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<AuthorDoc> {
    let found = look(desk, move |db| async move { library::author(&db, id).await }).await?;
    found.ok_or_else(|| ApiError::from(StoreError::NotFound("author")))
}
