//! Receipts: what became of the pages that a change concerned.

use std::time::{Duration, Instant};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    cache::{
        keeper::{Report, Settle},
        state::trace::{Progress, Progressed},
    },
    content::{
        change::{Change, Revision},
        library::EditorPost,
    },
    http::{
        api::engine::inspect,
        desk::Desk,
        problem::{ApiError, Outcome},
    },
    render::key::PageKey,
};

/// How long an editor waits for pages to be made; the rest arrives as events.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many pages a receipt or an impact names.
pub const NAMED: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// The site's revision since this change.
    #[schema(value_type = i64)]
    revision: Revision,
    /// How many pages differ.
    affected: usize,
    /// How many of them are up to date already.
    fresh: usize,
    /// The first 100.
    pages: Vec<ReceiptPage>,
    /// How long it took.
    ms: u64,
    post: EditorPost,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
struct ReceiptPage {
    path: String,
    state: Progressed,
    /// A few words: why the page depends on what changed.
    reason: String,
    /// With state `failed`: why. Readers keep the last good page.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Waits for the pages of a change, and writes down what became of them.
pub async fn receipt(desk: &Desk, change: Option<&Change>, post: EditorPost, began: Instant) -> Outcome<Receipt> {
    let Some(change) = change else {
        let revision = inspect(desk, |state, _| state.revision()).await?;
        return Ok(write(revision, Vec::new(), post, began.elapsed()));
    };
    let revision = change.revision;
    desk.keeper.send(Settle { revision, patience: PATIENCE }).await.map_err(|_| ApiError::Stopping)?;
    let progress = desk.keeper.send(Report(revision)).await.map_err(|_| ApiError::Stopping)?;
    Ok(write(revision, progress, post, began.elapsed()))
}

/// The post's own page comes first.
fn write(revision: Revision, mut progress: Vec<(PageKey, Progress)>, post: EditorPost, took: Duration) -> Receipt {
    let own = post.summary.url.as_str();
    progress.sort_by(|(a, _), (b, _)| (a.path() != own, a).cmp(&(b.path() != own, b)));
    Receipt {
        revision,
        affected: progress.len(),
        fresh: progress.iter().filter(|(_, page)| page.state == Progressed::Fresh).count(),
        pages: progress.iter().take(NAMED).map(|(key, page)| named(key, page, own)).collect(),
        ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        post,
    }
}

fn named(key: &PageKey, page: &Progress, own: &str) -> ReceiptPage {
    let reason = if key.path() == own { "this post" } else { page.reason };
    ReceiptPage { path: key.to_string(), state: page.state, reason: reason.into(), error: page.error.clone() }
}
