//! How handlers reach the engine: reading, changing, asking the cache.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use sea_orm::DatabaseConnection;
use serde::Serialize;

use crate::{
    cache::{
        keeper::{Inspect, Payload},
        state::{Millis, State},
    },
    content::{
        command::{Applied, Command, Rehearsed, Who},
        error::StoreError,
        library::LibraryError,
        read::Read,
        store::{Apply, Rehearse},
    },
    http::{
        desk::Desk,
        problem::{ApiError, Outcome, Outdated},
    },
};

/// Reads the database.
pub async fn look<T, F>(desk: &Desk, work: impl FnOnce(DatabaseConnection) -> F) -> Outcome<T>
where
    F: Future<Output = Result<T, LibraryError>> + Send + 'static,
    T: Send + 'static,
{
    Ok(desk.read(work).await.map_err(ApiError::internal)??)
}

/// Changes the site.
pub async fn apply<C: Command>(desk: &Desk, actor: Who, command: C) -> Outcome<Applied<C::Output>> {
    Ok(desk.store.send(Apply { command, actor }).await.map_err(|_| ApiError::Stopping)??)
}

/// Changes a document that the editor may have seen in an older version; then the answer shows the one there is.
pub async fn change<C: Command, D: Serialize>(
    desk: &Desk,
    actor: Who,
    command: C,
    current: impl AsyncFnOnce() -> Outcome<D>,
) -> Outcome<Applied<C::Output>> {
    match apply(desk, actor, command).await {
        Err(ApiError::Store(error @ StoreError::VersionMismatch { yours, .. })) => {
            let current = serde_json::to_value(current().await?).map_err(ApiError::internal)?;
            Err(ApiError::Outdated(Box::new(Outdated { error, yours, current })))
        }
        other => other,
    }
}

/// Tries a change and takes it back.
pub async fn rehearse<C: Command>(
    desk: &Desk,
    actor: Who,
    command: C,
    reads: Vec<Read>,
) -> Outcome<Rehearsed<C::Output>> {
    Ok(desk.store.send(Rehearse { command, actor, reads }).await.map_err(|_| ApiError::Stopping)??)
}

/// Asks the cache's state.
pub async fn inspect<T: Send + 'static>(
    desk: &Desk,
    look: impl FnOnce(&State<Payload>, Millis) -> T + Send + 'static,
) -> Outcome<T> {
    desk.keeper.send(Inspect(Box::new(look))).await.map_err(|_| ApiError::Stopping)
}

/// A document with its version as ETag.
pub fn document(status: StatusCode, version: i64, document: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::ETAG, format!("\"{version}\""))).json(document)
}
