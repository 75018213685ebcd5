//! Events as they happen.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};

use crate::http::{
    auth::{Caller, permit::Can},
    events::Journal,
    problem::Outcome,
};

/// Server-sent events: `page`, `change`, `post`, `theme` and `presence`. With `Last-Event-ID`, what was missed meanwhile comes first.
#[utoipa::path(
    tag = "events",
    params(("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
#[get("/events")]
pub async fn watch_events(caller: Caller, journal: Data<Journal>, request: HttpRequest) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let last_id = request.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        // Proxies such as nginx would wait for more.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(journal.watch(last_id)))
}
