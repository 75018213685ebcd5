//! Files: media of the library and assets of the theme, under names that hold their content's hash.

use std::path::Path;

use actix_files::NamedFile;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web};
use serde_json::Value;

use super::{answer, api::engine::look, desk::Desk, negotiate};
use crate::{
    cache::page::Etags,
    content::{
        ask::ask,
        media,
        read::{Answer, Claim, Read},
        settings,
    },
    raster,
};

const MISSING: &str = "There is no such file.\n";
const FOREVER: &str = "public, max-age=31536000, immutable";
/// What stands in for an original that is private: the site may give the original again.
const FOR_A_DAY: &str = "public, max-age=86400";
const FOR_ONE: &str = "private, no-store";

pub async fn asset(desk: web::Data<Desk>, request: HttpRequest) -> HttpResponse {
    let url = request.path();
    let stage = Some(desk.pages.stage()).filter(|stage| stage.asset(url).is_some());
    let stage = stage.or_else(|| desk.offstage.with_asset(url));
    let Some((asset, body)) = stage.as_ref().and_then(|stage| stage.asset(url)) else {
        return answer::plain(StatusCode::NOT_FOUND, "The theme has no such file.\n");
    };
    let etags = Etags::of(&body.hash);
    let variant = negotiate::choose(body, &etags, request.headers());
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, asset.content_type.as_str()));
    response.insert_header((header::CACHE_CONTROL, FOREVER)).insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    response.insert_header((header::VARY, "accept-encoding")).insert_header((header::ETAG, variant.etag.clone()));
    if let Some(encoding) = variant.encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.body(variant.body.clone())
}

/// A file that another has taken the place of leads to that.
async fn replaced(desk: &Desk, key: &str) -> HttpResponse {
    let picture = raster::parse(key).map_or_else(|| key.to_owned(), |(picture, ..)| picture);
    let path = media::url(&picture);
    let claim = look(desk, |db| async move { Ok(ask(&db, &Read::At { path }).await?.answer) }).await;
    let Ok(Answer::At(Some(Claim::Redirect { to, .. }))) = claim else {
        return answer::plain(StatusCode::NOT_FOUND, MISSING);
    };
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, to)).finish()
}

/// A file of the library. It is served as data: whatever it holds runs nothing.
pub async fn media_file(desk: web::Data<Desk>, path: web::Path<String>, request: HttpRequest) -> HttpResponse {
    let missing = || answer::plain(StatusCode::NOT_FOUND, MISSING);
    let odd = |segment: &str| segment.is_empty() || segment.starts_with('.') || segment.contains(['\\', '\0']);
    if path.split('/').any(odd) {
        return missing();
    }
    let key = path.as_str();
    let widths = desk.pages.stage().theme.images.widths.clone();
    if is_private(&desk, key).await {
        let Some(widest) = desk.variants.widest(key, &widths).await else { return replaced(&desk, key).await };
        return stored(&widest, FOR_A_DAY, &request).await.unwrap_or_else(missing);
    }
    if let Some(found) = stored(&desk.media.join(key), FOREVER, &request).await {
        return found;
    }
    match desk.variants.find(key, &widths).await {
        Some(variant) => stored(&variant, FOREVER, &request).await.unwrap_or_else(missing),
        None => replaced(&desk, key).await,
    }
}

/// Whether readers are not given what lies here as it was uploaded. When it cannot be found out, they are not.
async fn is_private(desk: &Desk, key: &str) -> bool {
    if !raster::is_original(key) {
        return false;
    }
    let read = Read::Setting { key: settings::PRIVATE_ORIGINALS.into() };
    let said = look(desk, |db| async move { Ok(ask(&db, &read).await?.answer) }).await;
    !matches!(said, Ok(Answer::Setting(Some(Value::Bool(false)))))
}

/// A file of the library as it was uploaded, for whoever may see the library.
pub async fn original(desk: &Desk, key: &str, request: &HttpRequest) -> Option<HttpResponse> {
    stored(&desk.media.join(key), FOR_ONE, request).await
}

async fn stored(place: &Path, caching: &'static str, request: &HttpRequest) -> Option<HttpResponse> {
    let mut response = NamedFile::open_async(place).await.ok()?.use_last_modified(true).into_response(request);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(caching));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    Some(response)
}
