//! Forms: the file that a form brings, as it arrives.

use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use bytes::Bytes;
use futures_util::TryStreamExt;

use super::problem::{ApiError, Outcome};

/// How many other parts a form may have before its file.
const PARTS: usize = 16;

/// How long nothing may arrive.
const SILENCE: Duration = Duration::from_secs(30);

/// The field `file`.
pub struct FormFile {
    field: Field,
    /// What it was called where it comes from.
    pub name: String,
}

impl FormFile {
    pub async fn of(form: &mut Multipart) -> Outcome<Self> {
        for _ in 0..PARTS {
            let Some(field) = form.try_next().await.map_err(refusal)? else { break };
            if field.name() == Some("file") {
                let named = field.content_disposition().and_then(|disposition| disposition.get_filename());
                let name = named.unwrap_or("file").to_owned();
                return Ok(Self { field, name });
            }
        }
        let detail = "Send the file as the field \"file\" of a form.".into();
        Err(ApiError::Malformed { field: Some("file".into()), detail })
    }

    /// The next of its bytes.
    pub async fn chunk(&mut self) -> Outcome<Option<Bytes>> {
        let chunk = tokio::time::timeout(SILENCE, self.field.try_next()).await;
        chunk.map_err(|_| ApiError::TooSlow)?.map_err(refusal)
    }
}

fn refusal(error: MultipartError) -> ApiError {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => {
            ApiError::UnsupportedMedia("Send the file as multipart/form-data, in the field \"file\".")
        }
        other => ApiError::malformed(format!("The form cannot be read: {other}.")),
    }
}
