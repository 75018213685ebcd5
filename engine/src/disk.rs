//! Disks: whether something can be written in a folder, and how much.

use std::{fs, io, path::Path};

/// What a folder is good for. One that is not there yet is made in the nearest that is.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Whether it is there.
    pub exists: bool,
    /// In bytes.
    pub free: u64,
}

/// Tries to write in a folder, or in what it would be made in, and leaves nothing there.
pub fn room(folder: &Path) -> io::Result<Room> {
    let there = folder.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("."));
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let probe = there.join(format!(".perennial-probe-{}", std::process::id()));
    fs::write(&probe, b"")?;
    fs::remove_file(&probe)?;
    let disk = rustix::fs::statvfs(there)?;
    Ok(Room { exists: there == folder, free: disk.f_bavail.saturating_mul(disk.f_frsize) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_yet_has_the_room_of_the_one_it_is_made_in() {
        let folder = tempfile::tempdir().unwrap();
        let (there, below) = (room(folder.path()).unwrap(), room(&folder.path().join("a/b")).unwrap());
        assert!(there.exists && !below.exists && there.free > 0 && below.free > 0, "{there:?} {below:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        assert!(room(&file.join("a")).is_err());
    }
}
