//! Media: the URLs of the library's files.

const FOLDER: &str = "/media/";

/// Where a file of the library is served.
pub fn url(storage_key: &str) -> String {
    format!("{FOLDER}{storage_key}")
}

/// The storage key behind a URL of the library; `None` when it leads elsewhere.
pub fn key(url: &str) -> Option<&str> {
    url.strip_prefix(FOLDER)
}
