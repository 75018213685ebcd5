//! Negotiation: which encoding of a page a request gets, and whether it has that already (RFC 9110, 12.5.3 and 13.1).

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use bytes::Bytes;

use crate::{
    cache::{page::Etags, state::Millis},
    render::encode::Encoded,
};

/// One encoding of a page.
#[derive(Debug)]
pub struct Variant<'p> {
    pub body: &'p Bytes,
    pub etag: &'p HeaderValue,
    pub encoding: Option<HeaderValue>,
}

const BR: u8 = 1;
const ZSTD: u8 = 2;
const GZIP: u8 = 4;

/// The smallest stored encoding that the request accepts, by our own preference: br, zstd, gzip, none.
pub fn choose<'p>(body: &'p Encoded, etags: &'p Etags, headers: &HeaderMap) -> Variant<'p> {
    let accepted = headers.get(header::ACCEPT_ENCODING).map_or(0, |value| accepted(value.as_bytes()));
    let coded = [
        (BR, &body.br, &etags.br, "br"),
        (ZSTD, &body.zstd, &etags.zstd, "zstd"),
        (GZIP, &body.gzip, &etags.gzip, "gzip"),
    ];
    for (bit, body, etag, name) in coded {
        if let (true, Some(body)) = (accepted & bit != 0, body) {
            return Variant { body, etag, encoding: Some(HeaderValue::from_static(name)) };
        }
    }
    Variant { body: &body.identity, etag: &etags.identity, encoding: None }
}

/// A bit for each encoding that the header names, or `*` stands for, without refusing it by `q=0`.
fn accepted(header: &[u8]) -> u8 {
    let (mut named, mut accepted, mut any) = (0, 0, false);
    for item in header.split(|byte| *byte == b',') {
        let mut parts = item.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(is_zero);
        let bit = match name {
            b"br" => BR,
            b"zstd" => ZSTD,
            b"gzip" | b"x-gzip" => GZIP,
            b"*" => {
                any = !refused;
                continue;
            }
            _ => continue,
        };
        named |= bit;
        if !refused {
            accepted |= bit;
        }
    }
    if any { accepted | (!named & (BR | ZSTD | GZIP)) } else { accepted }
}

/// `q=0`, `q=0.0`, …
fn is_zero(parameter: &[u8]) -> bool {
    let value = parameter.strip_prefix(b"q=").or_else(|| parameter.strip_prefix(b"Q="));
    value.is_some_and(|value| !value.is_empty() && value.iter().all(|byte| matches!(byte, b'0' | b'.')))
}

/// The request's own copy is still good.
pub fn is_unchanged(headers: &HeaderMap, etag: &HeaderValue, modified_at: Millis) -> bool {
    if let Some(known) = headers.get(header::IF_NONE_MATCH) {
        let etag = etag.as_bytes();
        return known
            .as_bytes()
            .split(|byte| *byte == b',')
            .map(<[u8]>::trim_ascii)
            .any(|known| known == b"*" || known.strip_prefix(b"W/").unwrap_or(known) == etag);
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    let since = since.and_then(|value| httpdate::parse_http_date(value).ok());
    let since = since.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.is_some_and(|since| i64::try_from(since.as_millis()).is_ok_and(|since| since >= modified_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_only_where_it_is_accepted() {
        assert_eq!(accepted(b"gzip, deflate, br, zstd"), BR | ZSTD | GZIP);
        assert_eq!(accepted(b"br;q=0, gzip;q=0.5"), GZIP);
        assert_eq!(accepted(b"*;q=0.1, br; q=0.000"), ZSTD | GZIP);
        assert_eq!(accepted(b"identity"), 0);
        assert_eq!(accepted(b""), 0);
    }

    #[test]
    fn validators_are_compared_weakly_and_dates_only_without_them() {
        let etag = HeaderValue::from_static("\"abc-br\"");
        let with = |name, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            headers
        };
        assert!(is_unchanged(&with(header::IF_NONE_MATCH, "\"x\", W/\"abc-br\""), &etag, 0));
        assert!(is_unchanged(&with(header::IF_NONE_MATCH, "*"), &etag, 0));
        assert!(!is_unchanged(&with(header::IF_NONE_MATCH, "\"abc\""), &etag, 0));
        let mut both = with(header::IF_NONE_MATCH, "\"other\"");
        both.insert(header::IF_MODIFIED_SINCE, HeaderValue::from_static("Sun, 06 Nov 2044 08:49:37 GMT"));
        assert!(!is_unchanged(&both, &etag, 0));
        assert!(is_unchanged(
            &with(header::IF_MODIFIED_SINCE, "Sun, 06 Nov 1994 08:49:37 GMT"),
            &etag,
            784_111_777_000
        ));
        assert!(!is_unchanged(
            &with(header::IF_MODIFIED_SINCE, "Sun, 06 Nov 1994 08:49:37 GMT"),
            &etag,
            784_111_777_001
        ));
    }
}
