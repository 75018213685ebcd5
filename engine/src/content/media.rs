//! Media: the URLs of the library's files, and what is known of pictures.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::media;

/// A point of a picture that stays in sight when it is cut to another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Focus {
    /// Percent from the left.
    pub x: u8,
    /// Percent from the top.
    pub y: u8,
}

impl Focus {
    pub(in crate::content) fn of(file: &media::Model) -> Option<Self> {
        let percent = |side: Option<i32>| side.and_then(|side| u8::try_from(side).ok());
        Some(Self { x: percent(file.focus_x)?, y: percent(file.focus_y)? })
    }
}

const FOLDER: &str = "/media/";

/// Where a file of the library is served.
pub fn url(storage_key: &str) -> String {
    format!("{FOLDER}{storage_key}")
}

/// The storage key behind a URL of the library; `None` when it leads elsewhere.
pub fn key(url: &str) -> Option<&str> {
    url.strip_prefix(FOLDER)
}

/// The URLs of files of the library that sanitised HTML shows as images, as often as it does.
pub fn shown(html: &str) -> Vec<&str> {
    let sources = html.split("<img ").skip(1).filter_map(|tag| {
        let (_, source) = tag.split_once('>').map_or(tag, |(tag, _)| tag).split_once("src=\"")?;
        Some(source.split_once('"')?.0)
    });
    sources.filter(|url| key(url).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_text_shows_what_its_images_name() {
        let html = r#"<p><img src="/media/ab/a.jpg" alt=""> &lt;img src="/media/ab/no.jpg"&gt;</p><img alt="b" src="/media/ab/b.png"><img src="https://e.example/c.png">"#;
        assert_eq!(shown(html), ["/media/ab/a.jpg", "/media/ab/b.png"]);
    }
}
