//! Cleaning: a picture without what cameras and programs wrote beside it (places, names, earlier versions), turned upright.

use std::io::Cursor;

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
    metadata::Orientation,
};
use img_parts::{
    ImageEXIF,
    jpeg::{Jpeg, markers},
    png::Png,
    webp::{CHUNK_ANIM, CHUNK_XMP, WebP},
};

use super::{RasterError, fits};

/// Of a photograph that has to be turned, and so written anew.
const QUALITY: u8 = 92;

/// What a PNG needs to be shown as it is meant: everything else is about it, not of it.
const PNG_CHUNKS: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD",
    b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The picture in the file, to be seen as before; colour profiles stay. A file that is no JPEG, PNG or WebP comes back as it is.
pub fn clean(bytes: Vec<u8>) -> Result<Vec<u8>, RasterError> {
    match image::guess_format(&bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => match upright(&bytes, format)? {
            Some(turned) => Ok(turned),
            None => stripped(bytes.into(), format),
        },
        _ => Ok(bytes),
    }
}

/// The picture written anew, if the file says that it has to be turned to be seen.
fn upright(bytes: &[u8], format: ImageFormat) -> Result<Option<Vec<u8>>, RasterError> {
    let animated = WebP::from_bytes(Bytes::copy_from_slice(bytes)).is_ok_and(|webp| webp.has_chunk(CHUNK_ANIM));
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder()?;
    let (width, height) = decoder.dimensions();
    fits(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    if orientation == Orientation::NoTransforms || animated {
        return Ok(None);
    }
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let mut out = Vec::new();
    match format {
        ImageFormat::Jpeg => write(JpegEncoder::new_with_quality(&mut out, QUALITY), &picture, profile)?,
        ImageFormat::Png => write(PngEncoder::new(&mut out), &picture, profile)?,
        _ => write(WebPEncoder::new_lossless(&mut out), &picture, profile)?,
    }
    Ok(Some(out))
}

fn write(mut encoder: impl ImageEncoder, picture: &DynamicImage, profile: Option<Vec<u8>>) -> Result<(), RasterError> {
    if let Some(profile) = profile {
        // An encoder that has no place for one gives colours as they are without.
        let _ = encoder.set_icc_profile(profile);
    }
    Ok(picture.write_with_encoder(encoder)?)
}

fn stripped(bytes: Bytes, format: ImageFormat) -> Result<Vec<u8>, RasterError> {
    let encoded = match format {
        ImageFormat::Jpeg => {
            let mut jpeg = Jpeg::from_bytes(bytes)?;
            jpeg.segments_mut().retain(|segment| match segment.marker() {
                markers::APP0 | markers::APP14 => true,
                markers::APP2 => segment.contents().starts_with(b"ICC_PROFILE\0"),
                markers::APP1..=markers::APP15 | markers::COM => false,
                _ => true,
            });
            jpeg.encoder().bytes()
        }
        ImageFormat::Png => {
            let mut png = Png::from_bytes(bytes)?;
            png.chunks_mut().retain(|chunk| PNG_CHUNKS.contains(&&chunk.kind()));
            png.encoder().bytes()
        }
        _ => {
            let mut webp = WebP::from_bytes(bytes)?;
            webp.remove_chunks_by_id(CHUNK_XMP);
            webp.set_exif(None);
            webp.encoder().bytes()
        }
    };
    Ok(encoded.into())
}

#[cfg(test)]
mod tests {
    use image::GenericImageView;
    use img_parts::{jpeg::JpegSegment, png::PngChunk};

    use super::*;

    /// Sixteen pixels wide, 24 high, the upper left corner red.
    fn picture(format: ImageFormat) -> Vec<u8> {
        let mut picture = image::RgbImage::new(16, 24);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            *pixel = if x < 8 && y < 8 { image::Rgb([250, 0, 0]) } else { image::Rgb([0, 0, 90]) };
        }
        let mut file = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    /// EXIF that says how to turn the picture, and a secret.
    fn exif(orientation: u8) -> Bytes {
        let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        tiff[18] = orientation;
        tiff.extend_from_slice(b"52.5200 N, 13.4050 E");
        tiff.into()
    }

    fn has(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn where_a_photograph_was_taken_is_nobodys_business() {
        let mut jpeg = Jpeg::from_bytes(picture(ImageFormat::Jpeg).into()).unwrap();
        jpeg.set_exif(Some(exif(1)));
        jpeg.segments_mut().insert(1, JpegSegment::new_with_contents(markers::COM, Bytes::from_static(b"52.5200 N")));
        let icc = Bytes::from_static(b"ICC_PROFILE\0\x01\x01profile");
        jpeg.segments_mut().insert(1, JpegSegment::new_with_contents(markers::APP2, icc));
        let mut png = Png::from_bytes(picture(ImageFormat::Png).into()).unwrap();
        png.chunks_mut().insert(1, PngChunk::new(*b"tEXt", Bytes::from_static(b"Place\x0052.5200 N")));
        let mut webp = WebP::from_bytes(picture(ImageFormat::WebP).into()).unwrap();
        webp.set_exif(Some(exif(1)));
        for (file, format) in [
            (jpeg.encoder().bytes(), ImageFormat::Jpeg),
            (png.encoder().bytes(), ImageFormat::Png),
            (webp.encoder().bytes(), ImageFormat::WebP),
        ] {
            let before = image::load_from_memory_with_format(&file, format).unwrap();
            let cleaned = clean(file.to_vec()).unwrap();
            assert!(has(&file, b"52.5200"), "{format:?}");
            assert!(!has(&cleaned, b"52.5200"), "{format:?}");
            assert_eq!(has(&cleaned, b"ICC_PROFILE\0\x01\x01profile"), format == ImageFormat::Jpeg);
            assert_eq!(image::load_from_memory_with_format(&cleaned, format).unwrap(), before, "{format:?}");
            assert_eq!(clean(cleaned.clone()).unwrap(), cleaned, "cleaning twice is cleaning once");
        }
    }

    #[test]
    fn a_picture_that_lies_is_put_upright() {
        let mut jpeg = Jpeg::from_bytes(picture(ImageFormat::Jpeg).into()).unwrap();
        jpeg.set_exif(Some(exif(6)));
        let cleaned = clean(jpeg.encoder().bytes().to_vec()).unwrap();
        let turned = image::load_from_memory(&cleaned).unwrap();
        assert_eq!(turned.dimensions(), (24, 16));
        let [red, _, blue, _] = turned.get_pixel(20, 3).0;
        assert!(red > 150 && blue < 100, "the red corner is at the upper right now: {red} {blue}");
        assert!(!has(&cleaned, b"52.5200"));
    }

    #[test]
    fn what_is_no_picture_or_damaged_is_not_guessed_at() {
        assert_eq!(clean(b"%PDF-1.7".to_vec()).unwrap(), b"%PDF-1.7");
        let whole = picture(ImageFormat::Png);
        assert!(clean(whole[..40].to_vec()).is_err());
    }
}
