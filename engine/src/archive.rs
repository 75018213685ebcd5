//! Archives: files in one ZIP file, which has its name only when it is whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read as _, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::raster;

#[derive(Debug)]
pub struct Archive {
    writer: ZipWriter<BufWriter<File>>,
    part: Temporary,
    file: PathBuf,
}

impl Archive {
    /// Begins a new file; one that is there stays.
    pub fn create(file: &Path) -> anyhow::Result<Self> {
        ensure!(!file.exists(), "{} is there already; name a new file", file.display());
        let part = Temporary::beside(file, "part");
        let unwritable = || format!("{} cannot be written", file.display());
        let writer = ZipWriter::new(BufWriter::new(File::create(&part.0).with_context(unwritable)?));
        Ok(Self { writer, part, file: file.to_owned() })
    }

    pub fn text(&mut self, name: &str, text: &str) -> anyhow::Result<()> {
        self.writer.start_file(name, packed())?;
        Ok(self.writer.write_all(text.as_bytes())?)
    }

    /// `small`: it is worth packing, as pictures and films are not.
    pub fn copy(&mut self, name: &str, from: &Path, small: bool) -> anyhow::Result<()> {
        let method = if small { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        self.writer.start_file(name, packed().compression_method(method))?;
        let copied = File::open(from).and_then(|mut from| io::copy(&mut from, &mut self.writer));
        copied.map(drop).with_context(|| format!("{} cannot be copied", from.display()))
    }

    /// How many bytes it has.
    pub fn finish(self) -> anyhow::Result<u64> {
        let file = self.writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        fs::rename(&self.part.0, &self.file)?;
        Ok(bytes)
    }
}

fn packed() -> SimpleFileOptions {
    SimpleFileOptions::default().large_file(true).unix_permissions(0o600)
}

/// What an archive may hold: a small file can claim any number.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub files: usize,
    pub bytes: u64,
}

impl Limits {
    pub const NONE: Self = Self { files: usize::MAX, bytes: u64::MAX };
}

/// Writes what an archive holds below `prefix` into a folder; how many files that were. `progress` is told how far it is.
pub fn unpack(
    archive: &mut ZipArchive<File>,
    prefix: &str,
    folder: &Path,
    limits: Limits,
    mut progress: impl FnMut(usize, usize),
) -> anyhow::Result<usize> {
    let (mut done, total, mut room) = (0, archive.len(), limits.bytes);
    ensure!(total <= limits.files, "{total} files are too many; at most {} are unpacked", limits.files);
    for index in 0..total {
        progress(index + 1, total);
        let mut entry = archive.by_index(index)?;
        // A name that leads out of the folder is none.
        let name = entry.enclosed_name().and_then(|name| Some(name.strip_prefix(prefix).ok()?.to_owned()));
        let Some(name) = name.filter(|_| entry.is_file()) else { continue };
        let file = folder.join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        // One byte more than there is room for tells that it is too much.
        let written =
            File::create(&file).and_then(|mut to| io::copy(&mut (&mut entry).take(room.saturating_add(1)), &mut to));
        let written = written.with_context(|| format!("{} cannot be written", file.display()))?;
        ensure!(written <= room, "unpacked it is larger than {} MB", limits.bytes / 1_000_000);
        room -= written;
        done += 1;
    }
    Ok(done)
}

/// What a folder holds, each with its path below it; names that begin with a dot are nobody's.
pub fn files(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let (mut open, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(next) = open.pop() {
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", next.display())),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
                continue;
            }
            let (path, below) = (entry.path(), entry.path().strip_prefix(folder)?.to_owned());
            let name = below.to_str().with_context(|| format!("the name of {} is no text", path.display()))?;
            found.push((name.to_owned(), path));
        }
    }
    found.sort();
    Ok(found)
}

/// The files of the media library without what is made of them.
pub fn originals(media: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut found = files(media)?;
    found.retain(|(name, _)| raster::parse(name).is_none());
    Ok(found)
}

/// A file that is gone when this is dropped, unless it was given another name.
#[derive(Debug)]
pub struct Temporary(pub PathBuf);

impl Temporary {
    pub fn beside(file: &Path, extension: &str) -> Self {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Self(file.with_file_name(format!(".{name}.{}.{extension}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // A database has files beside it while it is open.
        for end in ["", "-wal", "-shm"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            let _ = fs::remove_file(name);
        }
    }
}
