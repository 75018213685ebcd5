//! The shelf: pages on disk, so that a restart begins with what was made before.
//!
//! One self-contained file a page: magic, length and hash of the description, the description as JSON, the bodies. A file
//! is written under a temporary name, synced and renamed; whatever is not whole and of this site is a miss.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    content::tag::CacheTag,
    render::{encode::Encoded, key::PageKey, question::Recorded},
};

use super::{
    page::Document,
    state::{Made, Shelved, entry::Facts},
};

/// Names the format; a file of another format is ignored.
const MAGIC: &[u8; 8] = b"PRNLPG01";
const HASH: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    #[error("the cache folder {} cannot be used: {problem}; set PERENNIAL_CACHE_URL to another place or to memory:", folder.display())]
    Folder { folder: PathBuf, problem: io::Error },
}

/// Everything about a page but its bodies.
#[derive(Debug, Serialize, Deserialize)]
struct Description {
    site: Uuid,
    key: PageKey,
    facts: Facts,
    reads: Vec<Recorded>,
    tags: Vec<CacheTag>,
    content_type: String,
    location: Option<String>,
    /// Lengths of identity, gzip, br and zstd, in the order of the bodies; zero where there is none.
    lengths: [usize; 4],
    /// Over all bodies.
    hash: String,
}

enum Job {
    Put(PageKey, Box<Shelved<Arc<Document>>>),
    Remove(PageKey),
    /// Everything before it is done.
    Answer(mpsc::Sender<()>),
}

/// A folder of pages. Writing is one thread's work, in order; nobody waits for it.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
    site: Uuid,
    jobs: mpsc::Sender<Job>,
}

impl Shelf {
    pub fn open(folder: &Path, site: Uuid) -> Result<Self, ShelfError> {
        let failed = |problem| ShelfError::Folder { folder: folder.to_owned(), problem };
        fs::create_dir_all(folder).map_err(failed)?;
        let (jobs, queue) = mpsc::channel();
        let shelf = Self { folder: folder.to_owned(), site, jobs };
        let (folder, site) = (shelf.folder.clone(), site);
        thread::Builder::new().name("shelf".into()).spawn(move || work(&folder, site, &queue)).map_err(failed)?;
        Ok(shelf)
    }

    pub(super) fn put(&self, key: PageKey, page: Box<Shelved<Arc<Document>>>) {
        // The thread ends only with the last handle.
        let _ = self.jobs.send(Job::Put(key, page));
    }

    pub(super) fn remove(&self, key: PageKey) {
        let _ = self.jobs.send(Job::Remove(key));
    }

    /// Waits until everything that was put here is on disk, or gives up after `patience`. Blocks.
    pub fn settle(&self, patience: Duration) {
        let (done, answer) = mpsc::channel();
        let asked = self.jobs.send(Job::Answer(done));
        if asked.is_err() || answer.recv_timeout(patience).is_err() {
            tracing::warn!("not every page could be shelved in time; the others are made again after the start");
        }
    }

    /// The page as it was shelved with these facts, or `None` when the file is another, broken or gone. Blocks.
    pub(super) fn load(&self, key: &PageKey, expected: &Facts) -> Option<Document> {
        let path = file_of(&self.folder, key);
        let bytes = fs::read(&path).ok()?;
        let (description, bodies) = describe(&bytes)?;
        let current =
            description.site == self.site && description.key == *key && description.facts.hash == expected.hash;
        let whole = blake3::hash(bodies).to_hex().as_str() == description.hash;
        if !current || !whole {
            if !whole {
                tracing::warn!(file = %path.display(), "a shelved page was broken and is made again");
            }
            return None;
        }
        document(&description, bodies)
    }

    /// Descriptions of all whole pages of this site that are still `current`. Others are removed; broken files are counted
    /// and named in the log. Blocks.
    pub fn scan(&self, current: impl Fn(&PageKey, &Made<()>) -> bool) -> Vec<(PageKey, Made<()>)> {
        let mut found = Vec::new();
        let (mut outdated, mut broken) = (0, 0);
        for path in files(&self.folder) {
            match read_description(&path) {
                Some(page) if page.site == self.site && file_of(&self.folder, &page.key) == path => {
                    let made =
                        Made { payload: (), facts: page.facts, reads: page.reads, tags: page.tags, dynamic: false };
                    if current(&page.key, &made) {
                        found.push((page.key, made));
                    } else {
                        outdated += 1;
                        let _ = fs::remove_file(&path);
                    }
                }
                Some(_) => {}
                None => {
                    broken += 1;
                    tracing::warn!(file = %path.display(), "a shelved page was broken and is removed");
                    let _ = fs::remove_file(&path);
                }
            }
        }
        tracing::info!(pages = found.len(), outdated, broken, "the shelf was read");
        found
    }
}

fn work(folder: &Path, site: Uuid, queue: &mpsc::Receiver<Job>) {
    for job in queue {
        let (key, result) = match job {
            Job::Put(key, page) => {
                let result = write(folder, site, &key, &page);
                (key, result)
            }
            Job::Remove(key) => {
                let result = fs::remove_file(file_of(folder, &key));
                (key, result.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }))
            }
            Job::Answer(done) => {
                // Whoever asked may have given up.
                let _ = done.send(());
                continue;
            }
        };
        if let Err(error) = result {
            tracing::warn!(page = %key, %error, "a page could not be shelved; it stays in memory and is made again after a restart");
        }
    }
}

