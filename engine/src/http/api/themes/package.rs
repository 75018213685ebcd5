//! Packages: themes that come and go as ZIP files.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, get,
    http::header,
    post,
    web::{self, Data},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ThemeDetail, checked, detail, unreadable};
use crate::{
    content::{command::theme::NoteTheme, error::StoreError},
    http::{
        api::engine::apply,
        auth::{Caller, permit::Can},
        desk::Desk,
        form::FormFile,
        problem::{ApiError, Outcome},
    },
    theme::{
        collection::is_name,
        files::Files,
        manifest::{self, About, Manifest},
        package::{LARGEST, PackageError, pack, unpack},
    },
};

/// How long a package may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(5 * 60);

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct ThemePackage {
    /// A ZIP file of a theme's folder; at most 20 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Takes in a theme, or another version of one, without showing it to readers. Nothing of a theme with fatal findings or errors
/// is kept.
#[utoipa::path(
    tag = "themes",
    request_body(content = ThemePackage, content_type = "multipart/form-data"),
    responses((status = 201, body = ThemeDetail))
)]
#[post("/themes")]
pub async fn upload_theme(desk: Data<Desk>, caller: Caller, mut form: Multipart) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let bytes = tokio::time::timeout(ARRIVAL, receive(&mut form)).await.map_err(|_| ApiError::TooSlow)??;
    let incoming = Incoming(desk.themes.uploads().join(format!(".incoming-{}", Uuid::new_v4().simple())));
    let folder = incoming.0.clone();
    let unpacked =
        move || fs::create_dir_all(&folder).map_err(PackageError::from).and_then(|()| unpack(&bytes, &folder));
    web::block(unpacked).await.map_err(ApiError::internal)?.map_err(refusal)?;
    let files = Files::Folder(incoming.0.clone());
    let (themes, own) = (desk.themes.clone(), files.clone());
    let named = web::block(move || named(&own, |id| themes.files(id).is_ok())).await.map_err(ApiError::internal)?;
    let (id, version) = named?;
    let report = checked(&desk, &files).await?;
    if !report.passes() {
        return Err(ApiError::ThemeRefused(Box::new(report)));
    }
    let place = desk.themes.uploads().join(&id);
    web::block(move || settle(&incoming, &place)).await.map_err(ApiError::internal)??;
    apply(&desk, who, NoteTheme { id: id.clone(), action: "upload", version }).await?;
    Ok(HttpResponse::Created().json(detail(&desk, id, report).await?))
}

/// A folder that is gone when this is dropped, unless it was given another name.
struct Incoming(PathBuf);

impl Drop for Incoming {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0); // It has been moved away, as a rule.
    }
}

/// What the theme is called here, and its version: its own name, or name and version when there is one of that name.
fn named(files: &Files, is_taken: impl Fn(&str) -> bool) -> Outcome<(String, String)> {
    let manifest = Manifest::parse(&files.text(manifest::FILE).map_err(unreadable)?).map_err(unreadable)?;
    let About { name, version, .. } = manifest.theme;
    let ids = [name.clone(), format!("{name}-{version}")];
    if ids.iter().any(|id| !is_name(id)) {
        let message = "A theme's name and version are letters, digits, dots and dashes, 64 characters at most.";
        return Err(StoreError::invalid("name", message).into());
    }
    let message = format!("Version {version} of {name} is here already. Raise the version in theme.toml.");
    let id = ids.into_iter().find(|id| !is_taken(id)).ok_or(StoreError::InUse(message))?;
    Ok((id, version))
}

/// Gives the theme its place.
fn settle(incoming: &Incoming, place: &Path) -> Outcome<()> {
    let moved = sync(&incoming.0).and_then(|()| fs::rename(&incoming.0, place));
    moved.map_err(|error| ApiError::internal(format!("{} cannot be written: {error}", place.display())))
}

/// Everything that was unpacked is on the disk before the theme has its name.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync(&path)? } else { fs::File::open(&path)?.sync_all()? }
    }
    Ok(())
}

async fn receive(form: &mut Multipart) -> Outcome<Vec<u8>> {
    let mut file = FormFile::of(form).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = file.chunk().await? {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(ApiError::TooLarge("20 MiB"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn refusal(error: PackageError) -> ApiError {
    match error {
        PackageError::Unwritable(error) => ApiError::internal(format!("a theme cannot be written: {error}")),
        other => StoreError::invalid("file", other.to_string()).into(),
    }
}

/// The theme as a ZIP file.
#[utoipa::path(tag = "themes", params(("id" = String, Path)), responses((status = 200, content_type = "application/zip")))]
#[get("/themes/{id}/download")]
pub async fn download_theme(desk: Data<Desk>, caller: Caller, id: web::Path<String>) -> Outcome<HttpResponse> {
    caller.may(Can::EditSettings)?;
    let files = desk.themes.files(&id).map_err(unreadable)?;
    let packed = web::block(move || pack(&files)).await.map_err(ApiError::internal)?.map_err(unreadable)?;
    let name = format!("attachment; filename=\"{id}.zip\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(packed))
}
