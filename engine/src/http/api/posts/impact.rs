//! What doing something with a post would change for readers.

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::one;
use crate::{
    content::{
        command::post::{Publish, Trash, Unpublish},
        read::{Key, Read},
    },
    http::{
        api::impact::{Impact, foresee},
        auth::{Caller, permit::Act},
        desk::Desk,
        input::Params,
        problem::Outcome,
    },
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ImpactQuery {
    #[serde(default)]
    action: Action,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    #[default]
    Publish,
    Unpublish,
    Trash,
}

/// Nothing is changed by asking.
#[utoipa::path(tag = "posts", params(("id" = Uuid, Path), ImpactQuery), responses((status = 200, body = Impact)))]
#[get("/posts/{id}/impact")]
pub async fn get_impact(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Params(query): Params<ImpactQuery>,
) -> Outcome<Json<Impact>> {
    let id = *id;
    let who = caller.may_on(&desk, id, Act::See).await?;
    let post = one(&desk, id).await?;
    let own = Some(Read::Post { kind: post.summary.kind, by: Key::Id(id) });
    let impact = match query.action {
        Action::Publish => foresee(&desk, who, own, Publish { id, expected: None }).await,
        Action::Unpublish => foresee(&desk, who, own, Unpublish { id, expected: None }).await,
        Action::Trash => foresee(&desk, who, own, Trash { id, expected: None }).await,
    };
    impact.map(Json)
}
