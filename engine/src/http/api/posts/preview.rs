//! Preview links: made, and taken back.

use actix_web::{
    HttpResponse, delete, post,
    web::{Data, Json, Path},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::one;
use crate::{
    content::{
        command::preview::{RevokePreviews, SharePreview},
        time::Time,
    },
    http::{
        api::engine::apply,
        auth::{
            Caller,
            permit::{Act, Can},
        },
        desk::Desk,
        preview::Link,
        problem::{ApiError, Outcome},
    },
    render::address,
};

#[derive(Debug, Serialize, ToSchema)]
struct PreviewLink {
    /// Whoever has it sees the post, as it is in the editor when they look, on the page that it would have.
    url: String,
    expires_at: Time,
}

/// Makes a link that shows the post to whoever has it, published or not, for a week or until it is revoked.
#[utoipa::path(tag = "posts", params(("id" = Uuid, Path)), responses((status = 200, body = PreviewLink)))]
#[post("/posts/{id}/preview")]
pub async fn share_preview(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<Json<PreviewLink>> {
    let id = *id;
    caller.may_on(&desk, id, Act::See).await?;
    // A key is written: a token for reading does not suffice.
    let who = caller.may(Can::Write)?;
    let key = apply(&desk, who, SharePreview { id }).await?.output;
    let path = one(&desk, id).await?.summary.url;
    let link = Link::new(id, Time::now().0);
    let query = link.query(&key).ok_or_else(|| ApiError::internal("the key of a post's previews is damaged"))?;
    let url = format!("{}{}{query}", desk.site_url, address::encode(&path));
    Ok(Json(PreviewLink { url, expires_at: Time(link.expires_at) }))
}

/// Ends every preview link of the post.
#[utoipa::path(tag = "posts", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/posts/{id}/preview")]
pub async fn revoke_previews(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    let id = *id;
    caller.may_on(&desk, id, Act::See).await?;
    let who = caller.may(Can::Write)?;
    apply(&desk, who, RevokePreviews { id }).await?;
    Ok(HttpResponse::NoContent().finish())
}
