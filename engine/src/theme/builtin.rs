//! Routes that every site has, whatever its theme leaves out: feeds, sitemap, robots, search, the page for what is not there.
//! They come from the default theme.

use std::collections::BTreeMap;

use super::{
    ThemeError,
    files::Files,
    manifest::{self, Manifest, Params, RouteTable, Source},
    route::NOT_FOUND,
};

/// Pages that a theme without its own gets without looks: those of the default theme need its assets.
const BARE: [(&str, &str); 2] = [(NOT_FOUND, include_str!("not_found.html")), ("/search", include_str!("search.html"))];

const NEEDED: [&str; 10] = [
    "/rss.xml",
    "/atom.xml",
    "/feed.json",
    "/sitemap.xml",
    "/sitemap/{n}/",
    "/robots.txt",
    "/llms.txt",
    "/search",
    "/search.json",
    NOT_FOUND,
];

/// Where the default theme has the feeds of a tag and of an author.
const BELOW: [(Source, &str); 2] = [(Source::Tags, "/tag/{tag}/"), (Source::Authors, "/author/{author}/")];

/// Adds what is missing.
pub fn complete(tables: &mut Vec<RouteTable>, templates: &mut BTreeMap<String, String>) -> Result<(), ThemeError> {
    let fallback = Files::built_in("default");
    for mut table in Manifest::parse(&fallback.text(manifest::FILE)?)?.routes {
        let Some(path) = place(&table.path, tables) else { continue };
        if tables.iter().any(|own| nameless(&own.path) == nameless(&path)) {
            continue;
        }
        let source = match BARE.iter().find(|(bare, _)| *bare == path) {
            Some((_, source)) => (*source).to_owned(),
            None => fallback.text(&format!("templates/{}", table.template))?,
        };
        templates.entry(table.template.clone()).or_insert(source);
        table.path = path;
        while tables.iter().any(|own| own.name == table.name) {
            table.name.insert_str(0, "built_in_");
        }
        tables.push(table);
    }
    Ok(())
}

/// Where a route of the default theme belongs in another theme; `None` when it is the default theme's own affair.
fn place(path: &str, tables: &[RouteTable]) -> Option<String> {
    if NEEDED.contains(&path) {
        return Some(path.to_owned());
    }
    let (source, file) = BELOW.iter().find_map(|(source, below)| {
        let file = path.strip_prefix(below).filter(|file| file.contains('.'))?;
        Some((*source, file))
    })?;
    let home = tables.iter().find(|table| table.params == Some(Params::Source(source)))?;
    let name = if source == Source::Tags { "{tag}" } else { "{author}" };
    let folder = home.path.strip_suffix("{slug}/").filter(|folder| !folder.contains('{'))?;
    Some(format!("{folder}{name}/{file}"))
}

/// A path without what its parameters are called.
fn nameless(path: &str) -> String {
    path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}
