//! oEmbed: how other sites show a link to one of our posts. It speaks of our own posts and of nothing else.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    content::{
        ask::{AskError, ask},
        read::{Answer, Card, Claim, Key, Kind, Read},
    },
    render::address,
    theme::manifest::{Params, Source},
};

use super::{
    answer,
    desk::Desk,
    path::{Canonical, canonical},
};

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    url: String,
    #[serde(default)]
    format: String,
}

pub async fn show(desk: web::Data<Desk>, asked: web::Query<Asked>) -> HttpResponse {
    let missing = || answer::plain(StatusCode::NOT_FOUND, "Give the address of a post of this site as url.\n");
    if !matches!(asked.format.as_str(), "" | "json" | "xml") {
        return answer::plain(StatusCode::NOT_IMPLEMENTED, "There are the formats json and xml.\n");
    }
    let path = asked.url.strip_prefix(&*desk.site_url).and_then(|path| path.split(['?', '#']).next());
    let Some(Canonical::Path(path)) = path.map(canonical) else { return missing() };
    let Ok(Some(card)) = post_at(&desk, &path).await else { return missing() };
    let Ok(said) = said(&desk, &card).await else {
        return answer::plain(StatusCode::SERVICE_UNAVAILABLE, "Please try again in a few seconds.\n");
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header(("cache-control", "public, max-age=300"))
        .insert_header(("access-control-allow-origin", "*"));
    match asked.format.as_str() {
        "xml" => response.content_type("text/xml; charset=utf-8").body(xml(&said)),
        _ => response.json(said),
    }
}

/// The published post whose address this is.
async fn post_at(desk: &Desk, path: &str) -> Result<Option<Card>, AskError> {
    let stage = desk.pages.stage();
    let claimed = read(desk, Read::At { path: path.to_owned() }).await?;
    let by = match claimed {
        Answer::At(Some(Claim::Post { id, kind: Kind::Post })) => Some(Key::Id(id)),
        Answer::At(Some(_)) => None,
        _ => stage.theme.routes.matching(path).find_map(|(route, matched)| {
            let value = |name: &str| matched.params.iter().find(|(own, _)| own == name).map(|(_, value)| value);
            let posts = route.params == Some(Params::Source(Source::Posts));
            let id = || value("id").and_then(|id| id.parse().ok()).map(Key::Id);
            posts.then(|| value("slug").map(|slug| Key::Slug(slug.clone())).or_else(id)).flatten()
        }),
    };
    let Some(by) = by else { return Ok(None) };
    let Answer::Post(Some(post)) = read(desk, Read::Post { kind: Kind::Post, by }).await? else { return Ok(None) };
    let home = stage.theme.permalinks.post(&post.card);
    Ok((home.trim_end_matches('/') == path.trim_end_matches('/')).then(|| post.card.clone()))
}

async fn said(desk: &Desk, card: &Card) -> Result<Map<String, Value>, AskError> {
    let permalinks = &desk.pages.stage().theme.permalinks.clone();
    let absolute = |path: &str| address::absolute(&desk.site_url, &address::encode(path));
    let Answer::Setting(site) = read(desk, Read::Setting { key: "title".into() }).await? else { return Ok(Map::new()) };
    let mut said = Map::from_iter([
        ("version".to_owned(), json!("1.0")),
        ("type".to_owned(), json!("link")),
        ("title".to_owned(), json!(card.title)),
        ("url".to_owned(), json!(absolute(&permalinks.post(card)))),
        ("provider_name".to_owned(), site.unwrap_or_default()),
        ("provider_url".to_owned(), json!(format!("{}/", desk.site_url))),
        ("cache_age".to_owned(), json!(300)),
    ]);
    if let Some(author) = card.authors.first() {
        said.insert("author_name".into(), json!(author.name));
        said.insert("author_url".into(), json!(absolute(&permalinks.author(author.id, &author.slug))));
    }
    // A thumbnail without its size is none.
    if let Some((image, (width, height))) =
        card.image.as_ref().and_then(|image| Some((image, image.width.zip(image.height)?)))
    {
        said.insert("thumbnail_url".into(), json!(address::absolute(&desk.site_url, &image.url)));
        said.insert("thumbnail_width".into(), json!(width));
        said.insert("thumbnail_height".into(), json!(height));
    }
    Ok(said)
}

async fn read(desk: &Desk, read: Read) -> Result<Answer, AskError> {
    let asked = desk.read(move |db| async move { Ok(ask(&db, &read).await?.answer) }).await;
    asked.unwrap_or_else(|error| Err(AskError::Database(sea_orm::DbErr::Custom(error.to_string()))))
}

fn xml(said: &Map<String, Value>) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>\n");
    for (name, value) in said {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        xml.push_str(&format!("<{name}>{}</{name}>\n", escaped(&text)));
    }
    xml + "</oembed>\n"
}

/// Without the control characters that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_in_xml_is_escaped() {
        let said =
            Map::from_iter([("title".to_owned(), json!("<b>\u{1} & ]]>")), ("cache_age".to_owned(), json!(300))]);
        let xml = xml(&said);
        assert!(xml.contains("<title>&lt;b&gt; &amp; ]]&gt;</title>") && xml.contains("<cache_age>300</cache_age>"));
    }
}
