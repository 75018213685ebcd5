//! A post as Markdown: what it says of itself in front, then the text as it was written.

use minijinja::Error;

use crate::content::read::{Answer, Post, Read};

use super::{address, page::Made, scope::Scope, time};

/// What is said of the post.
const SAID: &[&str] = &["url", "title", "published_at", "updated_at", "tags", "authors", "html"];

/// The file for the page's subject.
pub fn make(scope: &mut Scope) -> Result<Option<Made>, Error> {
    let super::scope::Subject::Post(post, sight) = scope.subject.clone() else { return Ok(None) };
    scope.saw(&sight, SAID);
    let asked = scope.ask(Read::Source { id: post.card.id })?;
    let Answer::Source(Some(text)) = &asked.answered.answer else { return Ok(None) };
    let file = format!("{}\n{}", front(scope, &post), text.trim_start());
    Ok(Some(Made::beside("markdown", "text/markdown; charset=utf-8", file.into_bytes())))
}

/// YAML; a JSON text is one of its texts.
fn front(scope: &Scope, post: &Post) -> String {
    let card = &post.card;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let names = |terms: &[crate::content::read::TermCard]| {
        terms.iter().map(|term| quoted(&term.name)).collect::<Vec<_>>().join(", ")
    };
    let url = address::absolute(&scope.site_url, &address::encode(&scope.stage.theme.permalinks.post(card)));
    let mut front = format!("---\ntitle: {}\nurl: {}\n", quoted(&card.title), quoted(&url));
    front.push_str(&format!("published: {}\nupdated: {}\n", time::iso(card.published_at), time::iso(post.updated_at)));
    for (key, terms) in [("authors", &card.authors), ("tags", &card.tags)] {
        if !terms.is_empty() {
            front.push_str(&format!("{key}: [{}]\n", names(terms)));
        }
    }
    front + "---\n"
}
