//! What can be done with a post: publish, unpublish, schedule, throw away, restore.

use std::time::Instant;

use actix_web::{
    HttpResponse, delete,
    http::StatusCode,
    post,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    answer, one,
    receipt::{Receipt, receipt},
    tell,
};
use crate::{
    content::{
        command::{
            Command, Who,
            post::{Publish, Restore, Schedule, ScheduleEnd, Trash, Unpublish},
        },
        error::StoreError,
        time::Time,
    },
    http::{
        api::engine::change,
        auth::{Caller, permit::Act},
        desk::Desk,
        input::{Body, IfMatch},
        problem::Outcome,
    },
};

/// What happens with a post, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Planned {
    /// A moment that has passed is due at once. With action `unpublish`, null takes the plan back.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    at: Option<Time>,
    #[serde(default)]
    action: PlannedAction,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PlannedAction {
    #[default]
    Publish,
    Unpublish,
}

/// Answers when no reader can get the old version any more, and for up to a second waits for the new pages.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Receipt))
)]
#[post("/posts/{id}/publish")]
pub async fn publish_post(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
) -> Outcome<Json<Receipt>> {
    let (id, expected) = (*id, version.if_sent());
    let who = caller.may_on(&desk, id, Act::Publish).await?;
    carry_out(&desk, who, id, Publish { id, expected }).await
}

/// Makes a draft of it again. Readers can never be given it once this has answered.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Receipt))
)]
#[post("/posts/{id}/unpublish")]
pub async fn unpublish_post(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
) -> Outcome<Json<Receipt>> {
    let (id, expected) = (*id, version.if_sent());
    let who = caller.may_on(&desk, id, Act::Publish).await?;
    carry_out(&desk, who, id, Unpublish { id, expected }).await
}

/// Has it published, or taken back, at a time to come. A post can have both plans.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    request_body = Planned,
    responses((status = 200, body = crate::content::library::EditorPost))
)]
#[post("/posts/{id}/schedule")]
pub async fn schedule_post(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
    Body(Planned { at, action }): Body<Planned>,
) -> Outcome<HttpResponse> {
    let (id, expected) = (*id, version.if_sent());
    let who = caller.may_on(&desk, id, Act::Publish).await?;
    let current = async || one(&desk, id).await;
    match (action, at.map(|time| time.0)) {
        (PlannedAction::Publish, Some(at)) => {
            change(&desk, who, Schedule { id, expected, at }, current).await?;
        }
        (PlannedAction::Publish, None) => {
            let what = "Say when. To take back that it will be published, unpublish it.";
            return Err(StoreError::invalid("at", what).into());
        }
        (PlannedAction::Unpublish, at) => {
            change(&desk, who, ScheduleEnd { id, expected, at }, current).await?;
        }
    }
    let post = one(&desk, id).await?;
    tell(&desk, &post);
    Ok(answer(StatusCode::OK, &post))
}

/// Puts it in the trash.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    responses((status = 200, body = Receipt))
)]
#[delete("/posts/{id}")]
pub async fn trash_post(desk: Data<Desk>, caller: Caller, id: Path<Uuid>, version: IfMatch) -> Outcome<Json<Receipt>> {
    let (id, expected) = (*id, version.needed()?);
    let who = caller.may_on(&desk, id, Act::Trash).await?;
    carry_out(&desk, who, id, Trash { id, expected }).await
}

/// Makes a draft of what is in the trash.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = crate::content::library::EditorPost))
)]
#[post("/posts/{id}/restore")]
pub async fn restore_post(desk: Data<Desk>, caller: Caller, id: Path<Uuid>, version: IfMatch) -> Outcome<HttpResponse> {
    let (id, expected) = (*id, version.if_sent());
    let who = caller.may_on(&desk, id, Act::Trash).await?;
    change(&desk, who, Restore { id, expected }, async || one(&desk, id).await).await?;
    let post = one(&desk, id).await?;
    tell(&desk, &post);
    Ok(answer(StatusCode::OK, &post))
}

async fn carry_out<C: Command>(desk: &Desk, who: Who, id: Uuid, command: C) -> Outcome<Json<Receipt>> {
    let began = Instant::now();
    let applied = change(desk, who, command, async || one(desk, id).await).await?;
    let post = one(desk, id).await?;
    tell(desk, &post);
    receipt(desk, applied.change.as_ref(), post, began).await.map(Json)
}
