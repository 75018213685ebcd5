//! The files of a theme: built into the binary, or a folder on disk.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;

use super::{ThemeError, manifest};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../themes/"]
struct BuiltIn;

/// Where a theme's files are.
#[derive(Clone, Debug)]
pub enum Files {
    /// Under this name in the binary.
    BuiltIn(String),
    Folder(PathBuf),
}

impl Files {
    pub fn built_in(name: &str) -> Self {
        Self::BuiltIn(name.into())
    }

    pub fn names_built_in() -> impl Iterator<Item = String> {
        let manifest = format!("/{}", manifest::FILE);
        BuiltIn::iter().filter_map(move |path| path.strip_suffix(&manifest).map(str::to_owned))
    }

    /// One file as text.
    pub fn text(&self, file: &str) -> Result<String, ThemeError> {
        let bytes = self.bytes(file)?;
        String::from_utf8(bytes.into_owned())
            .map_err(|_| ThemeError::File { file: file.into(), problem: "is not UTF-8 text; save it as UTF-8".into() })
    }

    pub fn bytes(&self, file: &str) -> Result<Cow<'static, [u8]>, ThemeError> {
        let problem = |problem: String| ThemeError::File { file: file.into(), problem };
        match self {
            Self::BuiltIn(name) => BuiltIn::get(&format!("{name}/{file}"))
                .map(|found| found.data)
                .ok_or_else(|| problem("is missing from the built-in theme".into())),
            Self::Folder(folder) => {
                fs::read(folder.join(file)).map(Cow::Owned).map_err(|error| problem(format!("cannot be read: {error}")))
            }
        }
    }

    /// Every file below `folder`, as paths relative to it, in order. Links are refused: they could lead out of the theme.
    pub fn below(&self, folder: &str) -> Result<Vec<String>, ThemeError> {
        let mut found = Vec::new();
        match self {
            Self::BuiltIn(name) => {
                let prefix = format!("{name}/{folder}/");
                found.extend(BuiltIn::iter().filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned)));
            }
            Self::Folder(root) => walk(&root.join(folder), "", &mut found)?,
        }
        found.sort();
        Ok(found)
    }

    /// Every file of the theme, as paths in order.
    pub fn all(&self) -> Result<Vec<String>, ThemeError> {
        match self {
            Self::BuiltIn(name) => {
                let prefix = format!("{name}/");
                let mut found: Vec<_> =
                    BuiltIn::iter().filter_map(|path| path.strip_prefix(&prefix).map(str::to_owned)).collect();
                found.sort();
                Ok(found)
            }
            Self::Folder(_) => self.below(""),
        }
    }

    pub(super) fn templates(&self) -> Result<BTreeMap<String, String>, ThemeError> {
        self.below("templates")?
            .into_iter()
            .map(|name| Ok((name.clone(), self.text(&format!("templates/{name}"))?)))
            .collect()
    }
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), ThemeError> {
    let problem = |file: String, problem: String| ThemeError::File { file, problem };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(problem(folder.display().to_string(), format!("cannot be read: {error}"))),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => {
                return Err(problem(path, "is a link; put the file itself into the theme".into()));
            }
            Ok(kind) if kind.is_dir() => walk(&entry.path(), &format!("{path}/"), found)?,
            Ok(_) if name.starts_with('.') => {}
            Ok(_) => found.push(path),
            Err(error) => return Err(problem(path, format!("cannot be read: {error}"))),
        }
    }
    Ok(())
}
