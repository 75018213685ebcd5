//! Variants: one picture in the widths and formats that readers' screens choose from.

use std::io::Cursor;

use bytes::Bytes;
use fast_image_resize::{PixelType, Resizer, images::Image};
#[cfg(feature = "avif")]
use image::codecs::avif::AvifEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, ImageReader, codecs::jpeg::JpegEncoder};

use img_parts::{
    png::Png,
    webp::{CHUNK_ANIM, WebP},
};

use super::{RasterError, fits};

const JPEG_QUALITY: u8 = 80;
const WEBP_QUALITY: f32 = 78.0;
/// Edges of drawings and letters suffer more than photographs do.
const WEBP_QUALITY_OF_DRAWINGS: f32 = 90.0;
#[cfg(feature = "avif")]
const AVIF_QUALITY: u8 = 65;
#[cfg(feature = "avif")]
const AVIF_QUALITY_OF_DRAWINGS: u8 = 80;
/// Of 1, which takes minutes for a photograph, to 10.
#[cfg(feature = "avif")]
const AVIF_SPEED: u8 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    #[cfg(feature = "avif")]
    Avif,
    Webp,
    Jpeg,
}

#[cfg(feature = "avif")]
const SMALLEST_FIRST: [Format; 3] = [Format::Avif, Format::Webp, Format::Jpeg];
#[cfg(not(feature = "avif"))]
const SMALLEST_FIRST: [Format; 2] = [Format::Webp, Format::Jpeg];

impl Format {
    fn extension(self) -> &'static str {
        match self {
            #[cfg(feature = "avif")]
            Self::Avif => "avif",
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            #[cfg(feature = "avif")]
            Self::Avif => "image/avif",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The format that a file of this name has itself.
    pub fn of(name: &str) -> Option<Self> {
        let extension = extension(name)?;
        let known = if extension == "jpeg" { "jpg" } else { extension.as_str() };
        SMALLEST_FIRST.into_iter().find(|format| format.extension() == known)
    }
}

fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

/// What a file of this name is made into, the smallest first and last what every program can show; nothing for what has no
/// pixels or may move.
pub fn formats(name: &str) -> &'static [Format] {
    const PHOTOGRAPHS: &[Format] = &SMALLEST_FIRST;
    match extension(name).as_deref() {
        Some("jpg" | "jpeg") => PHOTOGRAPHS,
        Some("png" | "webp") => PHOTOGRAPHS.split_last().map_or(&[], |(_jpeg, others)| others),
        _ => &[],
    }
}

/// Where the variant of a file lies, and is served: beside it, in a folder of its width. `storage_key` is `folder/name`, or a URL
/// that ends so.
pub fn key(storage_key: &str, width: u32, format: Format) -> String {
    let (folder, name) = storage_key.rsplit_once('/').unwrap_or(("", storage_key));
    match Format::of(name) == Some(format) {
        true => format!("{folder}/w{width}/{name}"),
        false => format!("{folder}/w{width}/{name}.{}", format.extension()),
    }
}

/// The file, width and format that [`key`] made this of.
pub fn parse(key: &str) -> Option<(String, u32, Format)> {
    let (rest, name) = key.rsplit_once('/')?;
    let (folder, width) = rest.rsplit_once("/w")?;
    let (width, format) = (width.parse().ok()?, Format::of(name)?);
    let makes = |file: &str| formats(file).contains(&format);
    let (original, _) = name.rsplit_once('.')?;
    let file = if makes(original) && Format::of(original) != Some(format) { original } else { name };
    makes(file).then(|| (format!("{folder}/{file}"), width, format))
}

/// Whether a file of this name is a picture as it was uploaded, and other sizes can be made of it.
pub fn is_original(name: &str) -> bool {
    !formats(name).is_empty() && parse(name).is_none()
}

/// The widths that a picture is made in, from what the theme asks for: none is wider than the picture, and the widest is
/// the picture's own unless the theme wants less.
pub fn widths(theme: &[u32], own: u32) -> Vec<u32> {
    let widest = theme.iter().copied().max().unwrap_or_default().min(own);
    let mut widths: Vec<_> = theme.iter().copied().filter(|width| *width < widest).collect();
    widths.extend((widest > 0).then_some(widest));
    widths.sort_unstable();
    widths.dedup();
    widths
}

