//! One text of an old site, in the words of this engine.

use jiff::tz::TimeZone;

use super::{
    address, date,
    front::{Fields, Front},
};

/// What a file of the tree holds for readers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// Path of the file within the tree, with `/` between folders.
    pub file: String,
    pub is_page: bool,
    pub draft: bool,
    pub title: String,
    /// The last part of its address, as the old site had it.
    pub name: String,
    /// Where readers of the old site found it.
    pub url: String,
    /// Milliseconds since the epoch, as are all times here.
    pub published_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub excerpt: Option<String>,
    /// The picture of the text, as its field names it.
    pub image: Option<String>,
    pub image_alt: Option<String>,
    pub featured: bool,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub canonical_url: Option<String>,
    /// Paths that led to it before; not yet canonical.
    pub old_paths: Vec<String>,
    pub body: String,
    /// What the operator should know of.
    pub notes: Vec<String>,
}

/// Fields that have a place here, or that say something about the old theme only.
const KNOWN: &str = "
    title date publishdate lastmod updated draft published slug path url permalink aliases redirect_from tags tag categories category
    keywords taxonomies author authors description excerpt summary excerpt_separator image images cover feature_image featured_image
    layout template type weight extra";

impl Text {
    /// What all three kinds of trees say in the same way.
    pub fn common(file: &str, front: &Front<'_>, zone: &TimeZone) -> Self {
        let fields = &front.fields;
        let moment = |names: &[&str]| names.iter().find_map(|name| date::parse(&fields.text(name)?, zone));
        let mut text = Self {
            file: file.to_owned(),
            draft: fields.flag("draft") == Some(true) || fields.flag("published") == Some(false),
            title: fields.text("title").unwrap_or_default(),
            published_at: moment(&["date", "publishDate", "publishdate"]),
            updated_at: moment(&["lastmod", "updated", "last_modified_at"]),
            authors: authors(fields),
            excerpt: fields.first(&["excerpt", "summary", "description"]).map(|text| one_line(&text)),
            image: image(fields),
            old_paths: [fields.list("aliases"), fields.list("redirect_from")].concat(),
            body: front.body.replace("\r\n", "\n").trim_start_matches('\n').to_owned(),
            ..Self::default()
        };
        for name in fields.names().filter(|name| !KNOWN.split_whitespace().any(|known| known == name.to_lowercase())) {
            text.notes.push(format!("the field \"{name}\" has no place here"));
        }
        if text.published_at.is_none() && fields.has("date") {
            text.notes.push("its date cannot be read".to_owned());
        }
        text
    }

    /// Ends the reading: nothing is left without a title or with the same tag twice.
    pub fn finished(mut self) -> Self {
        if self.title.is_empty() {
            self.title = humanised(&self.name);
        }
        let mut seen = std::collections::HashSet::new();
        self.tags.retain(|tag| seen.insert(slug::slugify(tag)));
        seen.clear();
        self.authors.retain(|author| seen.insert(slug::slugify(author)));
        self
    }

    /// A file with neither a title nor words is there for the old theme.
    pub fn is_empty(&self) -> bool {
        self.title.is_empty() && self.body.trim().is_empty()
    }

    /// Sets the date from the path or the name of the file when no field gave one.
    pub fn date_from(&mut self, path: &str, file_date: Option<jiff::civil::Date>, zone: &TimeZone) {
        let found = || date::in_path(path).or(file_date).and_then(|day| date::midnight(day, zone));
        self.published_at = self.published_at.or_else(found);
    }
}

fn authors(fields: &Fields) -> Vec<String> {
    ["authors", "author", "taxonomies.authors", "author.name"]
        .iter()
        .map(|name| fields.list(name))
        .find(|list| !list.is_empty())
        .unwrap_or_default()
}

fn image(fields: &Fields) -> Option<String> {
    let names = [
        "feature_image",
        "featured_image",
        "image",
        "cover",
        "cover.image",
        "image.path",
        "extra.image",
        "extra.cover",
    ];
    fields.first(&names).or_else(|| fields.list("images").into_iter().next())
}

/// Categories first: the first tag is the one that counts.
pub fn tags(lists: &[Vec<String>]) -> Vec<String> {
    lists.concat()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `i-dont-like-zeroes` → `I dont like zeroes`.
fn humanised(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_else(|| "Untitled".to_owned())
}

/// The last part of an address without its extension.
pub fn last_name(url: &str) -> String {
    address::stem(url.trim_end_matches('/')).to_owned()
}
