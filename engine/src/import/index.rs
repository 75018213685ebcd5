//! Where everything of the old site is found now: by file, by name, by address.

use std::collections::HashMap;

use super::{address, site::Site, text::Text};

/// Addresses of the texts of a tree.
#[derive(Default)]
pub struct Index {
    by_file: HashMap<String, String>,
    /// File names with and without their extension; `None` where two texts share one.
    by_name: HashMap<String, Option<String>>,
    /// Old and present paths.
    by_path: HashMap<String, String>,
    base_url: String,
    content: String,
}

impl Index {
    pub fn of(texts: &[Text], site: &Site) -> Self {
        let mut index = Self { base_url: site.base_url.clone(), content: site.content.clone(), ..Self::default() };
        for text in texts {
            index.by_file.insert(text.file.clone(), text.url.clone());
            let name = text.file.rsplit('/').next().unwrap_or(&text.file);
            for name in [name, address::stem(name)] {
                let entry = index.by_name.entry(name.to_owned());
                entry.and_modify(|known| *known = None).or_insert_with(|| Some(text.url.clone()));
            }
        }
        for text in texts {
            for path in &text.old_paths {
                index.by_path.insert(path.clone(), text.url.clone());
            }
        }
        for text in texts {
            index.by_path.insert(text.url.clone(), text.url.clone());
        }
        index
    }

    /// The address of a file, as templates and links name it: from the root, from the folder of the texts, or by its name.
    pub fn file(&self, name: &str) -> Option<String> {
        let name = name.trim().trim_matches(['"', '\'']).trim_start_matches('/');
        let (name, fragment) = name.split_at(name.find('#').unwrap_or(name.len()));
        let below = format!("{}{name}", self.content);
        let found = [name, &below, &format!("{below}.md"), &format!("{below}/index.md")]
            .iter()
            .find_map(|file| self.by_file.get(*file))
            .or_else(|| self.by_name.get(name.rsplit('/').next()?)?.as_ref())?;
        Some(format!("{}{fragment}", address::encoded(found)))
    }

    /// The address of exactly this file of the tree.
    pub fn address_of(&self, file: &str) -> Option<&str> {
        self.by_file.get(file).map(String::as_str)
    }

    /// The present address of a text that was at `path`, which need not be canonical.
    pub fn path(&self, path: &str) -> Option<&str> {
        self.by_path.get(&address::path(path)?).map(String::as_str)
    }

    /// The present address behind a URL of the old site itself, with its fragment.
    pub fn own_url(&self, url: &str) -> Option<String> {
        let rest = address::within(url, &self.base_url)?;
        let end = rest.find(['#', '?']).unwrap_or(rest.len());
        let (path, suffix) = rest.split_at(end);
        Some(format!("{}{suffix}", address::encoded(self.path(path)?)))
    }
}
