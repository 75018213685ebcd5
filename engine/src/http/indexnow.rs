//! The file that proves to search engines that a message about changes is the site's own.

use actix_web::{HttpResponse, http::StatusCode, web};
use sea_orm::EntityTrait;

use crate::{content::library, model::site, schedule::ping};

use super::{answer, desk::Desk};

/// There only while search engines are told of changes.
pub async fn key(desk: web::Data<Desk>) -> HttpResponse {
    let read = desk.read(|db| async move {
        let told = library::settings(&db).await.ok()?.settings.indexnow.is_some();
        let site = site::Entity::find_by_id(site::ID).one(&db).await.ok()??;
        told.then(|| ping::key(&site.secret))
    });
    match read.await {
        Ok(Some(key)) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(key),
        _ => answer::plain(StatusCode::NOT_FOUND, "Search engines are not told of changes here.\n"),
    }
}
