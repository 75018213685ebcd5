//! A shelf in a folder: a file for each record. It is written under a temporary name, synced and renamed, so that a power cut
//! leaves the record of before or the new one; what is broken all the same is no record.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use super::{
    ledger::Moment,
    place::{Found, Kind},
    record::Name,
};

#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// `site` names the format and whose pages they are: those of another lie beside these and are not looked at.
    pub fn open(root: &Path, site: &str) -> io::Result<Self> {
        let folder = root.join(site);
        for kind in [Kind::Page, Kind::Inner, Kind::Body] {
            fs::create_dir_all(folder.join(kind.word()))?;
        }
        Ok(Self(folder))
    }

    pub fn read(&self, kind: Kind, name: Name) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.file(kind, name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn write(&self, kind: Kind, name: Name, bytes: &[u8]) -> io::Result<()> {
        let path = self.file(kind, name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let temporary = path.with_extension("tmp");
        let written = synced(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary); // Half a file on a full disk makes it no emptier.
        }
        written
    }

    pub fn remove(&self, kind: Kind, name: Name) -> io::Result<()> {
        match fs::remove_file(self.file(kind, name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes down when somebody came.
    pub fn touch(&self, kind: Kind, name: Name, at: Moment) -> io::Result<()> {
        File::options().write(true).open(self.file(kind, name))?.set_modified(UNIX_EPOCH + Duration::from_millis(at))
    }

    /// Every record; what was left half written is removed.
    pub fn each(&self, kind: Kind, mut take: impl FnMut(Found)) {
        for (name, path) in self.files(kind) {
            let Ok(bytes) = fs::read(&path) else { continue };
            take(Found { name, bytes, visited: modified(&path) });
        }
    }

    /// Every body with its bytes.
    pub fn bodies(&self) -> impl Iterator<Item = (Name, usize)> {
        let size = |path: &Path| fs::metadata(path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(0));
        self.files(Kind::Body).map(move |(name, path)| (name, size(&path)))
    }

    fn files(&self, kind: Kind) -> impl Iterator<Item = (Name, PathBuf)> + use<> {
        let entries = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let files = entries(self.0.join(kind.word())).flat_map(entries);
        files.filter_map(|path| {
            if path.extension().is_some() {
                let _ = fs::remove_file(&path); // Left by a process that ended while it wrote.
                return None;
            }
            let (first, rest) = (path.parent()?.file_name()?.to_str()?, path.file_name()?.to_str()?);
            Some((format!("{first}{rest}").parse().ok()?, path))
        })
    }

    /// `pages/ab/cdef…`
    fn file(&self, kind: Kind, name: Name) -> PathBuf {
        let name = name.to_string();
        let (first, rest) = name.split_at(2);
        self.0.join(kind.word()).join(first).join(rest)
    }
}

fn synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn modified(path: &Path) -> Moment {
    let modified = fs::metadata(path).and_then(|file| file.modified()).ok();
    modified
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
