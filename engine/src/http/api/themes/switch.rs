//! The switch from one theme to another, and back.

use std::sync::Arc;

use actix_web::{
    HttpResponse, post,
    web::{self, Data, Path},
};

use super::{checked, unreadable};
use crate::{
    cache::keeper::{Abandon, Prepare, Ready, Replace, Switch, Switching},
    content::{
        command::{Who, theme::ActivateTheme},
        error::StoreError,
        library,
    },
    http::{
        api::engine::{apply, look},
        auth::{Caller, permit::Can},
        desk::Desk,
        problem::{ApiError, Outcome},
    },
    render::stage::Stage,
};

/// Gives readers this theme: it is checked, the whole site is rendered with it beside the one they see, and then all of it
/// takes the place of the old at once. `/events` and `GET /themes` say how far it is; when anything fails, nothing changes.
#[utoipa::path(tag = "themes", params(("id" = String, Path)), responses((status = 202, body = Switch)))]
#[post("/themes/{id}/activate")]
pub async fn activate_theme(desk: Data<Desk>, caller: Caller, id: Path<String>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    begin(&desk, who, id.into_inner()).await
}

/// Gives readers back the theme that they saw before the last switch.
#[utoipa::path(tag = "themes", responses((status = 202, body = Switch)))]
#[post("/themes/rollback")]
pub async fn roll_back_theme(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let chosen = look(&desk, |db| async move { library::chosen_theme(&db).await }).await?;
    let previous = chosen.previous.ok_or(StoreError::WrongState("There was no other theme before this one."))?;
    begin(&desk, who, previous).await
}

async fn begin(desk: &Desk, who: Who, id: String) -> Outcome<HttpResponse> {
    let files = desk.themes.files(&id).map_err(unreadable)?;
    let report = checked(desk, &files).await?;
    if !report.passes() {
        return Err(ApiError::ThemeRefused(Box::new(report)));
    }
    let themes = desk.themes.clone();
    let opened = web::block(move || themes.open(&id).and_then(Stage::build)).await.map_err(ApiError::internal)?;
    let stage = Arc::new(opened.map_err(unreadable)?);
    let prepared = desk.keeper.send(Prepare(stage.clone())).await.map_err(|_| ApiError::Stopping)?;
    let busy = "Another switch is under way. Wait until it is done.";
    let ready = prepared.ok_or(StoreError::WrongState(busy))?;
    let switch = desk.keeper.send(Switching).await.map_err(|_| ApiError::Stopping)?;
    let desk = desk.clone();
    desk.runtime.clone().spawn(async move { finish(&desk, who, &stage, ready.await.ok()).await });
    Ok(HttpResponse::Accepted().json(switch))
}

/// Keeps the choice first: after a crash in between, the next start has the new theme, whose pages are made.
async fn finish(desk: &Desk, who: Who, stage: &Arc<Stage>, ready: Option<Ready>) {
    let Some(Ok(())) = ready else { return };
    let previous = desk.pages.stage();
    let command = ActivateTheme { id: stage.theme.id.clone(), previous: previous.theme.id.clone() };
    if let Err(error) = apply(desk, who, command).await {
        desk.keeper.do_send(Abandon(format!("The choice could not be kept: {error}")));
        return;
    }
    // Before anybody gets pages of the new one: pages of the old are on their way to readers.
    desk.offstage.take(previous);
    if let Ok(Some(_)) = desk.keeper.send(Replace).await {
        desk.permalinks.store(Arc::new(stage.theme.permalinks.clone()));
        tracing::info!(theme = stage.theme.id, version = stage.theme.version, "readers see another theme");
    }
}
