//! The media library: listed, and filled with files that are what they say.

mod incoming;
mod kind;
mod vector;

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse, delete, get, patch, post, put,
    web::{self, Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use self::incoming::{Incoming, Received};
use super::engine::{apply, look};
use crate::{
    content::{
        command::media::{AddMedia, DeleteMedia, ReplaceMedia, UpdateMedia},
        error::StoreError,
        library::{self, ListQuery, MediaDoc, MediaUse, PageOf},
        media::{self, Focus},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        file,
        form::FormFile,
        input::{Body, Params, given},
        problem::{ApiError, Outcome},
    },
};

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Upload {
    /// JPEG, PNG, GIF, WebP, AVIF, SVG, PDF, MP4 or MP3; at most 50 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The newest first.
#[utoipa::path(tag = "media", params(ListQuery), responses((status = 200, body = PageOf<MediaDoc>)))]
#[get("/media")]
pub async fn list_media(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<MediaDoc>>> {
    caller.may(Can::Read)?;
    look(&desk, move |db| async move { library::media_list(&db, &query).await }).await.map(Json)
}

/// Some fields of a file; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MediaPatch {
    name: Option<String>,
    /// What an image shows, where a text does not say it.
    alt: Option<String>,
    /// What stays in sight when it is cut to another shape; `null` takes the point away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Focus>)]
    focus: Option<Option<Focus>>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Deletion {
    /// Also while it is used.
    #[serde(default)]
    force: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct MediaUses {
    items: Vec<MediaUse>,
}

/// The posts and pages that show a file, live or in their working copy.
#[utoipa::path(tag = "media", params(("id" = Uuid, Path)), responses((status = 200, body = MediaUses)))]
#[get("/media/{id}/usage")]
pub async fn get_media_usage(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<Json<MediaUses>> {
    caller.may(Can::Read)?;
    let (file, by) = (one(&desk, *id).await?, caller.only_own());
    let items = look(&desk, move |db| async move { library::media_usage(&db, &file, by).await }).await?;
    Ok(Json(MediaUses { items }))
}

/// The same content is kept once, under the name it came with first.
#[utoipa::path(
    tag = "media",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, body = MediaDoc))
)]
#[post("/media")]
pub async fn upload_media(desk: Data<Desk>, caller: Caller, mut form: Multipart) -> Outcome<HttpResponse> {
    let who = caller.may(Can::Upload)?;
    let command = arrive(&mut form, &desk).await?;
    let picture = command.storage_key.clone();
    let id = apply(&desk, who, command).await?.output;
    draw(&desk, picture);
    Ok(HttpResponse::Created().json(one(&desk, id).await?))
}

/// What is absent stays as it is.
#[utoipa::path(
    tag = "media",
    params(("id" = Uuid, Path)),
    request_body = MediaPatch,
    responses((status = 200, body = MediaDoc))
)]
#[patch("/media/{id}")]
pub async fn update_media(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Body(MediaPatch { name, alt, focus }): Body<MediaPatch>,
) -> Outcome<Json<MediaDoc>> {
    let (id, who) = (*id, caller.may(Can::EditMedia)?);
    apply(&desk, who, UpdateMedia { id, name, alt, focus }).await?;
    one(&desk, id).await.map(Json)
}

/// Puts another file of the same kind in its place. Everything that shows it shows the new one, and its old address leads there.
#[utoipa::path(
    tag = "media",
    params(("id" = Uuid, Path)),
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, body = MediaDoc))
)]
#[put("/media/{id}/file")]
pub async fn replace_media(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    mut form: Multipart,
) -> Outcome<Json<MediaDoc>> {
    let (id, who) = (*id, caller.may(Can::EditMedia)?);
    one(&desk, id).await?;
    let file = arrive(&mut form, &desk).await?;
    let picture = file.storage_key.clone();
    match apply(&desk, who, ReplaceMedia { id, file }).await {
        Ok(replaced) => {
            if let Some(old) = replaced.output {
                draw(&desk, picture);
                discard(&desk, old).await?;
            }
            one(&desk, id).await.map(Json)
        }
        Err(refused) => {
            let known = look(&desk, |db| async move { library::storage_keys(&db).await }).await?;
            if !known.contains(&picture) {
                discard(&desk, picture).await?;
            }
            Err(refused)
        }
    }
}

/// The file as it was uploaded, also where readers only get smaller ones.
#[utoipa::path(
    tag = "media",
    params(("id" = Uuid, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"))
)]
#[get("/media/{id}/original")]
pub async fn get_original(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    request: HttpRequest,
) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let doc = one(&desk, *id).await?;
    let key = media::key(&doc.url).unwrap_or_default();
    file::original(&desk, key, &request).await.ok_or_else(|| ApiError::from(StoreError::NotFound("file")))
}

/// Refused while posts or pages use it, unless it is forced.
#[utoipa::path(tag = "media", params(("id" = Uuid, Path), Deletion), responses((status = 204)))]
#[delete("/media/{id}")]
pub async fn delete_media(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Params(Deletion { force }): Params<Deletion>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditMedia)?;
    let key = apply(&desk, who, DeleteMedia { id: *id, even_if_used: force }).await?.output;
    discard(&desk, key).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a file up into the folder of the library.
async fn arrive(form: &mut Multipart, desk: &Desk) -> Outcome<AddMedia> {
    let received = tokio::time::timeout(incoming::ARRIVAL, receive(form, desk)).await;
    let (incoming, name) = received.map_err(|_| ApiError::TooSlow)??;
    let media = desk.media.clone();
    let received = web::block(move || incoming.settle(&media, &name)).await.map_err(ApiError::internal)??;
    let Received { hash, name, mime, bytes, size, storage_key, color } = received;
    let (width, height) = size.unzip();
    let side = |side: Option<u32>| side.and_then(|side| i32::try_from(side).ok());
    Ok(AddMedia {
        hash,
        name,
        mime: mime.into(),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        width: side(width),
        height: side(height),
        alt: String::new(),
        storage_key,
        color,
    })
}

/// Makes the other sizes of a picture behind the editor's back: whoever asks sooner waits for their picture alone.
fn draw(desk: &Desk, picture: String) {
    let (variants, widths) = (desk.variants.clone(), desk.pages.stage().theme.images.widths.clone());
    actix_web::rt::spawn(async move { variants.make(&picture, &widths).await });
}

/// Takes a file that the library has forgotten off the disk, in all its sizes.
async fn discard(desk: &Desk, key: String) -> Outcome<()> {
    let variants = desk.variants.clone();
    let discarded = web::block(move || variants.discard(&key)).await.map_err(ApiError::internal)?;
    discarded.map_err(|error| ApiError::internal(format!("a file could not be deleted: {error}")))
}

/// Writes the file to a temporary one as it arrives.
async fn receive(form: &mut Multipart, desk: &Desk) -> Outcome<(Incoming, String)> {
    let mut file = FormFile::of(form).await?;
    let mut incoming = Incoming::begin(&desk.media).await?;
    while let Some(chunk) = file.chunk().await? {
        incoming.write(&chunk).await?;
    }
    Ok((incoming, file.name))
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<MediaDoc> {
    let found = look(desk, move |db| async move { library::media(&db, id).await }).await?;
    found.ok_or_else(|| ApiError::from(StoreError::NotFound("file")))
}