/// The picture in each of these widths and formats.
pub fn made(bytes: &[u8], widths: &[u32], formats: &[Format]) -> Result<Vec<(u32, Format, Vec<u8>)>, RasterError> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let reader = reader().map_err(|error| RasterError::Damaged(error.to_string()))?;
    let drawing = reader.format() != Some(ImageFormat::Jpeg);
    if moves(bytes) {
        return Err(RasterError::Moves);
    }
    let decoded = reader.decode()?;
    fits(decoded.width(), decoded.height())?;
    let source = Pixels::of(decoded)?;
    let mut variants = Vec::with_capacity(widths.len() * formats.len());
    for width in widths {
        let smaller = source.resized(*width)?;
        for format in formats {
            variants.push((*width, *format, smaller.encoded(*format, drawing)?));
        }
    }
    Ok(variants)
}

/// Whether there is more than one image in the file, one after the other.
fn moves(bytes: &[u8]) -> bool {
    let bytes = || Bytes::copy_from_slice(bytes);
    WebP::from_bytes(bytes()).is_ok_and(|webp| webp.has_chunk(CHUNK_ANIM))
        || Png::from_bytes(bytes()).is_ok_and(|png| png.chunk_by_type(*b"acTL").is_some())
}

/// Three or four bytes for each pixel, so that all encoders take them.
struct Pixels {
    image: Image<'static>,
}

impl Pixels {
    fn of(decoded: DynamicImage) -> Result<Self, RasterError> {
        let (width, height) = (decoded.width(), decoded.height());
        let image = match decoded.color().has_alpha() {
            true => Image::from_vec_u8(width, height, decoded.into_rgba8().into_raw(), PixelType::U8x4),
            false => Image::from_vec_u8(width, height, decoded.into_rgb8().into_raw(), PixelType::U8x3),
        };
        Ok(Self { image: image.map_err(damaged)? })
    }

    fn resized(&self, width: u32) -> Result<Self, RasterError> {
        let (own, tall) = (u64::from(self.image.width()), u64::from(self.image.height()));
        let height = (tall * u64::from(width) + own / 2) / own.max(1);
        let height = u32::try_from(height.max(1)).unwrap_or(u32::MAX);
        let mut image = Image::new(width, height, self.image.pixel_type());
        Resizer::new().resize(&self.image, &mut image, None).map_err(damaged)?;
        Ok(Self { image })
    }

    fn encoded(&self, format: Format, drawing: bool) -> Result<Vec<u8>, RasterError> {
        let (width, height, pixels) = (self.image.width(), self.image.height(), self.image.buffer());
        let layout = match self.image.pixel_type() {
            PixelType::U8x4 => webp::PixelLayout::Rgba,
            _ => webp::PixelLayout::Rgb,
        };
        match format {
            #[cfg(feature = "avif")]
            Format::Avif => {
                let quality = if drawing { AVIF_QUALITY_OF_DRAWINGS } else { AVIF_QUALITY };
                let color = match layout {
                    webp::PixelLayout::Rgb => ExtendedColorType::Rgb8,
                    webp::PixelLayout::Rgba => ExtendedColorType::Rgba8,
                };
                let mut out = Vec::new();
                let encoder = AvifEncoder::new_with_speed_quality(&mut out, AVIF_SPEED, quality);
                encoder.write_image(pixels, width, height, color)?;
                Ok(out)
            }
            Format::Webp => {
                let quality = if drawing { WEBP_QUALITY_OF_DRAWINGS } else { WEBP_QUALITY };
                let encoder = webp::Encoder::new(pixels, layout, width, height);
                let encoded = encoder.encode_simple(false, quality);
                Ok(encoded.map_err(|error| RasterError::Damaged(format!("{error:?}")))?.to_vec())
            }
            Format::Jpeg => {
                let mut out = Vec::new();
                let encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
                match layout {
                    webp::PixelLayout::Rgb => encoder.write_image(pixels, width, height, ExtendedColorType::Rgb8)?,
                    webp::PixelLayout::Rgba => {
                        let opaque: Vec<u8> =
                            pixels.chunks_exact(4).flat_map(|pixel| pixel.iter().take(3)).copied().collect();
                        encoder.write_image(&opaque, width, height, ExtendedColorType::Rgb8)?;
                    }
                }
                Ok(out)
            }
        }
    }
}

