//! Pictures made of pixels: cleaned of what was written beside them, and made anew in other widths and formats. Pure work on bytes.

mod card;
mod clean;
mod color;
mod variant;

pub use self::{
    card::{Card, HEIGHT as CARD_HEIGHT, WIDTH as CARD_WIDTH, card, has_letters},
    clean::clean,
    color::color,
    variant::{Format, formats, is_original, key, made, parse, widths},
};

/// The longest side of a picture, and how many pixels it may have: a small file can claim any number.
pub const LONGEST_SIDE: u32 = 20_000;
pub const MOST_PIXELS: u64 = 100_000_000;

#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    #[error("this picture is damaged: {0}")]
    Damaged(String),
    #[error("this picture moves, and is kept as it is")]
    Moves,
    #[error("{width} × {height} pixels are too many; make the picture smaller before you upload it")]
    TooLarge { width: u32, height: u32 },
}

impl From<image::ImageError> for RasterError {
    fn from(error: image::ImageError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<img_parts::Error> for RasterError {
    fn from(error: img_parts::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Refuses what nobody should decode.
pub fn fits(width: u32, height: u32) -> Result<(), RasterError> {
    let large = width.max(height) > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS;
    if large { Err(RasterError::TooLarge { width, height }) } else { Ok(()) }
}
