//! Why the store refuses a command, in sentences an editor can act on.

use std::collections::BTreeMap;

use sea_orm::DbErr;

use super::ask::AskError;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("There is no such {0}. It may have been deleted meanwhile.")]
    NotFound(&'static str),
    #[error("The slug \"{0}\" is already in use. Choose another.")]
    SlugTaken(String),
    #[error("The path \"{0}\" already belongs to another post. Choose another.")]
    PathTaken(String),
    #[error("There is already something named \"{0}\". Choose another name.")]
    NameTaken(String),
    #[error("Somebody with the address {0} already has an account.")]
    EmailTaken(String),
    #[error(
        "This was changed meanwhile: you have version {yours}, it is now version {current}. Look at both before you save again."
    )]
    VersionMismatch { current: i64, yours: i64 },
    #[error("{0}")]
    InUse(String),
    #[error("{}", sentence(.0))]
    Invalid(BTreeMap<String, String>),
    #[error("{0}")]
    WrongState(&'static str),
    #[error("The database did not do its part: {0}. Nothing was changed; try again.")]
    Database(#[from] DbErr),
    #[error("What the database holds cannot be read: {0}.")]
    Damaged(#[from] serde_json::Error),
    #[error("The change was stored, but the page cache is shutting down and learns of it at the next start.")]
    CacheGone,
    #[error("Something went wrong inside Perennial. Nothing was changed; the log says more.")]
    Panicked,
}

impl StoreError {
    /// One field that cannot be accepted, and what would be.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(BTreeMap::from([(field.into(), message.into())]))
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::SlugTaken(_) => "slug_taken",
            Self::PathTaken(_) => "path_taken",
            Self::NameTaken(_) => "name_taken",
            Self::EmailTaken(_) => "email_taken",
            Self::VersionMismatch { .. } => "version_mismatch",
            Self::InUse(_) => "in_use",
            Self::Invalid(_) => "invalid",
            Self::WrongState(_) => "wrong_state",
            Self::Database(_) => "database",
            Self::Damaged(_) => "damaged",
            Self::CacheGone => "cache_gone",
            Self::Panicked => "internal",
        }
    }
}

impl From<AskError> for StoreError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Database(error) => Self::Database(error),
            AskError::Damaged(error) => Self::Damaged(error),
        }
    }
}

fn sentence(fields: &BTreeMap<String, String>) -> String {
    fields.iter().map(|(field, message)| format!("{field}: {message}")).collect::<Vec<_>>().join(" ")
}