fn write(folder: &Path, site: Uuid, key: &PageKey, page: &Shelved<Arc<Document>>) -> io::Result<()> {
    let body = &page.payload.body;
    let bodies = [Some(&body.identity), body.gzip.as_ref(), body.br.as_ref(), body.zstd.as_ref()];
    let mut hasher = blake3::Hasher::new();
    for bytes in bodies.iter().flatten() {
        hasher.update(bytes);
    }
    let text = |value: &actix_web::http::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let description = serde_json::to_vec(&Description {
        site,
        key: key.clone(),
        facts: page.facts.clone(),
        reads: page.reads.clone(),
        tags: page.tags.clone(),
        content_type: text(&page.payload.content_type),
        location: page.payload.location.as_ref().map(text),
        lengths: bodies.map(|bytes| bytes.map_or(0, Bytes::len)),
        hash: hasher.finalize().to_hex().to_string(),
    })?;
    let path = file_of(folder, key);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let temporary = path.with_extension("tmp");
    let mut file = io::BufWriter::new(fs::File::create(&temporary)?);
    file.write_all(MAGIC)?;
    file.write_all(&u32::try_from(description.len()).unwrap_or(u32::MAX).to_le_bytes())?;
    file.write_all(blake3::hash(&description).as_bytes().get(..HASH).unwrap_or_default())?;
    file.write_all(&description)?;
    for bytes in bodies.into_iter().flatten() {
        file.write_all(bytes)?;
    }
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&temporary, &path)
}

/// `ab/cdef….page`, by the hash of the key, so that no path of a reader becomes a file name.
fn file_of(folder: &Path, key: &PageKey) -> PathBuf {
    let hash = blake3::hash(key.as_str().as_bytes()).to_hex();
    let (first, rest) = hash.split_at(2);
    folder.join(first).join(format!("{}.page", rest.get(..30).unwrap_or(rest)))
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let folders =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let files =
        folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "page"))
}

fn read_description(path: &Path) -> Option<Description> {
    use io::Read;
    let mut file = fs::File::open(path).ok()?;
    let mut head = [0; 12 + HASH];
    file.read_exact(&mut head).ok()?;
    let length = u32::from_le_bytes(*head.get(8..12)?.first_chunk()?);
    let mut bytes = head.to_vec();
    file.take(u64::from(length)).read_to_end(&mut bytes).ok()?;
    describe(&bytes).map(|(description, _)| description)
}

fn describe(bytes: &[u8]) -> Option<(Description, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let length = usize::try_from(u32::from_le_bytes(*rest.first_chunk()?)).ok()?;
    let hash = rest.get(4..4 + HASH)?;
    let description = rest.get(4 + HASH..4 + HASH + length)?;
    let bodies = rest.get(4 + HASH + length..)?;
    let whole = blake3::hash(description).as_bytes().get(..HASH)? == hash;
    whole.then(|| serde_json::from_slice(description).ok())?.map(|description| (description, bodies))
}

fn document(description: &Description, bodies: &[u8]) -> Option<Document> {
    let mut rest = Bytes::copy_from_slice(bodies);
    let mut next = |length: usize| (length > 0 && length <= rest.len()).then(|| rest.split_to(length));
    let [identity, gzip, br, zstd] = description.lengths;
    let body = Encoded {
        hash: description.facts.hash.clone(),
        identity: next(identity).unwrap_or_default(),
        gzip: next(gzip),
        br: next(br),
        zstd: next(zstd),
    };
    Document::new(
        description.facts.status,
        &description.content_type,
        description.location.as_deref(),
        body,
        description.facts.modified_at,
        false,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelved(body: &str) -> Box<Shelved<Arc<Document>>> {
        let encoded = Encoded::of(Bytes::from(body.repeat(200)), "text/html");
        let facts = Facts {
            revision: 3,
            status: 200,
            route: "post".into(),
            hash: encoded.hash.clone(),
            bytes: encoded.bytes(),
            made_at: 1,
            modified_at: 1,
            fresh_until: None,
            expires_at: 9,
            took_ms: 1,
        };
        let payload = Arc::new(Document::new(200, "text/html", None, encoded, 1, false).unwrap());
        Box::new(Shelved { payload, facts, reads: Vec::new(), tags: Vec::new() })
    }

    #[test]
    fn a_page_comes_back_as_it_was_and_a_broken_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let site = Uuid::new_v4();
        let (key, page) = (PageKey::of_path("/hello/"), shelved("hello "));
        write(folder.path(), site, &key, &page).unwrap();
        let shelf = Shelf::open(folder.path(), site).unwrap();
        let loaded = shelf.load(&key, &page.facts).unwrap();
        assert_eq!(loaded.body, page.payload.body);
        assert_eq!(shelf.scan(|_, _| true).len(), 1);

        let path = file_of(folder.path(), &key);
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(shelf.load(&key, &page.facts).is_none(), "a flipped bit in a body is noticed");
        bytes[20] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(shelf.scan(|_, _| true).is_empty(), "a flipped bit in the description is noticed");
        assert!(!path.exists(), "what is broken is removed");
    }

    #[test]
    fn pages_of_another_site_are_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let (key, page) = (PageKey::of_path("/hello/"), shelved("hello "));
        write(folder.path(), Uuid::new_v4(), &key, &page).unwrap();
        let shelf = Shelf::open(folder.path(), Uuid::new_v4()).unwrap();
        assert!(shelf.scan(|_, _| true).is_empty());
        assert!(shelf.load(&key, &page.facts).is_none());
    }
}
