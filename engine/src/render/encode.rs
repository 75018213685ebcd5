//! Encodings of a page's body, made once when it is rendered.

use std::io::Write;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

/// A body below this many bytes is stored as it is: compressing would not save a packet.
const WORTHWHILE: usize = 1024;

/// For inputs of a known size, the strongest level that does not search trees: those cost twice the whole render.
const ZSTD: i32 = 6;

/// From this many bytes on, which only feeds and maps of the site have, brotli is told to hurry: they are made anew by every
/// edit of what they list, and a tenth fewer bytes would cost four times as long.
const LARGE: usize = 64 << 10;

/// A body in every encoding worth keeping. All come from the same render, so they cannot disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// Hash of the identity body, in hexadecimal; ETags are made of it.
    pub hash: String,
    pub identity: Bytes,
    pub gzip: Option<Bytes>,
    pub br: Option<Bytes>,
    pub zstd: Option<Bytes>,
}

impl Encoded {
    pub fn of(body: Bytes, content_type: &str) -> Self {
        let hash = Self::hash_of(&body);
        let textual = ["text/", "application/json", "application/xml", "application/", "image/svg"];
        let worthwhile = body.len() >= WORTHWHILE && textual.iter().any(|kind| content_type.starts_with(kind));
        let smaller = |encoded: std::io::Result<Vec<u8>>| {
            encoded.ok().filter(|encoded| encoded.len() < body.len()).map(Bytes::from)
        };
        let (gzip, br, zstd) = if worthwhile {
            (smaller(gzip(&body)), smaller(br(&body)), smaller(zstd::bulk::compress(&body, ZSTD)))
        } else {
            (None, None, None)
        };
        Self { hash, identity: body, gzip, br, zstd }
    }

    /// What tells a body from every other.
    pub fn hash_of(identity: &[u8]) -> String {
        blake3::hash(identity).to_hex().chars().take(32).collect()
    }

    /// Bytes of all encodings together.
    pub fn bytes(&self) -> usize {
        let optional = [&self.gzip, &self.br, &self.zstd];
        self.identity.len() + optional.into_iter().flatten().map(Bytes::len).sum::<usize>()
    }
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::new(6));
    encoder.write_all(body)?;
    encoder.finish()
}

/// A window no larger than the body needs, for the encoder's tables grow with it; below 17 it would search more slowly.
fn br(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoded = Vec::with_capacity(body.len() / 3);
    let lgwin = (usize::BITS - body.len().leading_zeros()).clamp(17, 22);
    let lgwin = i32::try_from(lgwin).unwrap_or(22);
    let quality = if body.len() < LARGE { 5 } else { 3 };
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin, size_hint: body.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*body, &mut encoded, &params)?;
    Ok(encoded)
}
