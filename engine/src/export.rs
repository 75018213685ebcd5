//! Exports: the texts of the site as Markdown, with their terms and the media library, for other programs and for imports.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use sea_orm::DatabaseConnection;
use serde::Serialize;
use serde_json::json;

use crate::{
    archive::{Archive, originals},
    content::{
        library::{self, Exported, ListQuery},
        permalink::Permalinks,
        read::Kind,
        time::Time,
    },
    import::site::OWN,
    model::post::Status,
};

/// How many posts are read at once.
const BATCH: u64 = 200;

/// What stands at the head of a text. What is empty is left out.
#[derive(Debug, Serialize)]
struct Front<'p> {
    title: &'p str,
    slug: &'p str,
    /// Where it was read.
    url: &'p str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Time>,
    updated: Time,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'p str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature_image: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature_image_alt: Option<&'p str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    featured: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_title: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seo_description: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical_url: Option<&'p str>,
    /// Other paths that lead to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'p str>,
}

impl<'p> Front<'p> {
    fn of(post: &'p Exported, aliases: Vec<&'p str>) -> Self {
        let row = &post.row;
        Self {
            title: &row.title,
            slug: &row.slug,
            url: &post.url,
            draft: row.status != Status::Published,
            date: row.published_at.or(row.publish_at).map(Time),
            updated: Time(row.updated_at),
            tags: post.tags.iter().map(|tag| tag.name.as_str()).collect(),
            authors: post.authors.iter().map(|author| author.name.as_str()).collect(),
            excerpt: row.excerpt.as_deref(),
            feature_image: row.feature_image.as_deref(),
            feature_image_alt: row.feature_image_alt.as_deref(),
            featured: row.featured,
            seo_title: row.seo_title.as_deref(),
            seo_description: row.seo_description.as_deref(),
            canonical_url: row.canonical_url.as_deref(),
            aliases,
        }
    }
}

/// Where an export goes.
#[derive(Debug)]
pub enum Out {
    Folder(PathBuf),
    Archive(Box<Archive>),
}

impl Out {
    /// A folder that is new or empty, or a new file when its name ends like an archive's.
    pub fn new(out: &Path) -> anyhow::Result<Self> {
        if out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            return Ok(Self::Archive(Box::new(Archive::create(out)?)));
        }
        let is_empty = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
        ensure!(is_empty, "{} is not empty; name a new folder, or a file that ends in .zip", out.display());
        Ok(Self::Folder(out.to_owned()))
    }

    fn text(&mut self, name: &str, text: &str) -> anyhow::Result<()> {
        match self {
            Self::Archive(archive) => archive.text(name, text),
            Self::Folder(folder) => {
                fs::write(room(folder, name)?, text).with_context(|| format!("{name} cannot be written"))
            }
        }
    }

    fn copy(&mut self, name: &str, from: &Path) -> anyhow::Result<()> {
        match self {
            Self::Archive(archive) => archive.copy(name, from, false),
            Self::Folder(folder) => {
                fs::copy(from, room(folder, name)?).map(drop).with_context(|| format!("{name} cannot be written"))
            }
        }
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Archive(archive) => archive.finish().map(drop),
            Self::Folder(_) => Ok(()),
        }
    }
}

fn room(folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let file = folder.join(name);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
    }
    Ok(file)
}

/// What of a site is written.
pub struct Source<'a> {
    pub readers: &'a DatabaseConnection,
    pub permalinks: &'a Permalinks,
    /// The folder of the media library.
    pub media: &'a Path,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub texts: usize,
    pub media: usize,
    /// Of the texts: what readers see was written, and somebody has changed more.
    pub changed: u64,
}

impl Source<'_> {
    /// Writes all of it. `progress` is told how many texts of how many are written.
    pub async fn write(&self, mut out: Out, mut progress: impl FnMut(usize, usize)) -> anyhow::Result<Written> {
        out.text(OWN, &serde_json::to_string_pretty(&about(self.readers).await?)?)?;
        let led = redirects(self.readers).await?;
        let (total, changed) = library::exportable(self.readers).await?;
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        let (mut last, mut texts) = (None, 0);
        loop {
            let posts = library::export(self.readers, self.permalinks, last, BATCH).await?;
            let Some(end) = posts.last() else { break };
            last = Some(end.row.id);
            for post in &posts {
                texts += 1;
                progress(texts, total.max(texts));
                let aliases = led.get(&post.url).map(|paths| paths.iter().map(String::as_str).collect());
                let head = serde_norway::to_string(&Front::of(post, aliases.unwrap_or_default()))?;
                let folder = if post.row.kind == Kind::Post { "posts" } else { "pages" };
                out.text(&format!("{folder}/{}.md", post.row.slug), &format!("---\n{head}---\n{}", post.row.markdown))?;
            }
        }
        let media = originals(self.media)?;
        for (name, path) in &media {
            out.copy(&format!("media/{name}"), path)?;
        }
        out.finish()?;
        Ok(Written { texts, media: media.len(), changed })
    }
}

/// What texts name only: their tags and authors.
async fn about(readers: &DatabaseConnection) -> anyhow::Result<serde_json::Value> {
    let (mut tags, mut authors) = (Vec::new(), Vec::new());
    let mut query = ListQuery { limit: Some(1_000), ..Default::default() };
    loop {
        let page = library::tags(readers, &query).await?;
        let items = page.items.into_iter();
        tags.extend(items.map(|tag| json!({"name": tag.name, "slug": tag.slug, "description": tag.description})));
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    loop {
        let page = library::authors(readers, &query).await?;
        let items = page.items.into_iter();
        authors
            .extend(items.map(|author| json!({"name": author.name, "slug": author.slug, "description": author.bio})));
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    Ok(json!({"version": env!("CARGO_PKG_VERSION"), "tags": tags, "authors": authors}))
}

/// The paths that lead to each path.
async fn redirects(readers: &DatabaseConnection) -> anyhow::Result<HashMap<String, Vec<String>>> {
    let mut led: HashMap<String, Vec<String>> = HashMap::new();
    let mut query = ListQuery { limit: Some(1_000), ..Default::default() };
    loop {
        let page = library::redirects(readers, &query).await?;
        for redirect in page.items.into_iter().filter(library::RedirectDoc::is_of_one_path) {
            led.entry(redirect.to).or_default().push(redirect.from);
        }
        query.cursor = page.next;
        if query.cursor.is_none() {
            return Ok(led);
        }
    }
}
