//! The editors' web admin: files that are part of this binary.

use std::sync::{Arc, LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    web,
};
use bytes::Bytes;
use rust_embed::{Embed, EmbeddedFile};

use super::{answer, negotiate};
use crate::{cache::page::Document, render::encode::Encoded};

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../admin-web/dist"]
#[allow_missing = true]
struct Files;

/// Every screen's page.
const INDEX: &str = "index.html";

/// Where the build puts files whose names hold their content's hash.
const HASHED: &str = "assets/";

/// Scripts and styles come from here alone; images also from where posts show them from.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https: http:; \
     media-src 'self' blob: https: http:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// A file with its encodings, which are made when it is first asked for.
#[derive(Debug)]
struct Ready {
    /// In a development build files change.
    source: [u8; 32],
    document: Document,
}

static READY: LazyLock<papaya::HashMap<String, Arc<Ready>>> = LazyLock::new(papaya::HashMap::new);

pub fn configure(app: &mut web::ServiceConfig) {
    app.route("/admin", web::get().to(async || web::Redirect::to("/admin/")));
    app.route("/admin/{path:.*}", web::to(file));
}

async fn file(path: web::Path<String>, request: HttpRequest) -> HttpResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return answer::plain(StatusCode::METHOD_NOT_ALLOWED, "The admin is read with GET.\n");
    }
    let name = if is_screen(&path) { INDEX } else { path.as_str() };
    let Some(ready) = Files::get(name).and_then(|file| ready(name, &file)) else {
        let text =
            if name == INDEX { "The admin is not part of this build.\n" } else { "The admin has no such file.\n" };
        return answer::plain(StatusCode::NOT_FOUND, text);
    };
    respond(name, &ready.document, &request)
}

/// An address inside the admin, which the admin itself makes sense of; files have an extension.
fn is_screen(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !path.starts_with(HASHED) && !last.contains('.')
}

fn ready(name: &str, file: &EmbeddedFile) -> Option<Arc<Ready>> {
    let (files, source) = (READY.pin(), file.metadata.sha256_hash());
    if let Some(ready) = files.get(name).filter(|ready| ready.source == source) {
        return Some(ready.clone());
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let body = Encoded::of(Bytes::from(file.data.clone().into_owned()), &kind);
    let ready = Arc::new(Ready { source, document: Document::new(200, &kind, None, body, 0, false)? });
    files.insert(name.to_owned(), ready.clone());
    Some(ready)
}

fn respond(name: &str, document: &Document, request: &HttpRequest) -> HttpResponse {
    let variant = negotiate::choose(&document.body, &document.etags, request.headers());
    let known = request.headers().get(header::IF_NONE_MATCH).is_some()
        && negotiate::is_unchanged(request.headers(), variant.etag, document.modified_at);
    let mut response = if known {
        HttpResponse::new(StatusCode::NOT_MODIFIED)
    } else {
        HttpResponse::with_body(StatusCode::OK, variant.body.clone()).map_into_boxed_body()
    };
    let headers = response.headers_mut();
    if !known {
        headers.insert(header::CONTENT_TYPE, document.content_type.clone());
        if let Some(encoding) = variant.encoding {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
    }
    let cache = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, variant.etag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_are_told_from_files() {
        for screen in ["", "posts", "posts/0198-aa/", "setup"] {
            assert!(is_screen(screen), "{screen}");
        }
        for file in ["x.css", "posts/x.css", "assets/app", "icon.svg", "../secret.txt", ".env"] {
            assert!(!is_screen(file), "{file}");
        }
    }
}
