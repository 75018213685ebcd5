//! Themes: which there are, what they look like, what can be set for them, and which one readers see.

pub mod package;
pub mod preview;
pub mod settings;
pub mod switch;

use std::sync::Arc;

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    web::{self, Data, Json, Path},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::engine::{apply, look};
use crate::{
    cache::keeper::{Switch, Switching},
    content::{
        command::theme::NoteTheme,
        error::StoreError,
        library::{self, ChosenTheme},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        problem::{ApiError, Outcome},
    },
    render::{
        check::{Report, check},
        stage::Stage,
    },
    theme::{Theme, ThemeError, collection::Origin, files::Files, manifest::Manifest},
};

/// Pictures that a theme may have of itself.
const SCREENSHOTS: [&str; 3] = ["screenshot-desktop.webp", "screenshot-desktop.png", "screenshot.png"];

#[derive(Debug, Serialize, ToSchema)]
pub struct Themes {
    items: Vec<ThemeSummary>,
    /// What readers see.
    active: String,
    /// What a rollback goes back to.
    previous: Option<String>,
    /// The switch that is under way, or the last one since the start.
    switch: Option<Switch>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ThemeSummary {
    /// How it is chosen: the name of its folder.
    id: String,
    /// How it calls itself.
    name: String,
    version: String,
    description: String,
    license: String,
    origin: Origin,
    active: bool,
    screenshot: Option<String>,
    /// Why it cannot be read.
    problem: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeDetail {
    #[serde(flatten)]
    summary: ThemeSummary,
    /// Whether a site may be given it.
    passes: bool,
    findings: Report,
}

/// A theme by its id: the one that is served, or as its files are now.
async fn named(desk: &Desk, id: &str) -> Outcome<Named> {
    let stage = desk.pages.stage();
    if stage.theme.id == id {
        return Ok(Named::Served(stage));
    }
    let (themes, id) = (desk.themes.clone(), id.to_owned());
    let opened = web::block(move || themes.open(&id)).await.map_err(ApiError::internal)?;
    opened.map(|theme| Named::Other(Box::new(theme))).map_err(unreadable)
}

fn unreadable(error: ThemeError) -> ApiError {
    match error {
        ThemeError::Unknown { .. } => StoreError::NotFound("theme").into(),
        broken => ApiError::malformed(format!("This theme cannot be read: {broken}.")),
    }
}

enum Named {
    Served(Arc<Stage>),
    Other(Box<Theme>),
}

impl Named {
    fn theme(&self) -> &Theme {
        match self {
            Self::Served(stage) => &stage.theme,
            Self::Other(theme) => theme,
        }
    }
}

/// Every theme that this site could have, and which one readers see.
#[utoipa::path(tag = "themes", responses((status = 200, body = Themes)))]
#[get("/themes")]
pub async fn list_themes(desk: Data<Desk>, caller: Caller) -> Outcome<Json<Themes>> {
    caller.may(Can::EditSettings)?;
    let (active, themes) = (desk.pages.stage().theme.id.clone(), desk.themes.clone());
    let own = active.clone();
    let list = move || {
        let names = themes.names().into_iter();
        names.filter_map(|(id, origin)| Some(summary(&themes.files(&id).ok()?, id, origin, &own))).collect()
    };
    let items = web::block(list).await.map_err(ApiError::internal)?;
    let ChosenTheme { previous, .. } = look(&desk, |db| async move { library::chosen_theme(&db).await }).await?;
    let switch = desk.keeper.send(Switching).await.map_err(|_| ApiError::Stopping)?;
    Ok(Json(Themes { items, active, previous, switch }))
}

/// One theme with all that the check finds in it.
#[utoipa::path(tag = "themes", params(("id" = String, Path)), responses((status = 200, body = ThemeDetail)))]
#[get("/themes/{id}")]
pub async fn get_theme(desk: Data<Desk>, caller: Caller, id: Path<String>) -> Outcome<Json<ThemeDetail>> {
    caller.may(Can::EditSettings)?;
    let id = id.into_inner();
    let findings = checked(&desk, &desk.themes.files(&id).map_err(unreadable)?).await?;
    detail(&desk, id, findings).await.map(Json)
}

async fn detail(desk: &Desk, id: String, findings: Report) -> Outcome<ThemeDetail> {
    let files = desk.themes.files(&id).map_err(unreadable)?;
    let (active, themes) = (desk.pages.stage().theme.id.clone(), desk.themes.clone());
    let read = move || {
        let origin = themes.names().get(&id).copied().unwrap_or(Origin::Folder);
        summary(&files, id, origin, &active)
    };
    let summary = web::block(read).await.map_err(ApiError::internal)?;
    Ok(ThemeDetail { summary, passes: findings.passes(), findings })
}

/// Looks at a theme's files where its site to try it on may use connections.
async fn checked(desk: &Desk, files: &Files) -> Outcome<Report> {
    let files = files.clone();
    desk.runtime.spawn(async move { check(&files).await }).await.map_err(ApiError::internal)
}

fn summary(files: &Files, id: String, origin: Origin, active: &str) -> ThemeSummary {
    let manifest = files.text(crate::theme::manifest::FILE).and_then(|text| Manifest::parse(&text));
    let screenshot = SCREENSHOTS.iter().any(|name| files.bytes(name).is_ok());
    let (about, problem) = match manifest {
        Ok(manifest) => (Some(manifest.theme), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let of =
        |text: fn(&crate::theme::manifest::About) -> &String| about.as_ref().map(text).cloned().unwrap_or_default();
    ThemeSummary {
        active: id == active,
        name: about.as_ref().map_or_else(|| id.clone(), |about| about.name.clone()),
        version: of(|about| &about.version),
        description: of(|about| &about.description),
        license: of(|about| &about.license),
        origin,
        screenshot: screenshot.then(|| format!("/api/v1/themes/{id}/screenshot")),
        problem,
        id,
    }
}

/// A picture of the theme.
#[utoipa::path(tag = "themes", params(("id" = String, Path)), responses((status = 200, content_type = "image/webp")))]
#[get("/themes/{id}/screenshot")]
pub async fn get_theme_screenshot(desk: Data<Desk>, caller: Caller, id: Path<String>) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let files = desk.themes.files(&id).map_err(unreadable)?;
    let read = move || SCREENSHOTS.iter().find_map(|name| Some((*name, files.bytes(name).ok()?)));
    let (name, bytes) = web::block(read).await.map_err(ApiError::internal)?.ok_or(StoreError::NotFound("picture"))?;
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind.as_ref())).body(bytes.into_owned()))
}

/// Deletes a theme that was uploaded and that readers do not see. What was set for it stays, for the case that it comes back.
#[utoipa::path(tag = "themes", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/themes/{id}")]
pub async fn delete_theme(desk: Data<Desk>, caller: Caller, id: Path<String>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let id = id.into_inner();
    let theme = named(&desk, &id).await;
    if desk.pages.stage().theme.id == id {
        return Err(StoreError::InUse("Readers see this theme. Activate another one before.".into()).into());
    }
    if desk.themes.names().get(&id) != Some(&Origin::Uploaded) {
        desk.themes.files(&id).map_err(unreadable)?;
        let why = "Only themes that were uploaded can be deleted here; the others belong to whoever runs the server.";
        return Err(StoreError::InUse(why.into()).into());
    }
    let version = theme.map(|found| found.theme().version.clone()).unwrap_or_default();
    let (themes, own) = (desk.themes.clone(), id.clone());
    let removed = web::block(move || themes.remove(&own)).await.map_err(ApiError::internal)?;
    removed.map_err(|error| ApiError::internal(format!("the theme {id} cannot be deleted: {error}")))?;
    apply(&desk, who, NoteTheme { id, action: "delete", version }).await?;
    Ok(HttpResponse::NoContent().finish())
}
