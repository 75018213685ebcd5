//! Structured data: what search engines are told of a page, in the words of schema.org.

use serde_json::{Value, json};

use crate::content::read::{Kind, Post, Term};

use super::{
    address,
    scope::{Scope, Subject},
    time,
};

/// What the page's head says as well.
pub struct Said<'a> {
    pub site: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub canonical: &'a str,
    pub image: Option<&'a str>,
}

/// One graph: the site, the page's subject, and the way from the one to the other.
pub fn graph(scope: &Scope, said: &Said<'_>) -> Value {
    let home = format!("{}/", scope.site_url);
    let site = json!({
        "@type": "WebSite", "@id": format!("{home}#site"), "name": said.site, "url": home,
        "potentialAction": {"@type": "SearchAction", "query-input": "required name=q",
            "target": {"@type": "EntryPoint", "urlTemplate": format!("{home}search?q={{q}}")}},
    });
    let blog = json!({"@type": "Blog", "@id": format!("{home}#blog"), "name": said.site, "url": home,
        "isPartOf": {"@id": format!("{home}#site")}});
    let mut graph = vec![site, blog];
    match &scope.subject {
        Subject::Post(post, _) if post.card.kind == Kind::Post => {
            graph.push(article(scope, said, post));
            let tag = post.card.tags.first();
            let tag =
                tag.map(|tag| (tag.name.as_str(), url(scope, &scope.stage.theme.permalinks.tag(tag.id, &tag.slug))));
            graph.push(trail(scope, said, tag, &post.card.title));
        }
        Subject::Post(post, _) => graph.push(json!({
            "@type": "WebPage", "name": said.title, "description": said.description, "url": said.canonical,
            "dateModified": time::iso(post.updated_at), "isPartOf": {"@id": format!("{home}#site")},
        })),
        Subject::Tag(..) => {
            graph.push(json!({
                "@type": "CollectionPage", "name": said.title, "description": said.description, "url": said.canonical,
                "isPartOf": {"@id": format!("{home}#site")},
            }));
            graph.push(trail(scope, said, None, said.title));
        }
        Subject::Author(author, _) => {
            graph.push(profile(scope, said, author));
            graph.push(trail(scope, said, None, &author.card.name));
        }
        Subject::Other => {}
    }
    json!({"@context": "https://schema.org", "@graph": graph})
}

fn article(scope: &Scope, said: &Said<'_>, post: &Post) -> Value {
    let home = format!("{}/", scope.site_url);
    let permalinks = &scope.stage.theme.permalinks;
    let authors = post.card.authors.iter().map(|author| {
        let path = permalinks.author(author.id, &author.slug);
        json!({"@type": "Person", "name": author.name, "url": url(scope, &path)})
    });
    let mut data = json!({
        "@type": "BlogPosting", "headline": post.card.title, "description": said.description, "url": said.canonical,
        "mainEntityOfPage": said.canonical, "datePublished": time::iso(post.card.published_at),
        "dateModified": time::iso(post.updated_at), "wordCount": post.words, "author": authors.collect::<Vec<_>>(),
        "publisher": {"@type": "Organization", "name": said.site, "url": home}, "isPartOf": {"@id": format!("{home}#blog")},
    });
    if let Some(object) = data.as_object_mut() {
        if let Some(image) = said.image {
            object.insert("image".into(), json!([image]));
        }
        let keywords: Vec<_> = post.card.tags.iter().map(|tag| tag.name.as_str()).collect();
        if !keywords.is_empty() {
            object.insert("keywords".into(), json!(keywords.join(", ")));
        }
    }
    data
}

/// Home, what is between, the page itself.
fn trail(scope: &Scope, said: &Said<'_>, between: Option<(&str, String)>, own: &str) -> Value {
    let home = (said.site, format!("{}/", scope.site_url));
    let places = [Some(home), between, Some((own, said.canonical.to_owned()))];
    let items = places
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, (name, url))| json!({"@type": "ListItem", "position": index + 1, "name": name, "item": url}));
    json!({"@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>()})
}

fn profile(scope: &Scope, said: &Said<'_>, author: &Term) -> Value {
    let mut person = json!({"@type": "Person", "name": author.card.name, "url": said.canonical});
    if let Some(object) = person.as_object_mut() {
        if !author.description.is_empty() {
            object.insert("description".into(), json!(author.description));
        }
        if let Some(image) = said.image {
            object.insert("image".into(), json!(image));
        }
    }
    json!({"@type": "ProfilePage", "url": said.canonical, "mainEntity": person,
        "isPartOf": {"@id": format!("{}/#site", scope.site_url)}})
}

fn url(scope: &Scope, path: &str) -> String {
    address::absolute(&scope.site_url, &address::encode(path))
}
