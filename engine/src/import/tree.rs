//! A folder on disk that is to be imported.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Larger texts are no texts.
const LARGEST_TEXT: u64 = 5 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    #[error("{0} is not a folder: name the folder that holds the site's texts")]
    NoFolder(PathBuf),
    #[error("{path} cannot be read")]
    Unreadable { path: PathBuf, source: io::Error },
}

/// The files of a folder, by their paths within it.
pub struct Tree {
    root: PathBuf,
    /// The folder's own name: with a file's path it tells where a post came from, wherever the folder lies next time.
    pub name: String,
    /// In order, with `/` between folders.
    pub files: Vec<String>,
    known: HashSet<String>,
    /// A folder of uploads beside the tree.
    media: Option<PathBuf>,
}

/// A file that a text can name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    InTree(String),
    InMedia(String),
}

impl Tree {
    pub fn open(root: &Path, media: Option<&Path>) -> Result<Self, TreeError> {
        let unreadable = |source| TreeError::Unreadable { path: root.to_owned(), source };
        let root = fs::canonicalize(root).map_err(unreadable)?;
        if !root.is_dir() {
            return Err(TreeError::NoFolder(root));
        }
        let mut files = Vec::new();
        walk(&root, "", &mut files)?;
        files.sort();
        let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let known = files.iter().cloned().collect();
        Ok(Self { root, name, files, known, media: media.map(Path::to_owned) })
    }

    pub fn has(&self, file: &str) -> bool {
        self.known.contains(file)
    }

    /// A text of the tree, or why it cannot be one.
    pub fn text(&self, file: &str) -> Result<String, String> {
        let path = self.root.join(file);
        match fs::metadata(&path) {
            Ok(found) if found.len() > LARGEST_TEXT => return Err("it is larger than 5 MB".to_owned()),
            Ok(_) => {}
            Err(error) => return Err(format!("it cannot be read: {error}")),
        }
        let bytes = fs::read(&path).map_err(|error| format!("it cannot be read: {error}"))?;
        String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
    }

    pub fn bytes(&self, resource: &Resource) -> io::Result<Vec<u8>> {
        fs::read(match resource {
            Resource::InTree(file) => self.root.join(file),
            Resource::InMedia(file) => self.media.as_deref().unwrap_or(Path::new("")).join(file),
        })
    }

    /// A file in the folder of uploads, by its whole path or its last parts.
    pub fn upload(&self, path: &str) -> Option<Resource> {
        let media = self.media.as_deref()?;
        let mut rest = path.trim_start_matches('/');
        if rest.split('/').any(|segment| segment == "..") {
            return None;
        }
        loop {
            if !rest.is_empty() && media.join(rest).is_file() {
                return Some(Resource::InMedia(rest.to_owned()));
            }
            rest = rest.split_once('/')?.1;
        }
    }
}

impl Resource {
    /// The path within its folder.
    pub fn path(&self) -> &str {
        let (Self::InTree(file) | Self::InMedia(file)) = self;
        file
    }

    /// The file's own name.
    pub fn name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }
}

/// Files below a folder. Hidden ones belong to programs; links could lead out of the tree.
fn walk(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<(), TreeError> {
    let unreadable = |source| TreeError::Unreadable { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type().map_err(unreadable)?;
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
