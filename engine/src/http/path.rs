//! Paths of requests: one spelling for each page, decided before anything is looked up.

use std::borrow::Cow;

/// The longest path that is answered, in bytes.
const LONGEST: usize = 1_024;

#[derive(Debug, PartialEq, Eq)]
pub enum Canonical<'p> {
    /// The decoded path under which a page is stored.
    Path(Cow<'p, str>),
    /// Another spelling is the page's one address.
    Moved(String),
    /// No page can be here, whatever the site has.
    Nothing,
}

/// Decodes a request's path and refuses what no page's path can be: control characters, broken encodings, dot segments,
/// back-slashes. Doubled slashes lead to the path without them.
pub fn canonical(path: &str) -> Canonical<'_> {
    if path.len() > LONGEST || !path.starts_with('/') {
        return Canonical::Nothing;
    }
    if path == "/index" {
        return Canonical::Path(Cow::Borrowed("/"));
    }
    if is_plain(path) {
        return Canonical::Path(Cow::Borrowed(path));
    }
    let well_formed = path.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes().take(2);
        digits.next().is_some_and(|d| d.is_ascii_hexdigit()) && digits.next().is_some_and(|d| d.is_ascii_hexdigit())
    });
    let Ok(decoded) = percent_encoding::percent_decode_str(path).decode_utf8() else { return Canonical::Nothing };
    let encoded_slash = path.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"%2f"));
    let odd = decoded.chars().any(|c| c.is_control() || matches!(c, '\\' | '?' | '#'));
    let dots = decoded.split('/').any(|segment| matches!(segment, "." | ".."));
    if !well_formed || encoded_slash || odd || dots {
        return Canonical::Nothing;
    }
    if decoded.contains("//") {
        let mut single = String::with_capacity(decoded.len());
        for c in decoded.chars() {
            if c != '/' || !single.ends_with('/') {
                single.push(c);
            }
        }
        return Canonical::Moved(crate::render::address::encode(&single));
    }
    Canonical::Path(decoded)
}

/// Nothing in it needs decoding or a closer look.
fn is_plain(path: &str) -> bool {
    let mut before = b' ';
    path.bytes().all(|byte| {
        let doubled = before == b'/' && matches!(byte, b'/' | b'.');
        before = byte;
        !doubled && (byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(path: &str) -> Option<String> {
        match canonical(path) {
            Canonical::Path(path) => Some(path.into_owned()),
            _ => None,
        }
    }

    #[test]
    fn every_spelling_of_a_path_is_one_page() {
        assert_eq!(path("/hello/").as_deref(), Some("/hello/"));
        assert_eq!(path("/h%65llo/").as_deref(), Some("/hello/"));
        assert_eq!(path("/caf%C3%A9/").as_deref(), Some("/café/"));
        assert_eq!(path("/index").as_deref(), Some("/"));
        assert_eq!(canonical("//evil.example//x"), Canonical::Moved("/evil.example/x".into()));
    }

    #[test]
    fn what_no_page_can_be_called_is_refused() {
        for bad in [
            "/%zz",
            "/%",
            "/a%00b",
            "/%ff",
            "/../etc/passwd",
            "/%2e%2e/x",
            "/a/./b",
            "/a%2fb",
            "/a%5cb",
            "/a%3fb",
            "x",
            "/a\\b",
        ] {
            assert_eq!(canonical(bad), Canonical::Nothing, "{bad}");
        }
        assert_eq!(canonical(&format!("/{}", "x".repeat(2_000))), Canonical::Nothing);
    }

    proptest! {
        #[test]
        fn a_canonical_path_is_its_own_canonical_form(raw in "/[a-z0-9%./é ]{0,20}") {
            if let Some(once) = path(&raw) {
                prop_assert!(once.starts_with('/'));
                let again = canonical(&crate::render::address::encode(&once)).clone_path();
                prop_assert_eq!(again, Some(once));
            }
        }
    }

    impl Canonical<'_> {
        fn clone_path(&self) -> Option<String> {
            match self {
                Self::Path(path) => Some(path.to_string()),
                _ => None,
            }
        }
    }
}
