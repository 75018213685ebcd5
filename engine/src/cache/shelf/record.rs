//! Records: how a page, a body and an inner entry are written down. What is not whole is no record.

use std::{fmt, num::ParseIntError, str::FromStr, sync::Arc};

use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    cache::{
        page::Document,
        state::{Made, Shelved, entry::Facts},
    },
    content::{change::Revision, tag::CacheTag},
    render::{encode::Encoded, inner::Kept, key::PageKey, question::Recorded},
};

/// Names the format; a record of another format is none.
const MAGIC: &[u8; 8] = b"PRNLSH02";
const HASH: usize = 16;

/// The name under which something is kept: a hash, so that no path of a reader becomes a file name. Prints as 32 hexadecimal
/// digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u128);

impl Name {
    pub fn of(key: &str) -> Self {
        let hash = blake3::hash(key.as_bytes());
        Self(u128::from_be_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 16])))
    }

    /// Of a body, by its hash.
    pub fn of_body(hash: &str) -> Self {
        hash.parse().unwrap_or_else(|_| Self::of(hash))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Name {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

/// Everything about a page but its body.
#[derive(Debug, Serialize, Deserialize)]
pub struct PageRecord {
    pub key: PageKey,
    pub facts: Facts,
    reads: Vec<Recorded>,
    tags: Vec<CacheTag>,
    content_type: String,
    location: Option<String>,
}

impl PageRecord {
    pub fn of(key: &PageKey, page: &Shelved<Arc<Document>>) -> Self {
        let text = |value: &actix_web::http::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Self {
            key: key.clone(),
            facts: page.facts.clone(),
            reads: page.reads.clone(),
            tags: page.tags.clone(),
            content_type: text(&page.payload.content_type),
            location: page.payload.location.as_ref().map(text),
        }
    }

    pub fn read(bytes: &[u8]) -> Option<Self> {
        from_json(bytes)
    }

    pub fn write(&self) -> serde_json::Result<Vec<u8>> {
        to_json(self)
    }

    /// The page is known to be good at this later revision, at which its reads carry these tags and spans.
    pub fn confirm(&mut self, reads: Vec<Recorded>, revision: Revision) {
        self.facts.revision = revision;
        self.reads = reads;
    }

    /// The page with its body.
    pub fn document(&self, body: Encoded) -> Option<Document> {
        let Facts { status, modified_at, .. } = self.facts;
        Document::new(status, &self.content_type, self.location.as_deref(), body, modified_at, false)
    }

    pub fn into_made(self) -> (PageKey, Made<()>) {
        let Self { key, facts, reads, tags, .. } = self;
        (key, Made { payload: (), facts, reads, tags, dynamic: false })
    }
}

pub fn read_inner(bytes: &[u8]) -> Option<Kept> {
    from_json(bytes)
}

pub fn write_inner(kept: &Kept) -> serde_json::Result<Vec<u8>> {
    to_json(kept)
}

/// Every encoding of a body.
pub fn write_body(body: &Encoded) -> Vec<u8> {
    let encodings = [Some(&body.identity), body.gzip.as_ref(), body.br.as_ref(), body.zstd.as_ref()];
    let lengths = encodings.map(|bytes| u32::try_from(bytes.map_or(0, Bytes::len)).unwrap_or(u32::MAX).to_le_bytes());
    let mut payload = lengths.concat();
    encodings.into_iter().flatten().for_each(|bytes| payload.extend_from_slice(bytes));
    frame(&payload)
}

/// The body with this hash; `None` when it is another one, or not whole.
pub fn read_body(bytes: Vec<u8>, hash: &str) -> Option<Encoded> {
    let lengths: Vec<_> = open(&bytes)?
        .get(..16)?
        .chunks_exact(4)
        .filter_map(|length| usize::try_from(u32::from_le_bytes(*length.first_chunk()?)).ok())
        .collect();
    let mut rest = Bytes::from(bytes).split_off(MAGIC.len() + HASH + 16);
    let mut next = |nth: usize| {
        let length = *lengths.get(nth)?;
        (length > 0 && length <= rest.len()).then(|| rest.split_to(length))
    };
    let (identity, gzip, br, zstd) = (next(0).unwrap_or_default(), next(1), next(2), next(3));
    let body = Encoded { hash: Encoded::hash_of(&identity), identity, gzip, br, zstd };
    (body.hash == hash && rest.is_empty()).then_some(body)
}

fn to_json<T: Serialize>(value: &T) -> serde_json::Result<Vec<u8>> {
    Ok(frame(&serde_json::to_vec(value)?))
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_slice(open(bytes)?).ok()
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let hash = blake3::hash(payload);
    [MAGIC.as_slice(), hash.as_bytes().get(..HASH).unwrap_or_default(), payload].concat()
}

fn open(bytes: &[u8]) -> Option<&[u8]> {
    let (hash, payload) = bytes.strip_prefix(MAGIC)?.split_at_checked(HASH)?;
    (blake3::hash(payload).as_bytes().get(..HASH)? == hash).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_as_it_was_and_one_that_is_not_whole_does_not() {
        for text in ["short", &"a longer text ".repeat(500), ""] {
            let body = Encoded::of(Bytes::from(text.to_owned()), "text/html");
            let written = write_body(&body);
            assert_eq!(read_body(written.clone(), &body.hash), Some(body.clone()));
            assert_eq!(read_body(written.clone(), &Name::of("another").to_string()), None);
            for (at, _) in written.iter().enumerate().step_by(7) {
                let mut broken = written.clone();
                broken[at] ^= 1;
                assert_eq!(read_body(broken, &body.hash), None, "a flipped bit at {at}");
                assert_eq!(read_body(written[..at].to_vec(), &body.hash), None, "cut at {at}");
            }
        }
    }
}
