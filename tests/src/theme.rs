//! Themes that a test writes for itself.

use std::{fmt::Write, fs, path::Path};

/// A theme of a few routes, each with the template that stands beside it.
#[derive(Clone, Debug)]
pub struct Theme {
    manifest: String,
    templates: Vec<(String, String)>,
    files: Vec<(String, String)>,
}

impl Default for Theme {
    fn default() -> Self {
        let manifest = "[theme]\nname = \"mine\"\nversion = \"1.0.0\"\n".into();
        Self { manifest, templates: Vec::new(), files: Vec::new() }
    }
}

impl Theme {
    /// `policy`: further lines of the route's table.
    pub fn route(mut self, name: &str, path: &str, policy: &str, template: &str) -> Self {
        let file = format!("{name}.html");
        write!(self.manifest, "\n[[routes]]\nname = \"{name}\"\npath = \"{path}\"\ntemplate = \"{file}\"\n{policy}\n")
            .expect("strings grow");
        self.templates.push((file, template.into()));
        self
    }

    /// Adds tables to the manifest.
    pub fn table(mut self, tables: &str) -> Self {
        self.manifest.push('\n');
        self.manifest.push_str(tables);
        self
    }

    /// Adds a file, such as `assets/style.css`.
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.into(), text.into()));
        self
    }

    /// Writes the theme as `mine` into a folder of themes.
    pub fn write(&self, themes: &Path) {
        self.write_as(themes, "mine");
    }

    pub fn write_as(&self, themes: &Path, name: &str) {
        let folder = themes.join(name);
        let templates = self.templates.iter().map(|(file, text)| (format!("templates/{file}"), text));
        let files = self.files.iter().map(|(file, text)| (file.clone(), text));
        let manifest = [("theme.toml".to_owned(), &self.manifest)].into_iter();
        for (file, text) in manifest.chain(templates).chain(files) {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
    }
}
