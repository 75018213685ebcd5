//! `head()`: what machines read of a page: its title, address, feeds, cards for social sites and structured data.

use std::fmt::Write;

use minijinja::{Error, Value, value::Kwargs};

use crate::{content::read::Kind, raster, theme::route::NOT_FOUND};

use super::{
    address, card, filter,
    links::{self, Beside},
    scope::{self, Scope, Subject},
    site,
    structured::{self, Said},
    time,
};

/// The longest description, in characters.
const DESCRIPTION: usize = 160;

/// What the head says of a post.
const HEAD: &[&str] = &[
    "kind",
    "title",
    "excerpt",
    "published_at",
    "updated_at",
    "image",
    "tags",
    "authors",
    "words",
    "seo_title",
    "seo_description",
    "canonical_url",
];

/// What is said of the page, from its subject and the template's arguments.
struct About {
    site: String,
    title: String,
    description: String,
    canonical: String,
    image: Option<String>,
    /// The image is the card that the engine drew.
    drawn: bool,
    /// When a post was published and changed, for readers of Open Graph.
    article: Option<[String; 2]>,
    beside: Beside,
}

/// `head(title=, description=, canonical=, noindex=, list=, base=)`; what the template does not say comes from the page's subject and path.
pub fn head(kwargs: Kwargs) -> Result<Value, Error> {
    let title = kwargs.get::<Option<String>>("title")?;
    let description = kwargs.get::<Option<String>>("description")?;
    let canonical = kwargs.get::<Option<String>>("canonical")?;
    let noindex = kwargs.get::<Option<bool>>("noindex")?.unwrap_or(false);
    let beside = Beside::of(&kwargs)?;
    kwargs.assert_all_used()?;
    scope::with(|scope| {
        let about = About { beside, ..About::of(scope, title, description, canonical)? };
        let mut html = String::new();
        if noindex {
            html.push_str("<meta name=\"robots\" content=\"noindex\">\n");
        }
        about.write(scope, &mut html)?;
        Ok(Value::from_safe_string(html))
    })
}

impl About {
    fn of(
        scope: &mut Scope,
        title: Option<String>,
        description: Option<String>,
        canonical: Option<String>,
    ) -> Result<Self, Error> {
        let site = site::text(scope, "title")?;
        let mut drawn = None;
        let (subject_title, subject_description, image, subject_canonical) = match scope.subject.clone() {
            Subject::Post(post, sight) => {
                scope.saw(&sight, HEAD);
                drawn = card::url(scope, &post).filter(|_| post.card.image.is_none());
                (
                    Some(post.seo_title.clone().unwrap_or_else(|| post.card.title.clone())),
                    Some(post.seo_description.clone().unwrap_or_else(|| post.card.excerpt.clone())),
                    post.card.image.as_ref().map(|image| image.url.clone()).or_else(|| drawn.clone()),
                    post.canonical_url.clone(),
                )
            }
            Subject::Tag(term, sight) | Subject::Author(term, sight) => {
                scope.saw(&sight, &["name", "description", "image"]);
                let description = Some(term.description.clone()).filter(|text| !text.is_empty());
                (Some(term.card.name.clone()), description, term.image.clone(), None)
            }
            Subject::Other => (None, None, None, None),
        };
        let description = match description.or(subject_description) {
            Some(description) => description,
            None => site::text(scope, "description")?,
        };
        let title = title.or(subject_title).unwrap_or_else(|| site.clone());
        // A page of which nobody has said anything is described by its title.
        let description = if description.is_empty() { title.clone() } else { description };
        let canonical = canonical.or(subject_canonical).unwrap_or_else(|| address::encode(&scope.path));
        Ok(Self {
            title,
            site,
            description: filter::shorten(&description, DESCRIPTION),
            canonical: address::absolute(&scope.site_url, &canonical),
            image: image.map(|url| address::absolute(&scope.site_url, &url)),
            drawn: drawn.is_some(),
            article: match &scope.subject {
                Subject::Post(post, _) if post.card.kind == Kind::Post => {
                    Some([time::iso(post.card.published_at), time::iso(post.updated_at)])
                }
                _ => None,
            },
            beside: Beside::default(),
        })
    }

    fn said(&self) -> Said<'_> {
        Said {
            site: &self.site,
            title: &self.title,
            description: &self.description,
            canonical: &self.canonical,
            image: self.image.as_deref(),
        }
    }

    fn write(&self, scope: &mut Scope, html: &mut String) -> Result<(), Error> {
        let full = if self.title == self.site { self.site.clone() } else { format!("{} · {}", self.title, self.site) };
        element(html, "<title>", &full, "</title>\n")?;
        if !self.description.is_empty() {
            element(html, "<meta name=\"description\" content=\"", &self.description, "\">\n")?;
        }
        // What is not there has no address of its own.
        let canonical = Some(self.canonical.as_str()).filter(|_| scope.path != NOT_FOUND);
        if let Some(canonical) = canonical {
            element(html, "<link rel=\"canonical\" href=\"", canonical, "\">\n")?;
        }
        links::write(scope, &self.site, &self.beside, html)?;
        let kind = if self.article.is_some() { "article" } else { "website" };
        let [published, modified] = self.article.as_ref().map_or([None, None], |times| times.each_ref().map(Some));
        let [width, height] = [raster::CARD_WIDTH, raster::CARD_HEIGHT].map(|side| side.to_string());
        let large = if self.image.is_some() { "summary_large_image" } else { "summary" };
        for (property, content) in [
            ("og:site_name", Some(self.site.as_str())),
            ("og:type", Some(kind)),
            ("og:title", Some(self.title.as_str())),
            ("og:description", Some(self.description.as_str()).filter(|text| !text.is_empty())),
            ("og:url", canonical),
            ("og:image", self.image.as_deref()),
            ("og:image:width", self.drawn.then_some(width.as_str())),
            ("og:image:height", self.drawn.then_some(height.as_str())),
            ("og:image:alt", self.drawn.then_some(self.title.as_str())),
            ("article:published_time", published.map(String::as_str)),
            ("article:modified_time", modified.map(String::as_str)),
        ] {
            if let Some(content) = content {
                let _ = write!(html, "<meta property=\"{property}\" content=\"");
                element(html, "", content, "\">\n")?;
            }
        }
        links::article(scope, html);
        let _ = writeln!(html, "<meta name=\"twitter:card\" content=\"{large}\">");
        let data = structured::graph(scope, &self.said());
        // Inside a script element only `</` and `<!--` could end or hide the data.
        let data = data.to_string().replace('<', "\\u003c");
        let _ = write!(html, "<script type=\"application/ld+json\">{data}</script>");
        Ok(())
    }
}

fn element(html: &mut String, before: &str, text: &str, after: &str) -> Result<(), Error> {
    html.push_str(before);
    filter::escape(text, |part| {
        html.push_str(part);
        Ok::<_, Error>(())
    })?;
    html.push_str(after);
    Ok(())
}
