//! The collection: every theme that this site could have, wherever its files are.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::{Theme, ThemeError, files::Files, manifest};

/// Where a theme comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ThemeOrigin)]
pub enum Origin {
    /// It comes with Perennial.
    BuiltIn,
    /// The operator put it into the folder of themes.
    Folder,
    /// Somebody uploaded it.
    Uploaded,
}

/// The operator's themes win over those that were uploaded, and those over the ones built in.
#[derive(Clone, Debug)]
pub struct Collection {
    themes_dir: PathBuf,
    uploads: PathBuf,
}

impl Collection {
    pub fn new(themes_dir: &Path, data_dir: &Path) -> Self {
        Self { themes_dir: themes_dir.to_owned(), uploads: data_dir.join("themes") }
    }

    /// Where uploaded themes are, each in a folder of its name.
    pub fn uploads(&self) -> &Path {
        &self.uploads
    }

    /// The names of all themes.
    pub fn names(&self) -> BTreeMap<String, Origin> {
        let mut names: BTreeMap<_, _> = Files::names_built_in().map(|name| (name, Origin::BuiltIn)).collect();
        for (folder, origin) in [(&self.uploads, Origin::Uploaded), (&self.themes_dir, Origin::Folder)] {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let folders = entries.filter(|entry| entry.path().join(manifest::FILE).is_file());
            let named = folders.filter_map(|entry| entry.file_name().into_string().ok());
            names.extend(named.filter(|name| is_name(name)).map(|name| (name, origin)));
        }
        names
    }

    /// Deletes an uploaded theme. One that is half deleted is none.
    pub fn remove(&self, id: &str) -> io::Result<()> {
        let gone = self.uploads.join(format!(".deleted-{id}"));
        fs::rename(self.uploads.join(id), &gone)?;
        fs::remove_dir_all(gone)
    }

    /// The folder of a theme that is not built in.
    pub fn folder(&self, name: &str) -> Option<PathBuf> {
        let folders = [&self.themes_dir, &self.uploads].map(|folder| folder.join(name));
        folders.into_iter().find(|folder| is_name(name) && folder.join(manifest::FILE).is_file())
    }

    pub fn files(&self, name: &str) -> Result<Files, ThemeError> {
        if let Some(folder) = self.folder(name) {
            return Ok(Files::Folder(folder));
        }
        let known = is_name(name) && Files::names_built_in().any(|known| known == name);
        let unknown = || ThemeError::Unknown { name: name.into(), folder: self.themes_dir.clone() };
        known.then(|| Files::built_in(name)).ok_or_else(unknown)
    }

    pub fn open(&self, id: &str) -> Result<Theme, ThemeError> {
        Ok(Theme { id: id.to_owned(), ..Theme::read(&self.files(id)?)? })
    }
}

/// A name that is a folder's and nothing else.
pub fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    plain && !name.starts_with('.') && (1..=64).contains(&name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(folder: &Path, name: &str, version: &str) {
        let text = format!("[theme]\nname = \"any\"\nversion = \"{version}\"\n");
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::write(folder.join(name).join(manifest::FILE), text).unwrap();
    }

    #[test]
    fn the_operators_theme_wins_over_the_uploaded_one_and_that_over_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let (themes, data) = (folder.path().join("themes"), folder.path().join("data"));
        let collection = Collection::new(&themes, &data);
        let seen = || (collection.open("default").unwrap().version, collection.names()["default"]);
        assert_eq!(seen().1, Origin::BuiltIn);
        put(&data.join("themes"), "default", "2.0.0");
        assert_eq!(seen(), ("2.0.0".into(), Origin::Uploaded));
        put(&themes, "default", "3.0.0");
        assert_eq!(seen(), ("3.0.0".into(), Origin::Folder));
        assert_eq!(collection.open("default").unwrap().id, "default");
    }

    #[test]
    fn a_name_never_leads_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "outside", "1.0.0");
        let collection = Collection::new(&folder.path().join("themes"), folder.path());
        for name in ["../outside", "", ".", "..", "/etc", "a/b", "a\\b", "nowhere"] {
            assert!(matches!(collection.open(name), Err(ThemeError::Unknown { .. })), "{name}");
        }
    }
}
