//! Packages: a theme as one ZIP file. Whoever made it may mean harm, so nothing of it is trusted before it has been looked at.

use std::{
    fs,
    io::{self, Cursor, Read, Write},
    path::Path,
};

use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{ThemeError, files::Files, manifest};

/// Of the package itself, in bytes.
pub const LARGEST: usize = 20 << 20;

/// Of what it holds.
const MOST_FILES: usize = 2_000;
const LARGEST_FILE: u64 = 10 << 20;
const LARGEST_ALL: u64 = 60 << 20;

/// Files that a theme may have in each of its folders, by their extensions.
const KINDS: [(&str, &[&str]); 5] = [
    ("", &["toml", "md", "txt", "json", "webp", "png", "jpg", ""]),
    ("templates", &["html", "xml", "json", "txt", "css", "js", "svg", "webmanifest"]),
    ("locales", &["json"]),
    ("tests", &["json", "md"]),
    (
        "assets",
        &[
            "css",
            "js",
            "mjs",
            "json",
            "svg",
            "png",
            "jpg",
            "jpeg",
            "gif",
            "webp",
            "avif",
            "ico",
            "woff2",
            "woff",
            "ttf",
            "otf",
            "txt",
            "webmanifest",
        ],
    ),
];

#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("This is no ZIP file, or a damaged one: {0}.")]
    Unreadable(#[from] ZipError),
    #[error("There is no theme.toml in it. Pack the folder that holds it, or what is in that folder.")]
    NoManifest,
    #[error("{0:?} leads out of the theme. Pack it again without such names.")]
    Escapes(String),
    #[error("{0:?} is a link. Put the file itself into the package.")]
    Link(String),
    #[error("{0:?} is no file that a theme can have there. Take it out.")]
    Kind(String),
    #[error("It holds more than {MOST_FILES} files. Take out what the theme does not need.")]
    TooMany,
    #[error("{0:?} is larger than 10 MiB, or all files together are larger than 60 MiB.")]
    TooLarge(String),
    #[error("{0:?} stands in it twice.")]
    Twice(String),
    #[error("The theme cannot be written: {0}.")]
    Unwritable(#[from] io::Error),
}

/// Writes what a package holds into an empty folder. What it wrote before it failed stays there.
pub fn unpack(bytes: &[u8], folder: &Path) -> Result<(), PackageError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    if archive.len() > MOST_FILES {
        return Err(PackageError::TooMany);
    }
    let root = root(&archive)?;
    let mut left = LARGEST_ALL;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        check_name(&name)?;
        if entry.is_symlink() {
            return Err(PackageError::Link(name));
        }
        let own = name.strip_prefix(&root).filter(|own| !own.split('/').any(|part| part.starts_with('.')));
        let Some(own) = own.filter(|_| entry.is_file() && !name.starts_with("__MACOSX/")) else { continue };
        check_kind(own)?;
        let file = folder.join(own);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        // What the package says of a file's size is believed of nobody.
        let most = LARGEST_FILE.min(left);
        let mut content = Vec::new();
        (&mut entry).take(most + 1).read_to_end(&mut content).map_err(ZipError::Io)?;
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if size > most {
            return Err(PackageError::TooLarge(name));
        }
        left -= size;
        if file.exists() {
            return Err(PackageError::Twice(name));
        }
        fs::write(&file, content)?;
    }
    Ok(())
}

