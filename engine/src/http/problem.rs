//! Problems: why the API cannot do what was asked, each with a stable code (RFC 9457).

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    content::{error::StoreError, library::LibraryError},
    render::check::Report,
};

/// What handlers answer.
pub type Outcome<T> = Result<T, ApiError>;

#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("Sign in, or send a token as \"Authorization: Bearer …\".")]
    NotSignedIn,
    #[error("This token is not valid (any more). Create one with \"perennial token create\".")]
    BadToken,
    #[error("The e-mail address or the password is wrong.")]
    BadCredentials,
    #[error("Type the code that your authenticator app shows, or a recovery code.")]
    SecondFactorNeeded,
    #[error("This code is not right, or was used already. Type the one that the app shows now, or a recovery code.")]
    BadCode,
    #[error("There were too many attempts. Try again in {0} seconds.")]
    TooManyAttempts(u64),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("Browsers may change things only from pages of this site. Programs use a token instead of the cookie.")]
    CrossOrigin,
    #[error("The set-up link is not valid. Use the one that the log shows when the server starts.")]
    BadSetupToken,
    #[error("This site has been set up already. Sign in.")]
    AlreadySetUp,
    #[error("{detail}")]
    UnknownField { field: String, detail: String },
    #[error("{detail}")]
    Malformed { field: Option<String>, detail: String },
    #[error("Send the document as application/json.")]
    NotJson,
    #[error("This is too large: at most {0} are accepted.")]
    TooLarge(&'static str),
    #[error("The request did not arrive in time. Try again.")]
    TooSlow,
    #[error("{0}")]
    UnsupportedMedia(&'static str),
    #[error("Say which version you change: send the document's ETag as If-Match, such as \"7\" in quotes.")]
    VersionNeeded,
    #[error("If-Match names no version. Send the document's ETag as it is, such as \"7\" in quotes.")]
    VersionUnreadable,
    #[error("{}", .0.error)]
    Outdated(Box<Outdated>),
    #[error("There is nothing at this address of the API. /api/openapi.json lists what there is.")]
    NoSuchEndpoint,
    #[error("No page of the site is at this path, and no route makes one.")]
    NoRoute,
    #[error("This method is not possible here; {0} would be.")]
    MethodNotAllowed(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("This theme may not serve a site: {}", summary(.0))]
    ThemeRefused(Box<Report>),
    #[error("The server is shutting down. Try again in a moment.")]
    Stopping,
    #[error("Something went wrong inside Perennial. The log says more.")]
    Internal(String),
}

/// Somebody would overwrite a version that they have not seen.
#[derive(Debug)]
pub struct Outdated {
    pub error: StoreError,
    pub yours: i64,
    /// The document as it is now.
    pub current: Value,
}

/// A problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    status: u16,
    /// A stable word for programs, such as `slug_taken`.
    code: &'static str,
    /// A sentence that says what to do.
    detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    fields: BTreeMap<String, String>,
    /// With status 412: the document as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    current: Option<Value>,
    /// With status 412: the version that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    your_version: Option<i64>,
    /// What is wrong with a theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    findings: Option<Report>,
}

impl ApiError {
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::Malformed { field: None, detail: detail.into() }
    }

    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::BadToken => "bad_token",
            Self::BadCredentials => "bad_credentials",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::BadCode => "bad_code",
            Self::TooManyAttempts(_) => "too_many_attempts",
            Self::Forbidden(_) => "forbidden",
            Self::CrossOrigin => "cross_origin",
            Self::BadSetupToken => "bad_setup_token",
            Self::AlreadySetUp => "already_set_up",
            Self::UnknownField { .. } => "unknown_field",
            Self::Malformed { .. } => "malformed",
            Self::NotJson => "not_json",
            Self::TooLarge(_) => "too_large",
            Self::TooSlow => "too_slow",
            Self::UnsupportedMedia(_) => "unsupported_media",
            Self::VersionNeeded => "version_needed",
            Self::VersionUnreadable => "version_unreadable",
            Self::Outdated(outdated) => outdated.error.code(),
            Self::Store(error) => error.code(),
            Self::NoSuchEndpoint => "no_such_endpoint",
            Self::NoRoute => "no_route",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::ThemeRefused(_) => "theme_refused",
            Self::Stopping => "stopping",
            Self::Internal(_) => "internal",
        }
    }

    fn fields(&self) -> BTreeMap<String, String> {
        let one = |field: &str, detail: String| BTreeMap::from([(field.to_owned(), detail)]);
        match self {
            Self::UnknownField { field, .. } => one(field, "There is no such field.".into()),
            Self::Malformed { field: Some(field), detail } => one(field, detail.clone()),
            Self::Store(StoreError::Invalid(fields)) => fields.clone(),
            Self::Store(error @ StoreError::SlugTaken(_)) => one("slug", error.to_string()),
            Self::Store(error @ StoreError::PathTaken(_)) => one("path", error.to_string()),
            Self::Store(error @ StoreError::NameTaken(_)) => one("name", error.to_string()),
            Self::Store(error @ StoreError::EmailTaken(_)) => one("email", error.to_string()),
            _ => BTreeMap::new(),
        }
    }

    /// What outsiders may read: how the database failed is for the log.
    fn detail(&self) -> String {
        match self {
            Self::Store(StoreError::Database(_) | StoreError::Damaged(_)) => {
                "The database did not do its part. Nothing was changed; try again. The log says more.".into()
            }
            other => other.to_string(),
        }
    }

    fn document(&self) -> Problem {
        let status = self.status_code();
        let (current, your_version) = match self {
            Self::Outdated(outdated) => (Some(outdated.current.clone()), Some(outdated.yours)),
            Self::Store(StoreError::VersionMismatch { yours, .. }) => (None, Some(*yours)),
            _ => (None, None),
        };
        Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code: self.code(),
            detail: self.detail(),
            fields: self.fields(),
            current,
            your_version,
            findings: if let Self::ThemeRefused(report) = self { Some(report.as_ref().clone()) } else { None },
        }
    }
}

