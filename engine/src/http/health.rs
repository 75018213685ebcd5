//! Health: whether the process is alive, and whether it can serve.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::cache::{keeper::Inspect, shelf::Shelf};

use super::{answer, desk::Desk};

/// The process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", answer::PRIVATE)).json(json!({"status": "ok"}))
}

/// Every part that serving needs answers; 503 when one does not. Without its shelf a site only starts more slowly.
pub async fn ready(desk: web::Data<Desk>) -> HttpResponse {
    let database = desk
        .read(|db| async move { sea_orm::ConnectionTrait::execute_unprepared(&db, "SELECT 1").await.is_ok() })
        .await;
    let database = database.unwrap_or(false);
    let cache = desk.keeper.send(Inspect(Box::new(|state, now| state.summary(now)))).await;
    let store = desk.store.connected();
    let parts = json!({
        "database": if database { "ok" } else { "does not answer" },
        "store": if store { "ok" } else { "stopped" },
        "cache": cache.as_ref().map_or_else(|_| json!("stopped"), |summary| json!(summary)),
        "shelf": desk.shelf.as_ref().map_or("none", Shelf::health),
        "theme": desk.pages.stage().theme.id,
    });
    let ready = database && store && cache.is_ok();
    let mut response = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    let status = if ready { "ready" } else { "not ready" };
    response.insert_header(("cache-control", answer::PRIVATE)).json(json!({"status": status, "parts": parts}))
}
