//! Input: JSON bodies, query parameters and versions of requests, read strictly: what is not known is refused.

use std::{future::Ready, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{self, HeaderMap},
};
use bytes::BytesMut;
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::problem::{ApiError, Outcome};

/// The largest JSON document, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;
const LARGEST_IN_WORDS: &str = "8 MiB";

/// How long a JSON document may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(60);

/// A JSON document.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A text, such as a table.
#[derive(Debug)]
pub struct Text(pub String);

/// Parameters of the query.
#[derive(Debug)]
pub struct Params<T>(pub T);

/// The version that a request speaks of (`If-Match`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMatch {
    Absent,
    /// Whatever version there is.
    Any,
    Version(i64),
}

impl IfMatch {
    /// Refuses to change what the editor may never have seen.
    pub fn needed(self) -> Outcome<Option<i64>> {
        match self {
            Self::Absent => Err(ApiError::VersionNeeded),
            other => Ok(other.if_sent()),
        }
    }

    pub fn if_sent(self) -> Option<i64> {
        match self {
            Self::Version(version) => Some(version),
            Self::Absent | Self::Any => None,
        }
    }

    fn read(headers: &HeaderMap) -> Outcome<Self> {
        let Some(value) = headers.get(header::IF_MATCH) else { return Ok(Self::Absent) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        let number = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
        number.map(Self::Version).ok_or(ApiError::VersionUnreadable)
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Outcome<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::read(request.headers()))
    }
}

/// Tells `null`, which clears a field, from a field that is not there.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = ApiError;
    type Future = Ready<Outcome<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = actix_web::web::Query::<T>::from_query(request.query_string());
        std::future::ready(match read {
            Ok(query) => Ok(Self(query.into_inner())),
            Err(actix_web::error::QueryPayloadError::Deserialize(error)) => Err(refusal(&error.to_string(), None)),
            Err(error) => Err(ApiError::malformed(error.to_string())),
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Outcome<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = request.mime_type().ok().flatten().is_some_and(|mime| mime.subtype() == "json");
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let payload = payload.take();
        Box::pin(async move {
            if !json {
                return Err(ApiError::NotJson);
            }
            if announced.is_some_and(|length: usize| length > LARGEST) {
                return Err(ApiError::TooLarge(LARGEST_IN_WORDS));
            }
            let bytes = tokio::time::timeout(ARRIVAL, collect(payload)).await.map_err(|_| ApiError::TooSlow)??;
            read(&bytes).map(Self)
        })
    }
}

impl FromRequest for Text {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Outcome<Self>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async move {
            let bytes = tokio::time::timeout(ARRIVAL, collect(payload)).await.map_err(|_| ApiError::TooSlow)??;
            let text = String::from_utf8(bytes.to_vec());
            text.map(Self).map_err(|_| ApiError::malformed("This is not UTF-8 text. Save the file as UTF-8."))
        })
    }
}

async fn collect(mut payload: Payload) -> Outcome<BytesMut> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| ApiError::malformed(error.to_string()))?;
        if bytes.len() + chunk.len() > LARGEST {
            return Err(ApiError::TooLarge(LARGEST_IN_WORDS));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Outcome<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        match inner.is_data() {
            true => refusal(&inner.to_string(), Some(path).filter(|path| path != ".")),
            false => ApiError::malformed(format!("This is not JSON: {inner}.")),
        }
    })?;
    json.end().map_err(|_| ApiError::malformed("Something follows the JSON document."))?;
    Ok(value)
}

/// What serde says of data that does not fit.
fn refusal(message: &str, path: Option<String>) -> ApiError {
    // Where in the text it stood helps nobody who knows the field.
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let field = rest.split('`').next().unwrap_or_default().to_owned();
        return ApiError::UnknownField { field, detail: format!("{}.", capital(message)) };
    }
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    ApiError::Malformed { field: missing.map(str::to_owned).or(path), detail: format!("{}.", capital(message)) }
}

fn capital(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        #[expect(dead_code, reason = "it is only tried whether it can be read")]
        posts: u32,
    }

    #[test]
    fn a_refused_document_says_which_field_is_wrong() {
        let refused = |json: &str| read::<Settings>(json.as_bytes()).unwrap_err();
        assert!(matches!(refused(r#"{"posts":1,"x":2}"#), ApiError::UnknownField { field, .. } if field == "x"));
        for wrong in [r#"{"posts":"many"}"#, "{}"] {
            let ApiError::Malformed { field, detail } = refused(wrong) else { panic!("{wrong}") };
            assert_eq!(field.as_deref(), Some("posts"), "{detail}");
            assert!(!detail.contains("line"), "{detail}");
        }
        for broken in ["{", "{} {}", ""] {
            assert!(matches!(refused(broken), ApiError::Malformed { .. }), "{broken}");
        }
    }

    #[test]
    fn a_version_is_an_etag_and_nothing_else() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, header::HeaderValue::from_static(value));
            IfMatch::read(&headers)
        };
        assert_eq!(of("\"7\"").unwrap(), IfMatch::Version(7));
        assert_eq!(of("*").unwrap(), IfMatch::Any);
        for wrong in ["7", "W/\"7\"", "\"seven\"", ""] {
            assert!(matches!(of(wrong), Err(ApiError::VersionUnreadable)), "{wrong}");
        }
        assert!(matches!(IfMatch::read(&HeaderMap::new()).unwrap().needed(), Err(ApiError::VersionNeeded)));
    }
}