impl From<LibraryError> for ApiError {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Database(error) => StoreError::Database(error).into(),
            LibraryError::Damaged(error) => StoreError::Damaged(error).into(),
            LibraryError::Panicked => StoreError::Panicked.into(),
            LibraryError::BadCursor => Self::Malformed { field: Some("cursor".into()), detail: error.to_string() },
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotSignedIn | Self::BadToken | Self::BadCredentials | Self::SecondFactorNeeded | Self::BadCode => {
                StatusCode::UNAUTHORIZED
            }
            Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Forbidden(_) | Self::CrossOrigin | Self::BadSetupToken => StatusCode::FORBIDDEN,
            Self::AlreadySetUp => StatusCode::CONFLICT,
            Self::UnknownField { .. } | Self::Malformed { .. } | Self::VersionUnreadable => StatusCode::BAD_REQUEST,
            Self::NotJson | Self::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::VersionNeeded => StatusCode::PRECONDITION_REQUIRED,
            Self::Outdated(_) => StatusCode::PRECONDITION_FAILED,
            Self::NoSuchEndpoint | Self::NoRoute => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Store(error) => of_store(error),
            Self::ThemeRefused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if status.is_server_error() {
            match self {
                Self::Internal(cause) => tracing::error!(cause, "a request failed"),
                other => tracing::error!(cause = %other, "a request failed"),
            }
        }
        let mut response = HttpResponse::build(status).json(self.document());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::TooManyAttempts(seconds) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::MethodNotAllowed(methods) => {
                if let Ok(methods) = HeaderValue::from_str(methods) {
                    headers.insert(header::ALLOW, methods);
                }
            }
            Self::NotSignedIn | Self::BadToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}

/// The worst of what was found.
fn summary(report: &Report) -> String {
    report.0.first().map_or_else(String::new, |finding| {
        format!("{}:{}: {} {}", finding.file, finding.line, finding.problem, finding.mend)
    })
}

fn of_store(error: &StoreError) -> StatusCode {
    match error {
        StoreError::NotFound(_) => StatusCode::NOT_FOUND,
        StoreError::SlugTaken(_)
        | StoreError::PathTaken(_)
        | StoreError::NameTaken(_)
        | StoreError::EmailTaken(_)
        | StoreError::InUse(_)
        | StoreError::WrongState(_) => StatusCode::CONFLICT,
        StoreError::VersionMismatch { .. } => StatusCode::PRECONDITION_FAILED,
        StoreError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        StoreError::CacheGone => StatusCode::SERVICE_UNAVAILABLE,
        StoreError::Database(_) | StoreError::Damaged(_) | StoreError::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_the_field_and_never_the_database() {
        let taken = ApiError::from(StoreError::SlugTaken("hello".into())).document();
        assert_eq!((taken.status, taken.code), (409, "slug_taken"));
        assert!(taken.fields.contains_key("slug"));
        let broken = ApiError::from(StoreError::Database(sea_orm::DbErr::Custom("SELECT secret".into()))).document();
        assert_eq!(broken.status, 500);
        assert!(!broken.detail.contains("SELECT"), "{}", broken.detail);
    }

    #[test]
    fn waiting_and_signing_in_are_told_in_headers() {
        let response = ApiError::TooManyAttempts(7).error_response();
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "7");
        let response = ApiError::NotSignedIn.error_response();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
    }
}
