//! Locales: what a theme's words are in other languages than its own.

use std::collections::BTreeMap;

use super::{ThemeError, files::Files};

/// The files below `locales/`: a language tag to the theme's texts in that language, each under the text as the templates write it.
#[derive(Clone, Debug, Default)]
pub struct Locales(BTreeMap<String, BTreeMap<String, String>>);

impl Locales {
    pub(super) fn gather(files: &Files) -> Result<Self, ThemeError> {
        let mut locales = BTreeMap::new();
        for path in files.below("locales")? {
            let Some(language) = path.strip_suffix(".json") else { continue };
            let file = format!("locales/{path}");
            let texts = serde_json::from_str(&files.text(&file)?)
                .map_err(|error| ThemeError::File { file, problem: format!("is not a table of texts: {error}") })?;
            locales.insert(language.to_owned(), texts);
        }
        Ok(Self(locales))
    }

    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a text is said in exactly this language.
    pub fn has(&self, language: &str, text: &str) -> bool {
        self.0.get(language).is_some_and(|texts| texts.contains_key(text))
    }

    /// `text` in this language, or in the one it is a kind of (`pt` for `pt-BR`), or as it is.
    pub fn translate<'t>(&'t self, language: &str, text: &'t str) -> &'t str {
        let primary = language.split('-').next().unwrap_or_default();
        let found = [language, primary].into_iter().find_map(|language| self.0.get(language)?.get(text));
        found.map_or(text, String::as_str)
    }
}
