//! Answers to readers: a page's bytes with the headers of the contract.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};

use crate::{
    cache::{page::Document, state::Millis},
    render::preview::Previewed,
};

use super::negotiate;

/// What the answer had to do with the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    Hit,
    /// An older page; a new one is being made.
    Stale,
    /// The last good page, because making a new one failed.
    Degraded,
    /// Waited for a render.
    Miss,
    Bypass,
}

/// Until when a page may be used, as the answer's headers say it.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    pub fresh_until: Option<Millis>,
    pub expires_at: Millis,
    pub now: Millis,
}

const CACHE: HeaderName = HeaderName::from_static("x-perennial-cache");
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");

/// Nothing may keep this answer.
pub const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache, no-store, max-age=0, must-revalidate");
const UNLIMITED: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=31536000");
/// How long a cache in front may keep a page for what was not found, or the last good page after a failure, in seconds.
const BRIEFLY: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=3");

/// Makes the answer to one request for `document`. `policy`: of the stage that made it.
pub fn page(
    document: &Document,
    policy: &HeaderValue,
    headers: &HeaderMap,
    served: Served,
    life: Life,
) -> HttpResponse {
    let variant = negotiate::choose(&document.body, &document.etags, headers);
    let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::OK);
    let unchanged = status == StatusCode::OK
        && served != Served::Bypass
        && negotiate::is_unchanged(headers, variant.etag, document.modified_at);
    let mut response = if unchanged {
        HttpResponse::new(StatusCode::NOT_MODIFIED)
    } else {
        HttpResponse::with_body(status, variant.body.clone()).map_into_boxed_body()
    };
    let out = response.headers_mut();
    if !unchanged {
        out.insert(header::CONTENT_TYPE, document.content_type.clone());
        if let Some(encoding) = variant.encoding {
            out.insert(header::CONTENT_ENCODING, encoding);
        }
    }
    if let Some(location) = &document.location {
        out.insert(header::LOCATION, location.clone());
    }
    if document.content_type.as_bytes().starts_with(b"text/html") {
        out.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if served != Served::Bypass {
        out.insert(header::ETAG, variant.etag.clone());
        out.insert(header::LAST_MODIFIED, document.last_modified.clone());
    }
    say(out, served, status, life);
    response
}

/// What caches may do with the answer, and what ours did.
fn say(out: &mut HeaderMap, served: Served, status: StatusCode, life: Life) {
    let (word, status_word) = match served {
        Served::Hit => ("HIT", "perennial; hit"),
        Served::Stale => ("STALE", "perennial; hit; detail=stale"),
        Served::Degraded => ("STALE", "perennial; hit; detail=degraded"),
        Served::Miss => ("MISS", "perennial; fwd=uri-miss; stored"),
        Served::Bypass => ("BYPASS", "perennial; fwd=bypass"),
    };
    out.insert(CACHE, HeaderValue::from_static(word));
    let left = life.fresh_until.map(|until| until - life.now).filter(|_| matches!(served, Served::Hit | Served::Stale));
    let told =
        left.and_then(|left| HeaderValue::from_str(&format!("{status_word}; ttl={}", left.div_euclid(1000))).ok());
    out.insert(CACHE_STATUS, told.unwrap_or(HeaderValue::from_static(status_word)));
    let control = match (served, life.fresh_until) {
        (Served::Bypass, _) => PRIVATE,
        (Served::Degraded, _) => BRIEFLY,
        _ if matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) => BRIEFLY,
        (_, None) => UNLIMITED,
        (_, Some(until)) => {
            // Rounded up: a page of this second has its whole period before it.
            let seconds = |until: Millis| ((until - life.now).max(0) + 999) / 1000;
            let left = seconds(until);
            let stale = seconds(life.expires_at) - left;
            let cdn = if stale > 0 {
                format!("max-age={left}, stale-while-revalidate={stale}")
            } else {
                format!("max-age={left}")
            };
            if let Ok(cdn) = HeaderValue::from_str(&cdn) {
                out.insert(CDN_CACHE_CONTROL, cdn);
            }
            HeaderValue::from_str(&format!("public, max-age=0, s-maxage={left}")).unwrap_or(PRIVATE)
        }
    };
    out.insert(header::CACHE_CONTROL, control);
}

/// A page for whoever holds a link to it: nothing keeps it, no search engine lists it, no other site learns its address,
/// and only the site's own admin may show it in a frame.
pub fn preview(page: Previewed) -> HttpResponse {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(location) = page.location {
        response.insert_header((header::LOCATION, location));
    }
    response
        .insert_header((header::CACHE_CONTROL, PRIVATE))
        .insert_header((CACHE, HeaderValue::from_static("BYPASS")))
        .insert_header((CACHE_STATUS, HeaderValue::from_static("perennial; fwd=bypass")))
        .insert_header((ROBOTS, HeaderValue::from_static("noindex, nofollow")))
        .insert_header((header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
        .insert_header((header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'self'")))
        .insert_header((header::CONTENT_TYPE, page.content_type))
        .body(page.body)
}

/// A small answer of the engine's own that nothing keeps.
pub fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, PRIVATE))
        .insert_header((CACHE, HeaderValue::from_static("BYPASS")))
        .content_type("text/plain; charset=utf-8")
        .body(text)
}
