//! Posts and pages: listed, written, and brought before readers.

pub mod document;
pub mod history;
pub mod impact;
pub mod preview;
pub mod receipt;
pub mod verbs;

use actix_web::{HttpResponse, http::StatusCode};
use sea_orm::ActiveEnum;
use uuid::Uuid;

use super::engine::{self, look};
use crate::{
    cache::event::Event,
    content::{
        error::StoreError,
        library::{self, EditorPost},
        permalink::Permalinks,
    },
    http::{
        desk::Desk,
        problem::{ApiError, Outcome},
    },
};

fn permalinks(desk: &Desk) -> Permalinks {
    desk.pages.stage().theme.permalinks.clone()
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<EditorPost> {
    let permalinks = permalinks(desk);
    let found = look(desk, move |db| async move { library::post(&db, &permalinks, id).await }).await?;
    found.ok_or_else(|| ApiError::from(StoreError::NotFound("post")))
}

fn answer(status: StatusCode, post: &EditorPost) -> HttpResponse {
    engine::document(status, post.summary.version, post)
}

/// Tells whoever watches that a post is different now.
fn tell(desk: &Desk, post: &EditorPost) {
    let summary = &post.summary;
    let event = Event::Post { id: summary.id, version: summary.version, status: summary.status.to_value() };
    let _ = desk.events.send(event); // Nobody may be watching.
}
