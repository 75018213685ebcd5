//! Reading a tree: which of its files are texts, and the address that each will have.

use std::collections::HashSet;

use super::{
    address,
    front::Front,
    hugo, jekyll, own,
    site::{Flavour, Site},
    text::Text,
    tree::Tree,
    zola,
};

/// The texts of a tree, each with an address of its own, and the files that are none, with the reason.
pub struct Reading {
    pub texts: Vec<Text>,
    pub skipped: Vec<(String, String)>,
    /// Files that texts may show.
    pub resources: Vec<String>,
}

/// Reads all texts. `taken` holds the paths that other posts of this site have.
pub fn read(tree: &Tree, site: &Site, taken: &HashSet<String>) -> Reading {
    let mut reading = Reading { texts: Vec::new(), skipped: Vec::new(), resources: Vec::new() };
    for file in &tree.files {
        if !is_text(file, site) {
            reading.resources.push(file.clone());
            continue;
        }
        match text(tree, site, file) {
            Ok(text) => reading.texts.push(text),
            Err(reason) => reading.skipped.push((file.clone(), reason)),
        }
    }
    settle_addresses(&mut reading.texts, taken);
    settle_old_paths(&mut reading.texts, site);
    reading
}

fn text(tree: &Tree, site: &Site, file: &str) -> Result<Text, String> {
    let raw = tree.text(file)?;
    let front = Front::parse(&raw).map_err(|error| error.to_string())?;
    match site.flavour {
        Flavour::Zola => zola::read(site, file, &front),
        Flavour::Hugo => hugo::read(site, file, &front),
        Flavour::Jekyll => jekyll::read(site, file, &front),
        Flavour::Perennial => own::read(site, file, &front),
    }
}

fn is_text(file: &str, site: &Site) -> bool {
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let is_html =
        matches!(extension.as_str(), "html" | "htm") && !matches!(site.flavour, Flavour::Zola | Flavour::Perennial);
    matches!(extension.as_str(), "md" | "markdown" | "mkd" | "mdown") || is_html && site.below_content(file).is_some()
}

/// Gives each text an address that no other has, and that paths here can have.
fn settle_addresses(texts: &mut [Text], taken: &HashSet<String>) {
    let mut taken = taken.clone();
    for text in texts {
        let wanted = text.url.clone();
        if wanted.contains(|c: char| c.is_whitespace() || c == '#') {
            text.url = plainer(&wanted);
        }
        let mut number = 2;
        let (start, end) = split_name(&text.url);
        while !taken.insert(text.url.clone()) {
            text.url = format!("{start}-{number}{end}");
            number += 1;
        }
        if text.url != wanted {
            text.notes.push(format!(
                "its address was {wanted}, which is taken or cannot be a path here; it is {} now",
                text.url
            ));
        }
    }
}

/// The path with its parts written as slugs.
fn plainer(path: &str) -> String {
    let (start, end) = split_name(path);
    let parts: Vec<String> = start.split('/').map(slug::slugify).collect();
    format!("{}{end}", parts.join("/"))
}

/// A path up to its last name, and its extension or slash.
fn split_name(path: &str) -> (String, String) {
    let end = match path.strip_suffix('/') {
        Some(start) => start.len(),
        None => path.len() - path.rsplit_once('.').map_or(0, |(_, extension)| extension.len() + 1),
    };
    let (start, end) = path.split_at(end);
    (start.to_owned(), end.to_owned())
}

/// Leaves of the old paths those that can lead to their text: canonical, its own, nobody's address.
fn settle_old_paths(texts: &mut [Text], site: &Site) {
    let mut taken: HashSet<String> = texts.iter().map(|text| text.url.clone()).collect();
    for text in texts {
        let mut kept = Vec::new();
        for raw in std::mem::take(&mut text.old_paths) {
            match old_path(&raw, text, site) {
                Some(path) if path == text.url => {}
                Some(path) if taken.insert(path.clone()) => kept.push(path),
                Some(path) if kept.contains(&path) => {}
                Some(path) => text.notes.push(format!("its old path {path} belongs to another text")),
                None => text.notes.push(format!("its old path \"{raw}\" cannot be a path here")),
            }
        }
        text.old_paths = kept;
    }
}

/// Hugo reads a path without a slash from the text's own folder, the others from the root.
fn old_path(raw: &str, text: &Text, site: &Site) -> Option<String> {
    let path = if site.flavour == Flavour::Hugo && !raw.starts_with('/') {
        let folder = address::folder(text.url.trim_end_matches('/'));
        address::path(&address::join(folder, raw)?)
    } else {
        address::path(raw)
    };
    path.filter(|path| !path.contains(|c: char| c.is_whitespace() || c == '#'))
}
