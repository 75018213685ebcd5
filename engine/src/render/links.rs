//! Links in a page's head: its feeds, the pages before and after it, and what it is in other forms.

use std::fmt::Write;

use minijinja::{Error, Value, value::Kwargs};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::content::read::{Kind, Term};

use super::{
    address, filter,
    scope::{Scope, Sight, Subject},
};

/// File and type of each feed.
const FEEDS: [(&str, &str); 3] =
    [("rss.xml", "application/rss+xml"), ("atom.xml", "application/atom+xml"), ("feed.json", "application/feed+json")];

/// The pages of a list beside this one, by their addresses.
#[derive(Debug, Default)]
pub struct Beside {
    prev: Option<String>,
    next: Option<String>,
}

impl Beside {
    /// `head(list=, base=)`: the numbers of a list's pages come after `base`. Asks the list, so no scope may be held.
    pub fn of(kwargs: &Kwargs) -> Result<Self, Error> {
        let (list, base) = (kwargs.get::<Option<Value>>("list")?, kwargs.get::<Option<String>>("base")?);
        let Some((list, base)) = list.zip(base) else { return Ok(Self::default()) };
        let page = |side: &str| -> Result<Option<String>, Error> {
            let number = list.get_attr(side)?;
            Ok(number.as_usize().map(|number| format!("{base}{number}/")))
        };
        Ok(Self { prev: page("prev")?, next: page("next")? })
    }
}

/// Writes all links but the canonical one.
pub fn write(scope: &mut Scope, site: &str, beside: &Beside, html: &mut String) -> Result<(), Error> {
    for (rel, url) in [("prev", &beside.prev), ("next", &beside.next)] {
        if let Some(url) = url {
            link(html, &[("rel", rel), ("href", url)]);
        }
    }
    for (file, kind) in FEEDS {
        let href = format!("/{file}");
        link(html, &[("rel", "alternate"), ("type", kind), ("href", &href), ("title", site)]);
    }
    match scope.subject.clone() {
        Subject::Post(post, sight) => {
            scope.saw(&sight, &["url", "title"]);
            let url = scope.stage.theme.permalinks.post(&post.card);
            let markdown = address::encode(&address::markdown(&url));
            link(html, &[("rel", "alternate"), ("type", "text/markdown"), ("href", &markdown)]);
            if post.card.kind == Kind::Post {
                embed(scope, &url, &post.card.title, html);
            }
        }
        Subject::Tag(term, sight) => {
            let home = scope.stage.theme.permalinks.tag(term.card.id, &term.card.slug);
            feeds(scope, site, &home, &term, &sight, html);
        }
        Subject::Author(term, sight) => {
            let home = scope.stage.theme.permalinks.author(term.card.id, &term.card.slug);
            feeds(scope, site, &home, &term, &sight, html);
        }
        Subject::Other => {}
    }
    Ok(())
}

/// The feeds of a tag or an author, where the theme has a place for them.
fn feeds(scope: &mut Scope, site: &str, home: &str, term: &Term, sight: &Sight, html: &mut String) {
    scope.saw(sight, &["name", "url"]);
    let title = format!("{} · {site}", term.card.name);
    for (file, kind) in FEEDS {
        let path = format!("{home}{file}");
        if home.ends_with('/')
            && scope.stage.theme.routes.matching(&path).any(|(route, _)| route.content_type.starts_with(kind))
        {
            let href = address::encode(&path);
            link(html, &[("rel", "alternate"), ("type", kind), ("href", &href), ("title", &title)]);
        }
    }
}

/// Where other sites learn how to show a post.
fn embed(scope: &Scope, url: &str, title: &str, html: &mut String) {
    let post = address::absolute(&scope.site_url, &address::encode(url));
    let post = utf8_percent_encode(&post, NON_ALPHANUMERIC);
    for (format, kind) in [("json", "application/json+oembed"), ("xml", "text/xml+oembed")] {
        let href = format!("{}/oembed?url={post}&format={format}", scope.site_url);
        link(html, &[("rel", "alternate"), ("type", kind), ("href", &href), ("title", title)]);
    }
}

/// What Open Graph says of an article beyond what every page says.
pub fn article(scope: &mut Scope, html: &mut String) {
    let Subject::Post(post, _) = scope.subject.clone() else { return };
    if post.card.kind != Kind::Post {
        return;
    }
    let authors = post.card.authors.iter().map(|author| {
        let path = scope.stage.theme.permalinks.author(author.id, &author.slug);
        ("article:author", address::absolute(&scope.site_url, &address::encode(&path)))
    });
    let section = post.card.tags.first().map(|tag| ("article:section", tag.name.clone()));
    let tags = post.card.tags.iter().map(|tag| ("article:tag", tag.name.clone()));
    for (property, content) in authors.chain(section).chain(tags) {
        element(html, "meta", &[("property", property), ("content", &content)]);
    }
}

fn link(html: &mut String, attributes: &[(&str, &str)]) {
    element(html, "link", attributes);
}

fn element(html: &mut String, name: &str, attributes: &[(&str, &str)]) {
    // Writing to a string cannot fail.
    let _ = write!(html, "<{name}");
    for (attribute, value) in attributes {
        let _ = write!(html, " {attribute}=\"");
        let _ = filter::escape(value, |part| html.write_str(part));
        html.push('"');
    }
    html.push_str(">\n");
}
