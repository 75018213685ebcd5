//! Theme assets: files served under a name that holds their content's hash, so that they never change.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{ThemeError, files::Files};

#[derive(Clone, Debug)]
pub struct Asset {
    /// `/assets/style.1f3a9c0b2d4e.css`
    pub url: String,
    pub hash: blake3::Hash,
    pub content_type: String,
    pub body: Bytes,
}

/// The files below `assets/`.
#[derive(Clone, Debug, Default)]
pub struct Assets(BTreeMap<String, Asset>);

impl Assets {
    pub(super) fn gather(files: &Files) -> Result<Self, ThemeError> {
        let mut assets = BTreeMap::new();
        for path in files.below("assets")? {
            let body = Bytes::from(files.bytes(&format!("assets/{path}"))?.into_owned());
            let hash = blake3::hash(&body);
            let short = hash.to_hex().chars().take(12).collect::<String>();
            let url = match path.rsplit_once('.') {
                Some((stem, extension)) => format!("/assets/{stem}.{short}.{extension}"),
                None => format!("/assets/{path}.{short}"),
            };
            let content_type = mime_guess::from_path(&path).first_or_octet_stream();
            let text = content_type.type_() == "text" || content_type.subtype() == "javascript";
            let content_type = if text { format!("{content_type}; charset=utf-8") } else { content_type.to_string() };
            assets.insert(path, Asset { url, hash, content_type, body });
        }
        Ok(Self(assets))
    }

    /// By its name in the theme, such as `style.css`.
    pub fn named(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }

    /// By the URL that it is served under.
    pub fn at(&self, url: &str) -> Option<&Asset> {
        self.0.values().find(|asset| asset.url == url)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Asset)> {
        self.0.iter()
    }
}
