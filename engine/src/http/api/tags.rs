//! Tags.

use actix_web::{
    HttpResponse, delete, get,
    http::StatusCode,
    patch, post,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    engine::{apply, change, document, look},
    impact::{Impact, foresee},
};
use crate::{
    content::{
        command::{
            merge::MergeTag,
            tag::{CreateTag, DeleteTag, UpdateTag},
        },
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

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// The tag that stays.
    into: Uuid,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MergeQuery {
    /// The tag that would stay; without it, the tag is deleted.
    into: Option<Uuid>,
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

/// What merging a tag into another, or deleting it, would change for readers. Nothing is changed by asking.
#[utoipa::path(tag = "tags", params(("id" = Uuid, Path), MergeQuery), responses((status = 200, body = Impact)))]
#[get("/tags/{id}/impact")]
pub async fn get_tag_impact(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Params(MergeQuery { into }): Params<MergeQuery>,
) -> Outcome<Json<Impact>> {
    let (id, who) = (*id, caller.may(Can::EditTerms)?);
    let impact = match into {
        Some(into) => foresee(&desk, who, None, MergeTag { id, into, expected: None }).await,
        None => foresee(&desk, who, None, DeleteTag { id, expected: None }).await,
    };
    impact.map(Json)
}

/// Posts that carry the tag carry the other instead, its page leads there, and it is gone. The other's new document.
#[utoipa::path(
    tag = "tags",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = Merge,
    responses((status = 200, body = TagDoc))
)]
#[post("/tags/{id}/merge")]
pub async fn merge_tag(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
    Body(Merge { into }): Body<Merge>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditTerms)?;
    let (id, expected) = (*id, version.needed()?);
    change(&desk, who, MergeTag { id, into, expected }, async || one(&desk, id).await).await?;
    let tag = one(&desk, into).await?;
    Ok(document(StatusCode::OK, tag.version, &tag))
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<TagDoc> {
    let found = look(desk, move |db| async move { library::tag(&db, id).await }).await?;
    found.ok_or_else(|| ApiError::from(StoreError::NotFound("tag")))
}
