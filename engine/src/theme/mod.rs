//! Themes: what a theme folder declares, before anything is rendered with it.

pub mod asset;
mod builtin;
pub mod collection;
mod csp;
pub mod files;
pub mod locale;
pub mod manifest;
pub mod package;
pub mod route;
pub mod setting;
mod squeeze;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::content::permalink::Permalinks;

use self::{
    asset::Assets,
    csp::Csp,
    files::Files,
    locale::Locales,
    manifest::{Images, Manifest},
    route::Routes,
    setting::Setting,
};

/// A theme that may be served: its manifest makes sense and every template it names is there.
#[derive(Debug)]
pub struct Theme {
    /// How it is chosen: the name of its folder.
    pub id: String,
    /// How it calls itself; what is set for it hangs on this, whichever version of it is served.
    pub name: String,
    pub version: String,
    pub description: String,
    pub license: String,
    pub routes: Routes,
    pub assets: Assets,
    pub locales: Locales,
    pub settings: BTreeMap<String, Setting>,
    /// Named slots for menus, each with a label.
    pub menus: BTreeMap<String, String>,
    pub csp: Csp,
    pub images: Images,
    pub permalinks: Permalinks,
    /// Names of the templates that are the theme's own; the others are taken from the default theme.
    pub own: BTreeSet<String>,
    /// Template name (`post.html`) to source.
    pub templates: BTreeMap<String, String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error("there is no theme {name:?}: neither built in nor a folder in {}; `perennial theme check DIR` looks at one", folder.display())]
    Unknown { name: String, folder: PathBuf },
    #[error("{file}: {problem}")]
    File { file: String, problem: String },
    #[error("templates/{template}:{line}: {problem}")]
    Template {
        template: String,
        line: usize,
        problem: String,
        /// The source around the line.
        detail: String,
    },
    #[error("{}:{line}: {problem}", manifest::FILE)]
    Manifest { line: usize, problem: String },
    #[error("{}: route {route:?}: {problem}", manifest::FILE)]
    Route { route: String, problem: String },
    #[error("{}: setting {setting:?}: {problem}", manifest::FILE)]
    Setting { setting: String, problem: String },
}

impl Theme {
    /// Reads a theme from its files, with the routes that every site has where the theme leaves them out.
    pub fn read(files: &Files) -> Result<Self, ThemeError> {
        let manifest = Manifest::parse(&files.text(manifest::FILE)?)?;
        manifest.theme.suits_this_engine()?;
        manifest.images.check()?;
        manifest.csp.check()?;
        let mut templates = files.templates()?;
        let own = templates.keys().cloned().collect();
        let mut tables = manifest.routes;
        builtin::complete(&mut tables, &mut templates)?;
        for table in &tables {
            if !templates.contains_key(&table.template) {
                return Err(ThemeError::Route {
                    route: table.name.clone(),
                    problem: format!("its template {:?} is not in templates/", table.template),
                });
            }
        }
        let routes = Routes::build(tables)?;
        for (name, setting) in &manifest.settings {
            let declared =
                setting.declared(|other| manifest.settings.contains_key(other), |route| routes.named(route).is_some());
            declared.map_err(|problem| ThemeError::Setting { setting: name.clone(), problem })?;
        }
        Ok(Self {
            id: manifest.theme.name.clone(),
            name: manifest.theme.name,
            version: manifest.theme.version,
            description: manifest.theme.description,
            license: manifest.theme.license,
            menus: manifest.menus,
            csp: manifest.csp,
            images: manifest.images,
            own,
            permalinks: routes.permalinks(),
            routes,
            assets: Assets::gather(files)?,
            locales: Locales::gather(files)?,
            settings: manifest.settings,
            templates,
        })
    }

    /// A template and all that it can include.
    pub fn reached(&self, template: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![template];
        while let Some(name) = open.pop() {
            let Some((name, source)) = self.templates.get_key_value(name) else { continue };
            if seen.insert(name.as_str()) {
                // Any template whose name stands in the source in quotes may be included by it.
                open.extend(self.templates.keys().filter(|other| quotes(source, other)).map(String::as_str));
            }
        }
        seen
    }

    /// The routes whose pages a setting can change: those that it names, or whose templates name it.
    pub fn affected(&self, setting: &str) -> Vec<&str> {
        let named = self.settings.get(setting).map_or(&[][..], |setting| &setting.affects);
        let routes = self.routes.iter();
        let affected = routes.filter(|route| match named {
            [] => self.reached(&route.template).iter().any(|name| {
                self.templates.get(*name).is_some_and(|source| quotes(source, setting) && source.contains("setting("))
            }),
            named => named.contains(&route.name),
        });
        affected.map(|route| route.name.as_str()).collect()
    }
}

fn quotes(source: &str, word: &str) -> bool {
    source.contains(&format!("\"{word}\"")) || source.contains(&format!("'{word}'"))
}
