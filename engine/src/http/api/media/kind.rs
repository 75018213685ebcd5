//! Kinds of files, told by how they begin, whatever they are called.

use std::path::Path;

use image::ImageReader;

use crate::{
    content::error::StoreError,
    http::problem::{ApiError, Outcome},
    raster::{self, RasterError},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Gif,
    Webp,
    Avif,
    Svg,
    Pdf,
    Mp4,
    Mp3,
}

impl Kind {
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Svg => "image/svg+xml",
            Self::Pdf => "application/pdf",
            Self::Mp4 => "video/mp4",
            Self::Mp3 => "audio/mpeg",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Avif => "avif",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Mp4 => "mp4",
            Self::Mp3 => "mp3",
        }
    }
}

/// `head` is the beginning of the file.
pub fn of(head: &[u8]) -> Option<Kind> {
    let brand = head.get(4..12).and_then(|part| part.strip_prefix(b"ftyp"));
    match head {
        [0xff, 0xd8, 0xff, ..] => Some(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Kind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Kind::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::Webp),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Kind::Pdf),
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => Some(Kind::Mp3),
        _ => match brand {
            Some(b"avif" | b"avis") => Some(Kind::Avif),
            Some(b"isom" | b"iso2" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"dash") => {
                Some(Kind::Mp4)
            }
            Some(_) => None,
            None => is_svg(head).then_some(Kind::Svg),
        },
    }
}

/// After comments and declarations the first element is `svg`.
fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            comment if comment.starts_with("<!--") => "-->",
            declaration if declaration.starts_with("<?") => "?>",
            doctype if doctype.get(..13).is_some_and(|text| text.eq_ignore_ascii_case("<!doctype svg")) => ">",
            _ => break,
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
    rest.strip_prefix("<svg").is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>'))
}

/// Width and height as the file's header has them; no pixel is decoded. Refuses what a browser would choke on.
pub fn dimensions(kind: Kind, path: &Path) -> Outcome<Option<(u32, u32)>> {
    let format = match kind {
        Kind::Jpeg => image::ImageFormat::Jpeg,
        Kind::Png => image::ImageFormat::Png,
        Kind::Gif => image::ImageFormat::Gif,
        Kind::Webp => image::ImageFormat::WebP,
        Kind::Avif | Kind::Svg | Kind::Pdf | Kind::Mp4 | Kind::Mp3 => return Ok(None),
    };
    let mut reader = ImageReader::open(path).map_err(ApiError::internal)?;
    reader.set_format(format);
    let broken = |_| StoreError::invalid("file", "This image is damaged: its header cannot be read.");
    let (width, height) = reader.into_dimensions().map_err(broken)?;
    raster::fits(width, height).map_err(refused)?;
    Ok(Some((width, height)))
}

pub fn refused(error: RasterError) -> ApiError {
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    StoreError::invalid("file", format!("{sentence}.")).into()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(of(b"\xff\xd8\xff\xe0"), Some(Kind::Jpeg));
        assert_eq!(of(b"RIFF\0\0\0\0WEBPVP8 "), Some(Kind::Webp));
        assert_eq!(of(b"\0\0\0\x1cftypavif"), Some(Kind::Avif));
        assert_eq!(of(b"\0\0\0\x1cftypisom"), Some(Kind::Mp4));
        assert_eq!(of(b"<!DOCTYPE svg PUBLIC \"x\"><svg>"), Some(Kind::Svg));
        assert_eq!(of(b"<?xml version=\"1.0\"?>\n<!-- a --><svg xmlns=\"x\">"), Some(Kind::Svg));
        for other in
            [&b"<!doctype html><svg>"[..], b"<html>", b"<svgx>", b"MZ", b"", b"\0\0\0\x1cftypheic", b"<!-- <svg> "]
        {
            assert_eq!(of(other), None, "{other:?}");
        }
    }

    /// Two pixels wide, three high.
    pub fn image(format: image::ImageFormat) -> Vec<u8> {
        let mut file = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(2, 3).write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    #[test]
    fn the_size_is_read_from_the_header_and_a_bomb_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (kind, format) in [(Kind::Png, image::ImageFormat::Png), (Kind::Jpeg, image::ImageFormat::Jpeg)] {
            std::fs::write(&path, image(format)).unwrap();
            assert_eq!(dimensions(kind, &path).unwrap(), Some((2, 3)));
        }
        let mut bomb = image(image::ImageFormat::Gif);
        bomb[6..10].fill(0xff);
        std::fs::write(&path, bomb).unwrap();
        let error = dimensions(Kind::Gif, &path).unwrap_err().to_string();
        assert!(error.contains("65535 × 65535 pixels"), "{error}");
        std::fs::write(&path, b"GIF89a").unwrap();
        assert!(dimensions(Kind::Gif, &path).unwrap_err().to_string().contains("damaged"));
    }
}
