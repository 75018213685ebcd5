//! What a destination in a text leads to, seen from that text.

use super::{
    address,
    index::Index,
    links::resolved,
    site::Site,
    text::Text,
    tree::{Resource, Tree},
};

/// What stands behind a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// It stays as it is.
    AsItIs,
    /// A text of the tree, at this address.
    Text(String),
    /// A file that goes into the media library.
    File(Resource),
    /// A file that should be in the tree and is not.
    Missing(String),
}

/// Where a tree's texts and files are.
pub struct Resolver<'a> {
    pub tree: &'a Tree,
    pub site: &'a Site,
    pub index: &'a Index,
}

impl Resolver<'_> {
    /// `needs_file` says that the destination is a picture, so that something must be there.
    pub fn resolve(&self, text: &Text, destination: &str, needs_file: bool) -> Target {
        if let Some(file) = destination.strip_prefix("@/") {
            return self
                .index
                .file(&resolved(file))
                .map_or_else(|| Target::Missing(destination.to_owned()), Target::Text);
        }
        if destination.starts_with("//") || has_scheme(destination) {
            return self.index.own_url(destination).map_or(Target::AsItIs, Target::Text);
        }
        let end = destination.find(['#', '?']).unwrap_or(destination.len());
        let (path, suffix) = destination.split_at(end);
        let path = resolved(path);
        if path.is_empty() || path.contains("{{") || path.contains("{%") {
            return Target::AsItIs;
        }
        let beside = (!path.starts_with('/')).then(|| address::join(address::folder(&text.file), &path)).flatten();
        if let Some(url) = beside.as_deref().and_then(|file| self.index.address_of(file)) {
            return Target::Text(format!("{}{suffix}", address::encoded(url)));
        }
        if let Some(resource) = self.file(text, &path, beside.as_deref()) {
            return Target::File(resource);
        }
        if !needs_file || self.index.path(&path).is_some() {
            return Target::AsItIs;
        }
        Target::Missing(beside.unwrap_or_else(|| path.into_owned()))
    }

    /// Beside the text, below the folders that were served at the root, or among the uploads.
    fn file(&self, text: &Text, path: &str, beside: Option<&str>) -> Option<Resource> {
        let from_root = match path.strip_prefix('/') {
            Some(path) => Some(path.to_owned()),
            None => address::join(&text.url, path),
        };
        let served =
            from_root.iter().flat_map(|path| self.site.statics.iter().map(move |folder| format!("{folder}{path}")));
        let in_tree = beside.map(str::to_owned).into_iter().chain(served).find(|file| self.tree.has(file));
        in_tree.map(Resource::InTree).or_else(|| self.tree.upload(path))
    }
}

/// `mailto:`, `https:`, `data:` …
fn has_scheme(destination: &str) -> bool {
    let scheme = destination.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}
