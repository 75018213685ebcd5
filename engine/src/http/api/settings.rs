//! Settings of the site.

use actix_web::{HttpResponse, get, http::StatusCode, patch, web::Data};

use super::engine::{change, document, look};
use crate::{
    content::{
        command::settings::{PatchSettings, SettingsPatch},
        library::{self, SettingsDoc},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, IfMatch},
        problem::Outcome,
    },
};

#[utoipa::path(tag = "settings", responses((status = 200, body = SettingsDoc)))]
#[get("/settings")]
pub async fn get_settings(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let settings = current(&desk).await?;
    Ok(document(StatusCode::OK, settings.version, &settings))
}

#[utoipa::path(
    tag = "settings",
    params(("If-Match" = String, Header)),
    request_body = SettingsPatch,
    responses((status = 200, body = SettingsDoc))
)]
#[patch("/settings")]
pub async fn update_settings(
    desk: Data<Desk>,
    caller: Caller,
    version: IfMatch,
    Body(patch): Body<SettingsPatch>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let command = PatchSettings { expected: version.needed()?, patch };
    change(&desk, who, command, async || current(&desk).await).await?;
    let settings = current(&desk).await?;
    Ok(document(StatusCode::OK, settings.version, &settings))
}

pub(super) async fn current(desk: &Desk) -> Outcome<SettingsDoc> {
    look(desk, |db| async move { library::settings(&db).await }).await
}
