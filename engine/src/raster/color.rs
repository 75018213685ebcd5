//! The colour that a picture has most of: what stands in its place until it is there.

use std::{collections::HashMap, io::Cursor};

use image::{DynamicImage, ImageReader};

use super::fits;

/// So few pixels say as much as all of them.
const SIDE: u32 = 48;

/// `#rrggbb`; `None` where something may shine through the picture, or its pixels cannot be read.
pub fn color(bytes: &[u8]) -> Option<String> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let (width, height) = reader()?.into_dimensions().ok()?;
    fits(width, height).ok()?;
    of_pixels(&reader()?.decode().ok()?)
}

fn of_pixels(picture: &DynamicImage) -> Option<String> {
    if picture.color().has_alpha() {
        return None;
    }
    // Shades that are alike are counted together; of the most frequent, the mean is taken.
    let mut shades: HashMap<[u8; 3], [u32; 4]> = HashMap::new();
    for pixel in picture.thumbnail(SIDE, SIDE).into_rgb8().pixels() {
        let [count, sums @ ..] = shades.entry(pixel.0.map(|part| part >> 5)).or_default();
        *count += 1;
        sums.iter_mut().zip(pixel.0).for_each(|(sum, part)| *sum += u32::from(part));
    }
    // Of two that are as frequent, the same is taken each time.
    let (_, [count, sums @ ..]) = shades.into_iter().max_by_key(|(shade, [count, ..])| (*count, *shade))?;
    let [red, green, blue] = sums.map(|sum| sum / count);
    Some(format!("#{red:02x}{green:02x}{blue:02x}"))
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    #[test]
    fn it_is_the_colour_there_is_most_of() {
        let sky = RgbImage::from_fn(400, 300, |_, y| if y < 200 { Rgb([40, 120, 220]) } else { Rgb([250, 240, 20]) });
        assert_eq!(of_pixels(&sky.into()).as_deref(), Some("#2878dc"));
    }

    #[test]
    fn what_has_holes_or_cannot_be_read_has_none() {
        let mut png = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(4, 4).write_to(&mut png, ImageFormat::Png).unwrap();
        assert_eq!(color(png.get_ref()), None);
        assert_eq!(color(b"GIF89a"), None);
        assert_eq!(color(b"<svg/>"), None);
    }
}
