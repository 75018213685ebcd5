//! Variants of pictures: made when a picture comes to the library, or when the first reader asks, and kept beside it.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
};

use image::ImageReader;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::raster::{self, Format};

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
            Ok(Err(error)) => tracing::warn!("no other sizes of the picture {picture} could be made: {error}"),
            Err(error) => tracing::error!("the work on the picture {picture} broke off: {error}"),
        }
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

/// Makes all variants of a picture that are not there. Blocks.
pub fn write_missing(media: &Path, picture: &str, widths: &[u32]) -> io::Result<()> {
    let place = media.join(picture);
    let (width, _) = ImageReader::open(&place)?.with_guessed_format()?.into_dimensions().map_err(io::Error::other)?;
    let widths = raster::widths(widths, width);
    let formats = raster::formats(picture);
    let lies = |width: u32, format: Format| media.join(raster::key(picture, width, format));
    let is_missing = |width: &u32| formats.iter().any(|format| !lies(*width, *format).exists());
    let missing: Vec<_> = widths.into_iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for (width, format, bytes) in raster::made(&fs::read(&place)?, &missing, formats).map_err(io::Error::other)? {
        let place = lies(width, format);
        let folder = place.parent().unwrap_or(media);
        fs::create_dir_all(folder)?;
        // Names with a dot in front are never served, and the last step is one.
        let half = folder.join(format!(".{}", Uuid::new_v4().simple()));
        fs::write(&half, bytes).and_then(|()| fs::rename(&half, &place)).inspect_err(|_| {
            let _ = fs::remove_file(&half);
        })?;
    }
    Ok(())
}
