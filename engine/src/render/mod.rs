//! Rendering: a path becomes a page, with everything recorded that it read.

pub mod address;
pub mod answers;
mod card;
pub mod check;
pub mod dates;
pub mod encode;
mod fetch;
pub mod filter;
mod fragment;
mod function;
mod head;
pub mod inner;
mod kept;
pub mod key;
mod language;
mod links;
mod list;
mod markdown;
pub mod offstage;
mod page;
pub mod paths;
mod picture;
pub mod preview;
pub mod quarantine;
pub mod question;
pub mod renderer;
mod resolve;
pub mod retry;
mod scope;
mod search;
mod site;
mod slots;
pub mod stage;
mod structured;
pub mod time;
pub mod value;

use sea_orm::DbErr;

use crate::content::ask::AskError;

/// Why a page could not be made. Its last good version stays.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RenderError {
    #[error("{file}:{line}: {problem}")]
    Template {
        file: String,
        line: usize,
        problem: String,
        /// The source around the line, with the values that were used.
        detail: String,
        /// It ran or printed without end.
        endless: bool,
    },
    #[error("{0}")]
    Failed(String),
    #[error(
        "{file}:{line}: the page took longer than a render may; look for a loop or a very long list in its template"
    )]
    Late { file: String, line: usize },
    #[error("the content could not be read: {0}")]
    Content(String),
    #[error("{0}: the renderer panicked while making this page; the log has the details")]
    Panicked(String),
    #[error(
        "{0}. The page has crashed the renderer twice: it is tried again when its template or content changes, or when somebody revalidates it"
    )]
    Quarantined(String),
    #[error("the renderer is stopping")]
    Stopping,
}

impl RenderError {
    /// The renderer came to harm, or would have: what does that twice is not tried a third time.
    pub fn is_crash(&self) -> bool {
        matches!(self, Self::Panicked(_) | Self::Template { endless: true, .. })
    }
}

impl From<minijinja::Error> for RenderError {
    fn from(error: minijinja::Error) -> Self {
        let mut endless = error.kind() == minijinja::ErrorKind::OutOfFuel;
        let mut problem =
            error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
        let mut cause = std::error::Error::source(&error);
        while let Some(source) = cause {
            endless |= source
                .downcast_ref()
                .is_some_and(|error: &minijinja::Error| error.kind() == minijinja::ErrorKind::OutOfFuel);
            problem = format!("{problem}: {source}");
            cause = source.source();
        }
        Self::Template {
            file: error.name().unwrap_or("template").to_owned(),
            line: error.line().unwrap_or(0),
            problem,
            detail: error.display_debug_info().to_string(),
            endless,
        }
    }
}

impl From<AskError> for RenderError {
    fn from(error: AskError) -> Self {
        Self::Content(error.to_string())
    }
}

impl From<DbErr> for RenderError {
    fn from(error: DbErr) -> Self {
        Self::Content(error.to_string())
    }
}
