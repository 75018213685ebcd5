//! Themes: what a theme folder declares, before anything is rendered with it.

pub mod asset;
pub mod files;
pub mod locale;
pub mod manifest;
pub mod pattern;
pub mod route;

use std::{collections::BTreeMap, path::PathBuf};

use crate::content::permalink::Permalinks;

use self::{
    asset::Assets,
    files::Files,
    locale::Locales,
    manifest::{Manifest, SettingTable},
    route::Routes,
};

const BARE_NOT_FOUND: &str = include_str!("not_found.html");

/// A theme that may be served: its manifest makes sense and every template it names is there.
#[derive(Debug)]
pub struct Theme {
    pub name: String,
    pub version: String,
    pub routes: Routes,
    pub assets: Assets,
    pub locales: Locales,
    pub settings: BTreeMap<String, SettingTable>,
    pub permalinks: Permalinks,
    /// Template name (`post.html`) to source.
    pub templates: BTreeMap<String, String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("there is no theme {name:?}: neither built in nor a folder in {}; `perennial theme check DIR` looks at one", folder.display())]
    Unknown { name: String, folder: PathBuf },
    #[error("{file}: {problem}")]
    File { file: String, problem: String },
    #[error("{}:{line}: {problem}", manifest::FILE)]
    Manifest { line: usize, problem: String },
    #[error("{}: route {route:?}: {problem}", manifest::FILE)]
    Route { route: String, problem: String },
}

impl Theme {
    /// Reads the theme called `name`: a folder in `themes_dir` wins over the one built in.
    pub fn open(name: &str, themes_dir: &std::path::Path) -> Result<Self, ThemeError> {
        Self::read(&Files::open(name, themes_dir)?)
    }

    /// Reads a theme from its files. Routes that every site needs and the theme leaves out (feeds, sitemap, robots, the page
    /// for what was not found) are taken from the default theme; that page without its looks, which need its assets.
    pub fn read(files: &Files) -> Result<Self, ThemeError> {
        let manifest = Manifest::parse(&files.text(manifest::FILE)?)?;
        let mut templates = files.templates()?;
        let mut tables = manifest.routes;
        let fallback = Files::built_in("default");
        for table in Manifest::parse(&fallback.text(manifest::FILE)?)?.routes {
            let needed = matches!(
                table.path.as_str(),
                "/rss.xml" | "/atom.xml" | "/feed.json" | "/sitemap.xml" | "/sitemap/{n}/" | "/robots.txt" | "/404"
            );
            if needed && !tables.iter().any(|own| own.path == table.path) {
                let source = match table.path.as_str() {
                    route::NOT_FOUND => BARE_NOT_FOUND.to_owned(),
                    _ => fallback.text(&format!("templates/{}", table.template))?,
                };
                templates.entry(table.template.clone()).or_insert(source);
                tables.push(table);
            }
        }
        for table in &tables {
            if !templates.contains_key(&table.template) {
                return Err(ThemeError::Route {
                    route: table.name.clone(),
                    problem: format!("its template {:?} is not in templates/", table.template),
                });
            }
        }
        let routes = Routes::build(tables)?;
        Ok(Self {
            name: manifest.theme.name,
            version: manifest.theme.version,
            permalinks: routes.permalinks(),
            routes,
            assets: Assets::gather(files)?,
            locales: Locales::gather(files)?,
            settings: manifest.settings,
            templates,
        })
    }
}
