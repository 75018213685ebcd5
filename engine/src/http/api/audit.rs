//! What was done to the site, and by whom.

use actix_web::{
    get,
    web::{Data, Json},
};

use super::engine::look;
use crate::{
    content::library::{self, AuditLine, ListQuery, PageOf},
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::Params,
        problem::Outcome,
    },
};

/// The latest first.
#[utoipa::path(tag = "audit", params(ListQuery), responses((status = 200, body = PageOf<AuditLine>)))]
#[get("/audit")]
pub async fn list_audit(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<AuditLine>>> {
    caller.may(Can::ManagePeople)?;
    look(&desk, move |db| async move { library::audit(&db, &query).await }).await.map(Json)
}