/// The folder in the package that is the theme's, with a slash, or nothing.
fn root(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<String, PackageError> {
    let names = archive.file_names().flatten().filter(|name| !name.starts_with("__MACOSX/"));
    let manifests = names.filter_map(|name| name.strip_suffix(manifest::FILE).map(str::to_owned));
    let roots = manifests.filter(|root| root.is_empty() || (root.ends_with('/') && root.matches('/').count() == 1));
    roots.min_by_key(String::len).ok_or(PackageError::NoManifest)
}

fn check_name(name: &str) -> Result<(), PackageError> {
    let odd = |c: char| c == '\\' || c == ':' || c.is_control();
    let escapes =
        name.starts_with('/') || name.contains(odd) || name.split('/').any(|part| part == ".." || part == ".");
    if escapes { Err(PackageError::Escapes(name.to_owned())) } else { Ok(()) }
}

fn check_kind(own: &str) -> Result<(), PackageError> {
    let (folder, rest) = own.split_once('/').unwrap_or(("", own));
    let file = rest.rsplit('/').next().unwrap_or(rest);
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let known = KINDS.iter().any(|(name, extensions)| *name == folder && extensions.contains(&extension.as_str()));
    if known { Ok(()) } else { Err(PackageError::Kind(own.to_owned())) }
}

/// A theme as a package.
pub fn pack(files: &Files) -> Result<Vec<u8>, ThemeError> {
    let problem = |error: ZipError| ThemeError::File { file: "package".into(), problem: error.to_string() };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for path in files.all()? {
        let bytes = files.bytes(&path)?;
        writer.start_file(&path, SimpleFileOptions::default()).map_err(problem)?;
        writer.write_all(&bytes).map_err(|error| problem(error.into()))?;
    }
    Ok(writer.finish().map_err(problem)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: (&str, &[u8]) = ("theme.toml", b"[theme]\nname = \"a\"\nversion = \"1\"\n");

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn refused(bytes: &[u8]) -> PackageError {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("theme");
        fs::create_dir(&inside).unwrap();
        let error = unpack(bytes, &inside).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is written beside the folder");
        error
    }

    #[test]
    fn what_leads_out_is_refused() {
        for name in ["../evil.html", "templates/../../evil.html", "/etc/evil.html", "C:\\evil.html", "a\\..\\b.html"] {
            assert!(matches!(refused(&zip(&[MANIFEST, (name, b"x")])), PackageError::Escapes(_)), "{name}");
        }
        let mut writer = ZipWriter::new_append(Cursor::new(zip(&[MANIFEST]))).unwrap();
        writer.add_symlink("templates/home.html", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        assert!(matches!(refused(&writer.finish().unwrap().into_inner()), PackageError::Link(_)));
    }

    #[test]
    fn a_bomb_is_refused_after_what_a_theme_may_hold() {
        let large = vec![0; usize::try_from(LARGEST_FILE).unwrap() + 1];
        assert!(matches!(refused(&zip(&[MANIFEST, ("assets/a.css", &large)])), PackageError::TooLarge(_)));
        let part = vec![0; usize::try_from(LARGEST_FILE).unwrap()];
        let names: Vec<_> = (0..7).map(|n| format!("assets/{n}.css")).collect();
        let mut all: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), part.as_slice())).collect();
        all.push(MANIFEST);
        assert!(matches!(refused(&zip(&all)), PackageError::TooLarge(_)));
        let names: Vec<_> = (0..=MOST_FILES).map(|n| format!("assets/{n}.css")).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
        assert!(matches!(refused(&zip(&many)), PackageError::TooMany));
    }

    #[test]
    fn only_what_a_theme_is_made_of_is_taken() {
        for name in [
            "templates/run.sh",
            "assets/a.html",
            "assets/page.svg.exe",
            "bin/a.css",
            "assets/Makefile",
            "locales/de.txt",
        ] {
            assert!(matches!(refused(&zip(&[MANIFEST, (name, b"x")])), PackageError::Kind(_)), "{name}");
        }
        assert!(matches!(refused(&zip(&[("templates/a.html", b"x")])), PackageError::NoManifest));
        assert!(matches!(refused(b"PK, but no archive"), PackageError::Unreadable(_)));
    }

    #[test]
    fn a_theme_comes_back_as_it_was_packed_and_from_a_folder_too() {
        let built_in = Files::built_in("default");
        let folder = tempfile::tempdir().unwrap();
        unpack(&pack(&built_in).unwrap(), folder.path()).unwrap();
        let files = Files::Folder(folder.path().into());
        assert_eq!(files.all().unwrap(), built_in.all().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let inside = format!("a-theme-main/{}", MANIFEST.0);
        let files =
            [(inside.as_str(), MANIFEST.1), ("a-theme-main/.git/config", b"x"), ("__MACOSX/a-theme-main/._a", b"x")];
        unpack(&zip(&files), folder.path()).unwrap();
        assert_eq!(Files::Folder(folder.path().into()).all().unwrap(), ["theme.toml"]);
    }
}
