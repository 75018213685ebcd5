//! The plan of an import: what every file of a tree becomes, worked out before anything is written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    anchors,
    index::Index,
    links, liquid,
    read::{Reading, read},
    report::{Change, Fate, Item, Report, Totals},
    resolve::{Resolver, Target},
    shortcode,
    site::{Flavour, Site},
    text::Text,
    tree::{Resource, Tree},
};
use crate::content::{
    command::post::{ImportPost, ImportTerm},
    markdown::{Trust, render},
    permalink::{Permalinks, Place},
    read::Kind,
};

/// What this site has already that a new post must not collide with: all but the posts of this same tree.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    pub slugs: HashSet<String>,
    pub paths: HashSet<String>,
}

pub struct Plan {
    pub posts: Vec<PlannedPost>,
    /// Files for the media library, with their addresses there.
    pub files: BTreeMap<Resource, String>,
    /// As it will be when all goes well.
    pub report: Report,
}

pub struct PlannedPost {
    pub post: ImportPost,
    /// Its place among the report's items.
    pub item: usize,
}

/// What planning has found so far.
struct Planner<'a> {
    tree: &'a Tree,
    site: &'a Site,
    permalinks: &'a Permalinks,
    /// Milliseconds since the epoch.
    now: i64,
    /// The address that a file gets in the media library; `None` when the library does not take it.
    media_url: &'a dyn Fn(&Resource) -> Option<String>,
    files: BTreeMap<Resource, String>,
    images_found: BTreeSet<String>,
    images_missing: BTreeSet<String>,
    /// What the tree says of tags and of authors, by name.
    terms: [HashMap<String, ImportTerm>; 2],
    tags: BTreeSet<String>,
    authors: BTreeSet<String>,
    totals: Totals,
}

/// Plans the import of a tree.
pub fn plan(
    tree: &Tree,
    site: &Site,
    taken: &Taken,
    permalinks: &Permalinks,
    now: i64,
    media_url: &dyn Fn(&Resource) -> Option<String>,
) -> Plan {
    let Reading { texts, skipped, resources } = read(tree, site, &taken.paths);
    let index = Index::of(&texts, site);
    let mut planner = Planner {
        tree,
        site,
        permalinks,
        now,
        media_url,
        files: BTreeMap::new(),
        images_found: BTreeSet::new(),
        images_missing: BTreeSet::new(),
        terms: ["tags", "authors"].map(|list| described(site, list)),
        tags: BTreeSet::new(),
        authors: BTreeSet::new(),
        totals: Totals::default(),
    };
    let mut fates: BTreeMap<String, Item> = BTreeMap::new();
    let mut posts = BTreeMap::new();
    let mut slugs = taken.slugs.clone();
    for mut text in texts {
        let post = planner.post(&mut text, &index, &mut slugs);
        let fate = Fate::Imported { url: text.url.clone(), change: Change::Created };
        fates.insert(text.file.clone(), Item { file: text.file.clone(), fate, notes: std::mem::take(&mut text.notes) });
        posts.insert(text.file, post);
    }
    for (file, reason) in skipped {
        fates.insert(file.clone(), Item { file, fate: Fate::Skipped { reason }, notes: Vec::new() });
    }
    for file in resources {
        let fate = match planner.files.get(&Resource::InTree(file.clone())) {
            Some(url) => Fate::Merged { url: url.clone() },
            None => Fate::Skipped { reason: "no text shows it".to_owned() },
        };
        fates.insert(file.clone(), Item { file, fate, notes: Vec::new() });
    }
    let items: Vec<Item> = fates.into_values().collect();
    let places: HashMap<&str, usize> =
        items.iter().enumerate().map(|(place, item)| (item.file.as_str(), place)).collect();
    let posts = posts
        .into_iter()
        .filter_map(|(file, post)| Some(PlannedPost { post, item: *places.get(file.as_str())? }))
        .collect();
    let Planner { files, images_found, images_missing, tags, authors, mut totals, .. } = planner;
    totals.tags = tags.len();
    totals.authors = authors.len();
    totals.media = files.len();
    totals.images_found = images_found.len();
    totals.images_missing = images_missing.len();
    let report = Report { tree: tree.name.clone(), format: site.flavour, dry_run: false, totals, items };
    Plan { posts, files, report }
}

