//! Variants of pictures: made when a picture comes to the library, or when the first reader asks, and kept beside it.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
};

use image::ImageReader;
use sea_orm::DatabaseConnection;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    cache::pages::Pages,
    content::library,
    raster::{self, Format},
};

/// Decoded pictures are large: no more at once than there are cores.
#[derive(Clone, Debug)]
pub struct Variants {
    media: PathBuf,
    cores: Arc<Semaphore>,
    /// Pictures that are under way, so that each is decoded once for all who ask.
    open: Arc<Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>>,
}

impl Variants {
    pub fn new(media: &Path) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { media: media.to_owned(), cores: Arc::new(Semaphore::new(cores)), open: Arc::default() }
    }

    /// Where the variant lies that this key names, made if it is not there; `None` if no page names it. `widths` are those of the
    /// theme: nobody makes the server work with widths of their own.
    pub async fn find(&self, key: &str, widths: &[u32]) -> Option<PathBuf> {
        let place = self.media.join(key);
        if fs::exists(&place).unwrap_or(false) {
            return Some(place);
        }
        let (picture, ..) = raster::parse(key)?;
        self.make(&picture, widths).await;
        fs::exists(&place).unwrap_or(false).then_some(place)
    }

    /// The largest size of a picture that pages name, made if it is not there, in the format that every program can show.
    pub async fn widest(&self, picture: &str, widths: &[u32]) -> Option<PathBuf> {
        let (media, name, asked) = (self.media.clone(), picture.to_owned(), widths.to_vec());
        let place = tokio::task::spawn_blocking(move || widest(&media, &name, &asked)).await.ok()?.ok()??;
        if !fs::exists(&place).unwrap_or(false) {
            self.make(picture, widths).await;
        }
        Some(place)
    }

    /// Makes all variants of a picture that are not there.
    pub async fn make(&self, picture: &str, widths: &[u32]) {
        if raster::formats(picture).is_empty() {
            return;
        }
        let turn = self.turn(picture);
        let _alone = turn.lock().await;
        let Ok(_core) = self.cores.acquire().await else { return };
        let (media, name, widths) = (self.media.clone(), picture.to_owned(), widths.to_vec());
        let work = tokio::task::spawn_blocking(move || write_missing(&media, &name, &widths)).await;
        match work {
            Ok(Ok(())) => {}
            // Readers ask for anything.
            Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Ok(Err(error)) => tracing::warn!("no other sizes of the picture {picture} could be made: {error}"),
            Err(error) => tracing::error!("the work on the picture {picture} broke off: {error}"),
        }
    }

    /// Makes pictures that came by another way than the library's own, one after the other.
    pub async fn complete(&self, readers: &DatabaseConnection, pages: &Pages) {
        match library::storage_keys(readers).await {
            Ok(pictures) => {
                for picture in pictures {
                    self.make(&picture, &pages.stage().theme.images.widths).await;
                }
            }
            Err(error) => tracing::warn!("the pictures of the library cannot be listed: {error}"),
        }
    }

    /// Deletes a picture in all its sizes, or another file. Blocks.
    pub fn discard(&self, key: &str) -> io::Result<()> {
        let place = self.media.join(key);
        let folder = place.parent().filter(|folder| *folder != self.media);
        let gone = |result: io::Result<()>| match result {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        };
        for entry in folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten() {
            let sizes = entry?.path();
            for format in raster::formats(key).iter().filter(|_| sizes.is_dir()) {
                let width = sizes.file_name().and_then(|name| name.to_str()?.strip_prefix('w')?.parse().ok());
                let Some(width) = width else { continue };
                gone(fs::remove_file(self.media.join(raster::key(key, width, *format))))?;
            }
            let _ = fs::remove_dir(&sizes); // Another picture's sizes may lie there.
        }
        gone(fs::remove_file(&place))?;
        let _ = folder.map(fs::remove_dir); // Likewise.
        Ok(())
    }

    fn turn(&self, picture: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = open.get(picture).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        open.insert(picture.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

/// Where the largest size of a picture lies once it is made; nothing for what is made into no other sizes. Blocks.
pub fn widest(media: &Path, picture: &str, widths: &[u32]) -> io::Result<Option<PathBuf>> {
    let widest = raster::widths(widths, width(&media.join(picture))?).pop();
    let format = raster::formats(picture).last();
    Ok(widest.zip(format).map(|(width, format)| media.join(raster::key(picture, width, *format))))
}

fn width(picture: &Path) -> io::Result<u32> {
    let (width, _) = ImageReader::open(picture)?.with_guessed_format()?.into_dimensions().map_err(io::Error::other)?;
    Ok(width)
}

/// Makes all variants of a picture that are not there. Blocks.
pub fn write_missing(media: &Path, picture: &str, widths: &[u32]) -> io::Result<()> {
    let place = media.join(picture);
    let widths = raster::widths(widths, width(&place)?);
    let formats = raster::formats(picture);
    let lies = |width: u32, format: Format| media.join(raster::key(picture, width, format));
    let is_missing = |width: &u32| formats.iter().any(|format| !lies(*width, *format).exists());
    let missing: Vec<_> = widths.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    match raster::made(&fs::read(&place)?, &missing, formats) {
        Ok(made) => made
            .into_iter()
            .try_for_each(|(width, format, bytes)| put(&lies(width, format), |half| fs::write(half, &bytes))),
        // Pages name sizes of every picture. One that moves, or cannot be read whole, is shown as it is in all of them.
        Err(error) => {
            tracing::debug!("{picture} has no other sizes: {error}");
            let all = missing.iter().flat_map(|width| formats.iter().map(|format| lies(*width, *format)));
            all.into_iter().try_for_each(|variant| put(&variant, |half| fs::hard_link(&place, half)))
        }
    }
}

/// Gives a file its name when it is whole. Names with a dot in front are never served.
fn put(place: &Path, write: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    let folder = place.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    let half = folder.join(format!(".{}", Uuid::new_v4().simple()));
    write(&half).and_then(|()| fs::rename(&half, place)).inspect_err(|_| {
        let _ = fs::remove_file(&half); // There may be none.
    })
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat};

    use super::*;

    #[test]
    fn every_size_that_a_page_names_is_there_even_of_what_cannot_be_drawn() {
        let media = tempfile::tempdir().unwrap();
        fs::create_dir(media.path().join("ab")).unwrap();
        let whole = media.path().join("ab/a.png");
        DynamicImage::new_rgb8(600, 300).save_with_format(&whole, ImageFormat::Png).unwrap();
        let cut = fs::read(&whole).unwrap();
        fs::write(media.path().join("ab/b.png"), &cut[..cut.len() / 2]).unwrap();
        for picture in ["ab/a.png", "ab/b.png"] {
            write_missing(media.path(), picture, &[400, 800]).unwrap();
            write_missing(media.path(), picture, &[400, 800]).unwrap();
        }
        let names = |width: u32| [format!("ab/w{width}/a.png.webp"), format!("ab/w{width}/b.png.webp")];
        for name in [400, 600].into_iter().flat_map(names) {
            assert!(media.path().join(&name).is_file(), "{name}");
        }
        assert_eq!(fs::read(media.path().join("ab/w400/b.png.webp")).unwrap(), &cut[..cut.len() / 2]);
        assert_eq!(fs::read_dir(media.path().join("ab/w400")).unwrap().count(), 2);
        assert!(write_missing(media.path(), "ab/none.png", &[400]).is_err());
    }
}
