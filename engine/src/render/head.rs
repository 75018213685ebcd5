//! `head()`: what machines read of a page: its title, address, feeds, cards for social sites and structured data.

use std::fmt::Write;

use minijinja::{Error, Value, value::Kwargs};
use serde_json::{Map, Value as Json, json};

use super::{
    address, filter,
    scope::{self, Scope, Subject},
    site, time,
};

/// The longest description, in characters.
const DESCRIPTION: usize = 160;

/// What is said of the page, from its subject and the template's arguments.
struct About {
    site: String,
    title: String,
    description: String,
    canonical: String,
    image: Option<String>,
    article: bool,
}

/// `head(title=, description=, canonical=)`; what the template does not say comes from the page's subject and path.
pub fn head(kwargs: Kwargs) -> Result<Value, Error> {
    let title = kwargs.get::<Option<String>>("title")?;
    let description = kwargs.get::<Option<String>>("description")?;
    let canonical = kwargs.get::<Option<String>>("canonical")?;
    kwargs.assert_all_used()?;
    scope::with(|scope| {
        let about = About::of(scope, title, description, canonical)?;
        let mut html = String::new();
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
        let (subject_title, subject_description, image, subject_canonical) = match scope.subject.clone() {
            Subject::Post(post) => (
                Some(post.seo_title.clone().unwrap_or_else(|| post.card.title.clone())),
                Some(post.seo_description.clone().unwrap_or_else(|| post.card.excerpt.clone())),
                post.card.image.as_ref().map(|image| image.url.clone()),
                post.canonical_url.clone(),
            ),
            Subject::Tag(term) | Subject::Author(term) => {
                let description = Some(term.description.clone()).filter(|text| !text.is_empty());
                (Some(term.card.name.clone()), description, term.image.clone(), None)
            }
            Subject::Other => (None, None, None, None),
        };
        let description = match description.or(subject_description) {
            Some(description) => description,
            None => site::text(scope, "description")?,
        };
        let canonical = canonical.or(subject_canonical).unwrap_or_else(|| address::encode(&scope.path));
        Ok(Self {
            title: title.or(subject_title).unwrap_or_else(|| site.clone()),
            site,
            description: filter::shorten(&description, DESCRIPTION),
            canonical: address::absolute(&scope.site_url, &canonical),
            image: image.map(|url| address::absolute(&scope.site_url, &url)),
            article: matches!(scope.subject, Subject::Post(_)),
        })
    }

    fn write(&self, scope: &mut Scope, html: &mut String) -> Result<(), Error> {
        let full = if self.title == self.site { self.site.clone() } else { format!("{} · {}", self.title, self.site) };
        element(html, "<title>", &full, "</title>\n")?;
        if !self.description.is_empty() {
            element(html, "<meta name=\"description\" content=\"", &self.description, "\">\n")?;
        }
        element(html, "<link rel=\"canonical\" href=\"", &self.canonical, "\">\n")?;
        for (path, kind) in [
            ("/rss.xml", "application/rss+xml"),
            ("/atom.xml", "application/atom+xml"),
            ("/feed.json", "application/feed+json"),
        ] {
            let _ = write!(html, "<link rel=\"alternate\" type=\"{kind}\" href=\"{path}\" title=\"");
            element(html, "", &self.site, "\">\n")?;
        }
        let kind = if self.article { "article" } else { "website" };
        let large = if self.image.is_some() { "summary_large_image" } else { "summary" };
        for (property, content) in [
            ("og:site_name", Some(self.site.as_str())),
            ("og:type", Some(kind)),
            ("og:title", Some(self.title.as_str())),
            ("og:description", Some(self.description.as_str()).filter(|text| !text.is_empty())),
            ("og:url", Some(self.canonical.as_str())),
            ("og:image", self.image.as_deref()),
        ] {
            if let Some(content) = content {
                let _ = write!(html, "<meta property=\"{property}\" content=\"");
                element(html, "", content, "\">\n")?;
            }
        }
        let _ = writeln!(html, "<meta name=\"twitter:card\" content=\"{large}\">");
        let data = self.structured(scope);
        // Inside a script element only `</` and `<!--` could end or hide the data.
        let data = data.to_string().replace('<', "\\u003c");
        let _ = write!(html, "<script type=\"application/ld+json\">{data}</script>");
        Ok(())
    }

    fn structured(&self, scope: &Scope) -> Json {
        let publisher = json!({"@type": "Organization", "name": self.site, "url": format!("{}/", scope.site_url)});
        let Subject::Post(post) = &scope.subject else {
            return json!({"@context": "https://schema.org", "@type": "WebSite", "name": self.site, "url": format!("{}/", scope.site_url)});
        };
        let mut data = Map::new();
        data.insert("@context".into(), json!("https://schema.org"));
        data.insert("@type".into(), json!("BlogPosting"));
        data.insert("headline".into(), json!(post.card.title));
        data.insert("description".into(), json!(self.description));
        data.insert("url".into(), json!(self.canonical));
        data.insert("mainEntityOfPage".into(), json!(self.canonical));
        data.insert("datePublished".into(), json!(time::iso(post.card.published_at)));
        data.insert("dateModified".into(), json!(time::iso(post.updated_at)));
        data.insert("wordCount".into(), json!(post.words));
        data.insert("publisher".into(), publisher);
        if let Some(image) = &self.image {
            data.insert("image".into(), json!([image]));
        }
        let permalinks = &scope.stage.theme.permalinks;
        let authors = post.card.authors.iter().map(|author| {
            let url = address::absolute(&scope.site_url, &address::encode(&permalinks.author(author.id, &author.slug)));
            json!({"@type": "Person", "name": author.name, "url": url})
        });
        data.insert("author".into(), authors.collect());
        let keywords: Vec<_> = post.card.tags.iter().map(|tag| tag.name.as_str()).collect();
        if !keywords.is_empty() {
            data.insert("keywords".into(), json!(keywords.join(", ")));
        }
        Json::Object(data)
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
