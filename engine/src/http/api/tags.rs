//! Tags.

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
        command::tag::{CreateTag, DeleteTag, UpdateTag},
        error::StoreError,
        library::{self, ListQuery, PageOf, TagDoc},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, IfMatch, Params},
        problem::{ApiError, Outcome},
    },
};

/// A new tag.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTag {
    name: String,
    /// Made from the name when it is left out.
    slug: Option<String>,
    description: Option<String>,
}

/// Some fields of a tag; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TagPatch {
    name: Option<String>,
    slug: Option<String>,
    description: Option<String>,
}

/// By slug.
#[utoipa::path(tag = "tags", params(ListQuery), responses((status = 200, body = PageOf<TagDoc>)))]
#[get("/tags")]
pub async fn list_tags(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<TagDoc>>> {
    caller.may(Can::Read)?;
    look(&desk, move |db| async move { library::tags(&db, &query).await }).await.map(Json)
}

#[utoipa::path(tag = "tags", params(("id" = Uuid, Path)), responses((status = 200, body = TagDoc)))]
#[get("/tags/{id}")]
pub async fn get_tag(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let tag = one(&desk, *id).await?;
    Ok(document(StatusCode::OK, tag.version, &tag))
}

#[utoipa::path(tag = "tags", request_body = NewTag, responses((status = 201, body = TagDoc)))]
#[post("/tags")]
pub async fn create_tag(desk: Data<Desk>, caller: Caller, Body(new): Body<NewTag>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let NewTag { name, slug, description } = new;
    let id = apply(&desk, who, CreateTag { name, slug, description }).await?.output;
    let tag = one(&desk, id).await?;
    Ok(document(StatusCode::CREATED, tag.version, &tag))
}

#[utoipa::path(
    tag = "tags",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = TagPatch,
    responses((status = 200, body = TagDoc))
)]
#[patch("/tags/{id}")]
pub async fn update_tag(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
    Body(patch): Body<TagPatch>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let (id, expected) = (*id, version.needed()?);
    let TagPatch { name, slug, description } = patch;
    change(&desk, who, UpdateTag { id, expected, name, slug, description }, async || one(&desk, id).await).await?;
    let tag = one(&desk, id).await?;
    Ok(document(StatusCode::OK, tag.version, &tag))
}

/// Posts lose the tag and stay as they are.
#[utoipa::path(
    tag = "tags",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 204))
)]
#[delete("/tags/{id}")]
pub async fn delete_tag(desk: Data<Desk>, caller: Caller, id: Path<Uuid>, version: IfMatch) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let (id, expected) = (*id, version.needed()?);
    change(&desk, who, DeleteTag { id, expected }, async || one(&desk, id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<TagDoc> {
    let found = look(desk, move |db| async move { library::tag(&db, id).await }).await?;
    found.ok_or_else(|| ApiError::from(StoreError::NotFound("tag")))
}
