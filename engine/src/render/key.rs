//! Page keys: the one spelling under which a page is stored.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A decoded path and, after a `?`, the query keys that the route declares, sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageKey(Arc<str>);

impl PageKey {
    /// `path` is canonical: decoded, beginning with a slash, without `?`.
    pub fn of_path(path: &str) -> Self {
        Self(path.into())
    }

    /// `query` holds decoded declared pairs.
    pub fn with_query(path: &str, mut query: Vec<(String, String)>) -> Self {
        if query.is_empty() {
            return Self::of_path(path);
        }
        query.sort();
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let pairs: Vec<_> = query.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        Self(format!("{path}?{}", pairs.join("&")).into())
    }

    pub fn path(&self) -> &str {
        self.0.split_once('?').map_or(&self.0, |(path, _)| path)
    }

    pub fn query(&self) -> Vec<(String, String)> {
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs = self.0.split_once('?').map_or("", |(_, query)| query);
        pairs
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (decode(key), decode(value)))
            .collect()
    }

    /// Whether the page is at `root` or below it, by whole segments.
    pub fn is_below(&self, root: &str) -> bool {
        let root = root.trim_end_matches('/');
        self.path().strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// So that a map of pages can be asked with a borrowed path.
impl std::borrow::Borrow<str> for PageKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