impl Planner<'_> {
    fn post(&mut self, text: &mut Text, index: &Index, slugs: &mut HashSet<String>) -> ImportPost {
        let ahead = text.published_at.is_some_and(|at| at > self.now);
        if ahead {
            text.notes.push("its date lies ahead, so it is a draft: schedule it".to_owned());
        }
        let published = !text.draft && !ahead;
        let slug = free(slugs, &text.name);
        let kind = if text.is_page { Kind::Page } else { Kind::Post };
        let markdown = self.body(text, index);
        let own = self.site.flavour == Flavour::Perennial;
        let excerpt = text.excerpt.clone().or_else(|| if own { None } else { before_more(&markdown) });
        let feature_image = text.image.clone().and_then(|image| self.picture(text, index, &image));
        self.count(kind, published, text);
        let [tags, authors] = &self.terms;
        ImportPost {
            source: format!("{}:{}", self.tree.name, text.file),
            kind,
            published,
            title: text.title.clone(),
            path: (self.permalink(text, kind, &slug) != text.url).then(|| text.url.clone()),
            slug: Some(slug),
            markdown,
            excerpt,
            tags: text.tags.iter().map(|name| term(tags, name)).collect(),
            authors: text.authors.iter().map(|name| term(authors, name)).collect(),
            feature_image,
            feature_image_alt: text.image_alt.clone(),
            featured: text.featured,
            seo_title: text.seo_title.clone(),
            seo_description: text.seo_description.clone(),
            canonical_url: text.canonical_url.clone(),
            published_at: text.published_at,
            updated_at: text.updated_at,
            aliases: text.old_paths.clone(),
        }
    }

    fn count(&mut self, kind: Kind, published: bool, text: &Text) {
        self.tags.extend(text.tags.iter().cloned());
        self.authors.extend(text.authors.iter().cloned());
        match kind {
            Kind::Post => self.totals.posts += 1,
            Kind::Page => self.totals.pages += 1,
        }
        if published {
            self.totals.redirects += text.old_paths.len();
        } else {
            self.totals.drafts += 1;
        }
    }

    /// Where the theme would show it without a path of its own.
    fn permalink(&self, text: &Text, kind: Kind, slug: &str) -> String {
        let tag = text.tags.first().map(slug::slugify);
        let author = text.authors.first().map(slug::slugify);
        self.permalinks.post(Place {
            id: uuid::Uuid::nil(),
            kind,
            slug,
            path: None,
            published_at: text.published_at.unwrap_or(self.now),
            primary_tag: tag.as_deref(),
            primary_author: author.as_deref(),
        })
    }

    /// The text in Markdown of this engine, its links leading to where things are now.
    fn body(&mut self, text: &mut Text, index: &Index) -> String {
        let (expanded, notes) = match self.site.flavour {
            Flavour::Jekyll => {
                let address_of = |name: &str| index.file(name);
                liquid::expand(&text.body, &liquid::Context { config: &self.site.config, address_of: &address_of })
            }
            Flavour::Zola | Flavour::Hugo => shortcode::expand(&text.body, &|name| index.file(name)),
            Flavour::Perennial => (text.body.clone(), Vec::new()),
        };
        text.notes.extend(notes);
        let settled = match self.site.flavour {
            Flavour::Perennial => expanded,
            Flavour::Zola | Flavour::Hugo | Flavour::Jekyll => anchors::settle(&expanded),
        };
        let mut notes = BTreeSet::new();
        let markdown = links::exchange(&settled, |destination| {
            self.exchanged(text, index, destination.url, destination.shows(), &mut notes)
        });
        text.notes.extend(notes);
        markdown
    }

    fn exchanged(
        &mut self,
        text: &Text,
        index: &Index,
        url: &str,
        shown: bool,
        notes: &mut BTreeSet<String>,
    ) -> Option<String> {
        let resolver = Resolver { tree: self.tree, site: self.site, index };
        match resolver.resolve(text, url, shown) {
            Target::AsItIs => None,
            Target::Text(address) => {
                self.totals.links_made_internal += usize::from(url.contains("://"));
                Some(address)
            }
            Target::File(resource) => {
                let file = resource.path().to_owned();
                let url = self.file(resource);
                if url.is_none() {
                    notes.insert(format!("{file} was left out: it is no picture, sound, film or document"));
                } else if shown {
                    self.images_found.insert(file);
                }
                url
            }
            Target::Missing(file) => {
                if shown {
                    self.images_missing.insert(file.clone());
                }
                notes.insert(format!("{file} is missing"));
                None
            }
        }
    }

    fn file(&mut self, resource: Resource) -> Option<String> {
        if let Some(url) = self.files.get(&resource) {
            return Some(url.clone());
        }
        let url = (self.media_url)(&resource)?;
        self.files.insert(resource, url.clone());
        Some(url)
    }

    /// The picture of a text; one that is missing is left out.
    fn picture(&mut self, text: &mut Text, index: &Index, image: &str) -> Option<String> {
        let mut notes = BTreeSet::new();
        let found = self.exchanged(text, index, image, true, &mut notes);
        let stays = notes.is_empty();
        text.notes.extend(notes.into_iter().map(|note| format!("its picture: {note}")));
        found.or_else(|| stays.then(|| image.to_owned()))
    }
}

/// The terms that the tree's own description lists.
fn described(site: &Site, list: &str) -> HashMap<String, ImportTerm> {
    let terms = site.config.entries(list).into_iter().filter_map(|fields| {
        let (name, slug) = (fields.text("name")?, fields.text("slug"));
        Some((name.clone(), ImportTerm { name, slug, description: fields.text("description").unwrap_or_default() }))
    });
    terms.collect()
}

fn term(described: &HashMap<String, ImportTerm>, name: &str) -> ImportTerm {
    described.get(name).cloned().unwrap_or_else(|| ImportTerm { name: name.to_owned(), ..ImportTerm::default() })
}

/// The slug, or the first with a number behind it that is free.
fn free(taken: &mut HashSet<String>, name: &str) -> String {
    let slug = slug::slugify(name);
    let slug = if slug.is_empty() { "untitled".to_owned() } else { slug };
    let mut candidate = slug.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{slug}-{number}");
        number += 1;
    }
    candidate
}

/// What stands before the mark that ends the summary.
fn before_more(markdown: &str) -> Option<String> {
    let at = ["<!-- more -->", "<!--more-->"].iter().find_map(|mark| markdown.find(mark))?;
    let plain = render(markdown.get(..at)?, Trust::Author).plain;
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}
