//! A post's history: looked at, added to, gone back to.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, Json, Path},
};
use uuid::Uuid;

use super::{answer, one, tell};
use crate::{
    content::{
        command::post::{GoBack, KeepRevision},
        error::StoreError,
        library::{self, ListQuery, PageOf, RevisionDoc, RevisionSummary},
    },
    http::{
        api::engine::{change, look},
        auth::{Caller, permit::Act},
        desk::Desk,
        input::{IfMatch, Params},
        problem::Outcome,
    },
};

/// The versions that were kept, the newest first.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ListQuery),
    responses((status = 200, body = PageOf<RevisionSummary>))
)]
#[get("/posts/{id}/revisions")]
pub async fn list_revisions(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<RevisionSummary>>> {
    let id = *id;
    caller.may_on(&desk, id, Act::See).await?;
    look(&desk, move |db| async move { library::revisions(&db, id, &query).await }).await.map(Json)
}

/// Keeps the post as its editor sees it now. A version that is kept already stays as it is.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = RevisionDoc))
)]
#[post("/posts/{id}/revisions")]
pub async fn keep_revision(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
) -> Outcome<HttpResponse> {
    let (id, expected) = (*id, version.if_sent());
    let who = caller.may_on(&desk, id, Act::Save).await?;
    let kept = change(&desk, who, KeepRevision { id, expected }, async || one(&desk, id).await).await?.output;
    Ok(HttpResponse::Created().json(revision(&desk, id, kept).await?))
}

#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("version" = i64, Path)),
    responses((status = 200, body = RevisionDoc))
)]
#[get("/posts/{id}/revisions/{version}")]
pub async fn get_revision(desk: Data<Desk>, caller: Caller, path: Path<(Uuid, i64)>) -> Outcome<Json<RevisionDoc>> {
    let (id, version) = *path;
    caller.may_on(&desk, id, Act::See).await?;
    revision(&desk, id, version).await.map(Json)
}

/// Makes a kept version the working copy. What the editor sees now is kept first, and readers see nothing of it until
/// it is published.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("version" = i64, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = crate::content::library::EditorPost))
)]
#[post("/posts/{id}/revisions/{version}/restore")]
pub async fn restore_revision(
    desk: Data<Desk>,
    caller: Caller,
    path: Path<(Uuid, i64)>,
    version: IfMatch,
) -> Outcome<HttpResponse> {
    let ((id, to), expected) = (*path, version.if_sent());
    let who = caller.may_on(&desk, id, Act::Save).await?;
    change(&desk, who, GoBack { id, expected, to }, async || one(&desk, id).await).await?;
    let post = one(&desk, id).await?;
    tell(&desk, &post);
    Ok(answer(StatusCode::OK, &post))
}

async fn revision(desk: &Desk, id: Uuid, version: i64) -> Outcome<RevisionDoc> {
    let found = look(desk, move |db| async move { library::revision(&db, id, version).await }).await?;
    Ok(found.ok_or(StoreError::NotFound("revision"))?)
}
