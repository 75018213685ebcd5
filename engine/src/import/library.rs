//! Files of a tree on their way into the media library.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    fs, io,
    path::Path,
};

use uuid::Uuid;

use super::tree::{Resource, Tree};
use crate::{
    content::{command::media::AddMedia, media},
    raster,
};

/// Larger files do not go into the library.
const LARGEST: usize = 256 * 1024 * 1024;
/// Characters of the hash that stand before the name.
const PREFIX: usize = 16;

/// What the library has, and what it will get.
pub struct Library<'a> {
    tree: &'a Tree,
    /// Storage keys by the hash of the content.
    keys: RefCell<HashMap<String, String>>,
    wanted: RefCell<BTreeMap<Resource, AddMedia>>,
}

impl<'a> Library<'a> {
    pub fn new(tree: &'a Tree, known: HashMap<String, String>) -> Self {
        Self { tree, keys: RefCell::new(known), wanted: RefCell::default() }
    }

    /// The address that a file has or will have; `None` when the library does not take it.
    pub fn url(&self, resource: &Resource) -> Option<String> {
        let mime = mime_guess::from_path(resource.name()).first().filter(|mime| is_media(mime.essence_str()))?;
        let bytes = cleaned(self.tree.bytes(resource).ok().filter(|bytes| bytes.len() <= LARGEST)?);
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let new_key = || format!("{}/{}", hash.get(..PREFIX).unwrap_or(&hash), safe_name(resource.name()));
        let key = self.keys.borrow_mut().entry(hash.clone()).or_insert_with(new_key).clone();
        let size = size_of(&bytes);
        let file = AddMedia {
            hash,
            name: resource.name().to_owned(),
            mime: mime.essence_str().to_owned(),
            bytes: i64::try_from(bytes.len()).ok()?,
            width: size.and_then(|(width, _)| i32::try_from(width).ok()),
            height: size.and_then(|(_, height)| i32::try_from(height).ok()),
            alt: String::new(),
            storage_key: key.clone(),
            color: None,
        };
        self.wanted.borrow_mut().insert(resource.clone(), file);
        Some(media::url(&key))
    }

    /// The files that texts show, ready to be added.
    pub fn into_wanted(self) -> BTreeMap<Resource, AddMedia> {
        self.wanted.into_inner()
    }
}

/// A picture without what was written beside it. One that cannot be read comes as it is: nobody can see into it.
pub fn cleaned(bytes: Vec<u8>) -> Vec<u8> {
    raster::clean(bytes.clone()).unwrap_or(bytes)
}

/// Puts a file where the library keeps it. A file that is half written when the process dies has another name.
pub fn store(folder: &Path, key: &str, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(key);
    if fs::metadata(&path).is_ok_and(|found| usize::try_from(found.len()) == Ok(bytes.len())) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    // The same content may come from two places at once.
    let half = path.with_file_name(format!(".{}", Uuid::new_v4().simple()));
    fs::write(&half, bytes)?;
    fs::rename(half, path)
}

fn is_media(mime: &str) -> bool {
    let kind = mime.split('/').next().unwrap_or_default();
    matches!(kind, "image" | "audio" | "video")
        || matches!(
            mime,
            "application/pdf"
                | "application/zip"
                | "application/gzip"
                | "application/epub+zip"
                | "text/plain"
                | "text/csv"
        )
}

fn size_of(bytes: &[u8]) -> Option<(u32, u32)> {
    image::ImageReader::new(io::Cursor::new(bytes)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// The name as it can stand in any path: letters, digits, dots, hyphens and underscores of ASCII.
fn safe_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let name: String = name.chars().map(safe).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() {
        "file".to_owned()
    } else {
        name.chars().rev().take(100).collect::<Vec<_>>().into_iter().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cores;

    #[test]
    fn the_same_content_may_come_from_many_places_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let stored = cores::each(&[(); 64], |()| store(folder.path(), "ab/a.jpg", &[7; 100_000]), |_| {});
        assert!(stored.iter().all(Result::is_ok), "{stored:?}");
        assert_eq!(fs::read_dir(folder.path().join("ab")).unwrap().count(), 1);
    }

    #[test]
    fn names_are_safe_in_any_path() {
        assert_eq!(safe_name("a b(1).PNG"), "a-b-1-.PNG");
        assert_eq!(safe_name("..\u{202e}.jpg"), "jpg");
        assert_eq!(safe_name("日本.png"), "png");
        assert_eq!(safe_name(&"x".repeat(300)).len(), 100);
    }
}
