//! Origins: whether a browser sends a request from a page of this site. Pure.

use actix_web::http::header::{self, HeaderMap, HeaderName};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    OwnPage,
    ForeignPage,
    /// The request does not say: not a browser of today.
    Unsaid,
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Pages cannot write these headers themselves, so they tell the truth wherever a browser sends them.
pub fn sender(headers: &HeaderMap, site_url: &str) -> Sender {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let own = |own: bool| if own { Sender::OwnPage } else { Sender::ForeignPage };
    if let Some(site) = text(SEC_FETCH_SITE) {
        return own(site == "same-origin");
    }
    let Some(origin) = text(header::ORIGIN) else { return Sender::Unsaid };
    // Browsers older than the first header; the site's own origin, or the host that the page itself was asked of.
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let asked = text(header::HOST).unwrap_or_default();
    own(origin.eq_ignore_ascii_case(origin_of(site_url)) || (!host.is_empty() && host.eq_ignore_ascii_case(asked)))
}

/// `https://example.org` of `https://example.org/blog`.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |slash| start + slash);
    url.get(..end).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn of(pairs: &[(&'static str, &'static str)]) -> Sender {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        sender(&headers, "https://blog.example/sub")
    }

    #[test]
    fn a_page_of_another_site_is_found_out() {
        assert_eq!(of(&[("sec-fetch-site", "same-origin")]), Sender::OwnPage);
        for foreign in ["cross-site", "same-site", "none", ""] {
            assert_eq!(of(&[("sec-fetch-site", foreign), ("origin", "https://blog.example")]), Sender::ForeignPage);
        }
        assert_eq!(of(&[("origin", "https://blog.example")]), Sender::OwnPage);
        assert_eq!(of(&[("origin", "http://10.0.0.2:8080"), ("host", "10.0.0.2:8080")]), Sender::OwnPage);
        for foreign in ["https://evil.example", "https://blog.example.evil.example", "null", "http://blog.example", ""]
        {
            assert_eq!(of(&[("origin", foreign), ("host", "10.0.0.2")]), Sender::ForeignPage, "{foreign}");
        }
        assert_eq!(of(&[("host", "blog.example")]), Sender::Unsaid);
    }
}
