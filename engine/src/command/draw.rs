//! The pictures of the library in all sizes that pages name.

use std::path::Path;

use crate::{archive::originals, cores, http::variants, import::progress::Progress, raster};

/// Makes what is missing.
pub fn draw(media: &Path, widths: &[u32]) -> anyhow::Result<()> {
    let mut pictures = originals(media)?;
    pictures.retain(|(name, _)| !raster::formats(name).is_empty());
    let (total, mut progress) = (pictures.len(), Progress::of("pictures"));
    let drawn = cores::each(
        &pictures,
        |(name, _)| variants::write_missing(media, name, widths),
        |done| progress.show(done, total),
    );
    for ((name, _), drawn) in pictures.iter().zip(drawn) {
        // One that cannot be read is shown as it is.
        if let Err(error) = drawn {
            tracing::debug!("no other sizes of {name}: {error}");
        }
    }
    Ok(())
}