fn damaged(error: impl std::fmt::Display) -> RasterError {
    RasterError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_variant_is_wider_than_the_picture_or_the_theme_wants() {
        let theme = [400, 800, 1600];
        assert_eq!(widths(&theme, 4_000), [400, 800, 1600]);
        assert_eq!(widths(&theme, 1_000), [400, 800, 1_000]);
        assert_eq!(widths(&theme, 800), [400, 800]);
        assert_eq!(widths(&theme, 120), [120]);
        assert_eq!(widths(&[], 120), [] as [u32; 0]);
    }

    #[test]
    fn a_variant_lies_where_it_is_looked_for() {
        for (name, format) in [
            ("ab/a.jpg", Format::Jpeg),
            ("ab/a.JPEG", Format::Webp),
            ("ab/a.png", Format::Webp),
            ("ab/a.webp", Format::Webp),
        ] {
            assert_eq!(parse(&key(name, 800, format)), Some((name.to_owned(), 800, format)));
        }
        for name in ["ab/a.jpg", "ab/a.png", "ab/a.b.webp"] {
            for format in formats(name) {
                assert_eq!(parse(&key(name, 800, *format)), Some((name.to_owned(), 800, *format)));
            }
        }
        assert_eq!(key("/media/ab/a.png", 400, Format::Webp), "/media/ab/w400/a.png.webp");
        for other in ["ab/a.jpg", "ab/w800/a.png", "ab/wide/a.jpg", "w800/a.jpg"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_picture_keeps_its_shape_and_what_can_be_seen_through() {
        let mut png = Cursor::new(Vec::new());
        let half = image::RgbaImage::from_pixel(300, 200, image::Rgba([0, 200, 0, 120]));
        DynamicImage::ImageRgba8(half).write_to(&mut png, ImageFormat::Png).unwrap();
        let variants = made(png.get_ref(), &[150, 300], &[Format::Webp, Format::Jpeg]).unwrap();
        let sizes: Vec<_> = variants
            .iter()
            .map(|(width, format, bytes)| {
                let variant = image::load_from_memory(bytes).unwrap();
                (*width, *format, variant.width(), variant.height(), variant.color().has_alpha())
            })
            .collect();
        assert_eq!(
            sizes,
            [
                (150, Format::Webp, 150, 100, true),
                (150, Format::Jpeg, 150, 100, false),
                (300, Format::Webp, 300, 200, true),
                (300, Format::Jpeg, 300, 200, false),
            ]
        );
        assert!(made(b"no picture", &[150], &[Format::Webp]).is_err());
    }

    #[cfg(feature = "avif")]
    #[test]
    fn the_smallest_format_is_offered_first() {
        assert_eq!(formats("a.jpg"), [Format::Avif, Format::Webp, Format::Jpeg]);
        assert_eq!(formats("a.png"), [Format::Avif, Format::Webp]);
        let mut png = Cursor::new(Vec::new());
        let half = image::RgbaImage::from_fn(300, 200, |x, y| image::Rgba([x as u8, y as u8, 90, 120]));
        DynamicImage::ImageRgba8(half).write_to(&mut png, ImageFormat::Png).unwrap();
        let variants = made(png.get_ref(), &[150], formats("a.png")).unwrap();
        let [(_, Format::Avif, avif), (_, Format::Webp, webp)] = variants.as_slice() else { panic!("{variants:?}") };
        assert_eq!((&avif[4..12], &webp[8..12]), (&b"ftypavif"[..], &b"WEBP"[..]));
    }

    #[test]
    fn what_moves_is_not_stopped() {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(40, 20).write_to(&mut file, ImageFormat::Png).unwrap();
        let mut png = Png::from_bytes(file.into_inner().into()).unwrap();
        png.chunks_mut()
            .insert(1, img_parts::png::PngChunk::new(*b"acTL", Bytes::from_static(&[0, 0, 0, 2, 0, 0, 0, 0])));
        let error = made(&png.encoder().bytes(), &[20], &[Format::Webp]).unwrap_err();
        assert!(matches!(error, RasterError::Moves), "{error}");
    }

    #[test]
    fn a_very_narrow_picture_keeps_a_pixel() {
        let mut png = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(4_000, 1).write_to(&mut png, ImageFormat::Png).unwrap();
        let variants = made(png.get_ref(), &[400], &[Format::Webp]).unwrap();
        let variant = image::load_from_memory(&variants[0].2).unwrap();
        assert_eq!((variant.width(), variant.height()), (400, 1));
    }
}
