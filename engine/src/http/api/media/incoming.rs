//! A file on its way into the library: written beside it, looked at, and only then given its place.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{kind, kind::Kind, vector};
use crate::{
    http::problem::{ApiError, Outcome},
    raster,
};

/// The largest file, in bytes.
const LARGEST: u64 = 50 * 1024 * 1024;
const LARGEST_IN_WORDS: &str = "50 MiB";

/// How long a file may take to arrive.
pub const ARRIVAL: Duration = Duration::from_secs(20 * 60);

/// How much of the beginning tells what a file is.
const HEAD: usize = 4_096;

/// How many characters a name keeps, its extension aside.
const NAME: usize = 80;

/// A file that is not in the library yet. Dropping it deletes it.
#[derive(Debug)]
pub struct Incoming {
    file: tokio::fs::File,
    path: Temporary,
    hasher: blake3::Hasher,
    bytes: u64,
}

/// A file that lies in its place.
#[derive(Debug)]
pub struct Received {
    pub hash: String,
    pub name: String,
    pub mime: &'static str,
    pub bytes: u64,
    pub size: Option<(u32, u32)>,
    pub storage_key: String,
    pub color: Option<String>,
}

/// What is left of a file.
struct Cleaned {
    hash: String,
    bytes: u64,
    color: Option<String>,
}

#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0); // It has been moved away, as a rule.
    }
}

impl Incoming {
    /// On the same disk as the library, so that it can be moved in one step. Names with a dot in front are never served.
    pub async fn begin(media: &Path) -> Outcome<Self> {
        let folder = media.join(".incoming");
        tokio::fs::create_dir_all(&folder).await.map_err(unwritable)?;
        let path = Temporary(folder.join(Uuid::new_v4().simple().to_string()));
        let file = tokio::fs::File::create_new(&path.0).await.map_err(unwritable)?;
        Ok(Self { file, path, hasher: blake3::Hasher::new(), bytes: 0 })
    }

    pub async fn write(&mut self, chunk: &[u8]) -> Outcome<()> {
        self.bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if self.bytes > LARGEST {
            return Err(ApiError::TooLarge(LARGEST_IN_WORDS));
        }
        self.hasher.update(chunk);
        self.file.write_all(chunk).await.map_err(unwritable)?;
        // What the disk refuses is known now, not after the file has been called received.
        self.file.flush().await.map_err(unwritable)
    }

    /// Looks at what has arrived and moves it to its place, which its content decides. Blocks.
    pub fn settle(self, media: &Path, name: &str) -> Outcome<Received> {
        let mut head = Vec::new();
        let file = File::open(&self.path.0).map_err(unwritable)?;
        file.take(u64::try_from(HEAD).unwrap_or(u64::MAX)).read_to_end(&mut head).map_err(unwritable)?;
        let kind = kind::of(&head).ok_or(ApiError::UnsupportedMedia(
            "Only JPEG, PNG, GIF, WebP, AVIF, SVG, PDF, MP4 and MP3 files are kept, whatever they are called.",
        ))?;
        if kind == Kind::Svg {
            vector::check(&fs::read(&self.path.0).map_err(unwritable)?)?;
        }
        kind::dimensions(kind, &self.path.0)?;
        let Cleaned { hash, bytes, color } = self.cleaned(kind)?;
        let size = kind::dimensions(kind, &self.path.0)?;
        let name = safe(name, kind.extension());
        let storage_key = format!("{}/{name}", hash.get(..16).unwrap_or(&hash));
        let place = media.join(&storage_key);
        if !place.exists() {
            File::open(&self.path.0).and_then(|file| file.sync_all()).map_err(unwritable)?;
            fs::create_dir_all(place.parent().unwrap_or(media)).map_err(unwritable)?;
            fs::rename(&self.path.0, &place).map_err(unwritable)?;
        }
        Ok(Received { hash, name, mime: kind.mime(), bytes, size, storage_key, color })
    }
}

impl Incoming {
    /// Takes out of a picture what was written beside it.
    fn cleaned(&self, kind: Kind) -> Outcome<Cleaned> {
        if !matches!(kind, Kind::Jpeg | Kind::Png | Kind::Webp) {
            return Ok(Cleaned { hash: self.hasher.finalize().to_hex().to_string(), bytes: self.bytes, color: None });
        }
        let before = fs::read(&self.path.0).map_err(unwritable)?;
        let after = raster::clean(before).map_err(kind::refused)?;
        fs::write(&self.path.0, &after).map_err(unwritable)?;
        Ok(Cleaned {
            hash: blake3::hash(&after).to_hex().to_string(),
            bytes: u64::try_from(after.len()).unwrap_or(u64::MAX),
            color: raster::color(&after),
        })
    }
}

fn unwritable(error: io::Error) -> ApiError {
    ApiError::internal(format!("the media folder cannot be written: {error}"))
}

/// A name that is the same in every file system and URL, with the extension of what the file is.
fn safe(name: &str, extension: &str) -> String {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let slug: String = slug::slugify(stem).chars().take(NAME).collect();
    let slug = slug.trim_matches('-');
    format!("{}.{extension}", if slug.is_empty() { "file" } else { slug })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn incoming(folder: &Path, content: &[u8]) -> Incoming {
        let mut incoming = Incoming::begin(folder).await.unwrap();
        incoming.write(content).await.unwrap();
        incoming
    }

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_name_becomes_harmless() {
        assert_eq!(safe("Größe & Gewicht.JPG", "jpg"), "grosse-gewicht.jpg");
        assert_eq!(safe("../../etc/passwd", "png"), "passwd.png");
        assert_eq!(safe("C:\\evil\\a.jpg.html", "gif"), "a-jpg.gif");
        assert_eq!(safe(".htaccess", "svg"), "file.svg");
        assert!(safe(&"x".repeat(300), "png").len() <= 84);
    }

    #[actix_web::test]
    async fn a_file_is_kept_by_what_it_is_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let gif = kind::tests::image(image::ImageFormat::Gif);
        let gif = gif.as_slice();
        let first = incoming(folder.path(), gif).await.settle(folder.path(), "photo.html").unwrap();
        assert_eq!((first.mime, first.size), ("image/gif", Some((2, 3))));
        assert!(first.storage_key.ends_with("/photo.gif"), "{}", first.storage_key);
        assert_eq!(fs::read(folder.path().join(&first.storage_key)).unwrap(), gif);
        let again = incoming(folder.path(), gif).await.settle(folder.path(), "photo.html").unwrap();
        assert_eq!(again.storage_key, first.storage_key);
        assert_eq!(files(&folder.path().join(".incoming")), 0);
    }

    #[actix_web::test]
    async fn what_is_refused_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let html = incoming(folder.path(), b"<!doctype html><script>alert(1)</script>").await;
        assert!(matches!(html.settle(folder.path(), "a.jpg"), Err(ApiError::UnsupportedMedia(_))));
        let mut large = Incoming::begin(folder.path()).await.unwrap();
        large.bytes = LARGEST;
        assert!(matches!(large.write(b"x").await, Err(ApiError::TooLarge(_))));
        drop(large);
        assert_eq!(files(&folder.path().join(".incoming")), 0);
        assert_eq!(files(folder.path()), 1);
    }
}
