//! Theme assets: files served under a name that holds their content's hash, so that they never change.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{ThemeError, files::Files, squeeze};

#[derive(Clone, Debug)]
pub struct Asset {
    /// `/assets/style.1f3a9c0b2d4e.css`
    pub url: String,
    pub hash: blake3::Hash,
    pub content_type: String,
    /// As it is served.
    pub body: Bytes,
}

/// The files below `assets/`.
#[derive(Clone, Debug, Default)]
pub struct Assets(BTreeMap<String, Asset>);

impl Assets {
    pub(super) fn gather(files: &Files) -> Result<Self, ThemeError> {
        let mut assets = Self::default();
        // Stylesheets last: they name the others.
        let (styles, others): (Vec<_>, _) = files.below("assets")?.into_iter().partition(|path| path.ends_with(".css"));
        for path in others.into_iter().chain(styles) {
            let body = files.bytes(&format!("assets/{path}"))?.into_owned();
            let body = match (std::str::from_utf8(&body), path.rsplit_once('.').map(|(_, extension)| extension)) {
                (Ok(text), Some("css")) => squeeze::css(&assets.with_urls(&path, text)).into_bytes(),
                (Ok(text), Some("js" | "mjs")) => squeeze::js(text).into_bytes(),
                _ => body,
            };
            assets.0.insert(path.clone(), Asset::new(&path, body.into()));
        }
        Ok(assets)
    }

    /// A stylesheet in which `url(font.woff2)` leads to where that asset is served.
    fn with_urls(&self, path: &str, text: &str) -> String {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("url(") {
            let (inner, after) = after.split_once(')').unwrap_or((after, ""));
            let name = inner.trim().trim_matches(['"', '\'']).trim_start_matches("./");
            let beside = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            let url = self.0.get(&beside).map_or(inner, |asset| &asset.url);
            out.extend([before, "url(", url, ")"]);
            rest = after;
        }
        out + rest
    }

    /// By its name in the theme, such as `style.css`.
    pub fn named(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&String, &Asset)> {
        self.0.iter()
    }
}

impl Asset {
    fn new(path: &str, body: Bytes) -> Self {
        let hash = blake3::hash(&body);
        let short = hash.to_hex().chars().take(12).collect::<String>();
        let url = match path.rsplit_once('.') {
            Some((stem, extension)) => format!("/assets/{stem}.{short}.{extension}"),
            None => format!("/assets/{path}.{short}"),
        };
        let content_type = mime_guess::from_path(path).first_or_octet_stream();
        let text = content_type.type_() == "text" || content_type.subtype() == "javascript";
        let content_type = if text { format!("{content_type}; charset=utf-8") } else { content_type.to_string() };
        Self { url, hash, content_type, body }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_stylesheet_leads_to_the_files_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("assets/fonts")).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join("assets").join(name), text).unwrap();
        write("fonts/a.woff2", "font");
        write("fonts/a.css", "@font-face { src: url(\"a.woff2\") }\np { background: url(https://x.example/a.png) }");
        write("b.css", "@font-face { src: url(./fonts/a.woff2) format(\"woff2\") }");
        let assets = Assets::gather(&Files::Folder(folder.path().into())).unwrap();
        let font = &assets.named("fonts/a.woff2").unwrap().url;
        let text = |name: &str| String::from_utf8(assets.named(name).unwrap().body.to_vec()).unwrap();
        assert_eq!(
            text("fonts/a.css"),
            format!("@font-face{{src: url({font})}}p{{background: url(https://x.example/a.png)}}")
        );
        assert_eq!(text("b.css"), format!("@font-face{{src: url({font}) format(\"woff2\")}}"));
    }
}
