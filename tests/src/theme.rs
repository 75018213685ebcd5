//! Themes that a test writes for itself.

use std::{fmt::Write, fs, path::Path};

/// A theme of a few routes, each with the template that stands beside it.
#[derive(Clone, Debug)]
pub struct Theme {
    manifest: String,
    templates: Vec<(String, String)>,
}

impl Default for Theme {
    fn default() -> Self {
        let manifest = "[theme]\nname = \"mine\"\nversion = \"1.0.0\"\n".into();
        Self { manifest, templates: Vec::new() }
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

    /// Writes the theme as `mine` into a folder of themes.
    pub fn write(&self, themes: &Path) {
        let folder = themes.join("mine");
        fs::create_dir_all(folder.join("templates")).expect("a folder");
        fs::write(folder.join("theme.toml"), &self.manifest).expect("a file");
        for (file, template) in &self.templates {
            fs::write(folder.join("templates").join(file), template).expect("a file");
        }
    }
}
