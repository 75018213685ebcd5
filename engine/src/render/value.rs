//! Values: content as templates see it.

use std::sync::Arc;

use minijinja::{
    Value,
    value::{Enumerator, Object},
};

use crate::{
    content::{
        permalink::Permalinks,
        read::{Card, Dated, Image, MenuItem, MenuTarget, Post, Term, TermCard},
    },
    render::time,
};

use super::address;

/// Makes template values out of answers; the theme's permalinks give everything its `url`.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'p>(pub &'p Permalinks);

impl Maker<'_> {
    pub fn card(self, card: &Arc<Card>) -> Value {
        let url = address::encode(&self.0.post(card.as_ref()));
        let tags = card.tags.iter().map(|tag| self.term_card(tag, Family::Tag)).collect();
        let authors = card.authors.iter().map(|author| self.term_card(author, Family::Author)).collect();
        Value::from_object(CardValue { card: card.clone(), url, tags, authors, post: None })
    }

    pub fn post(self, post: &Arc<Post>) -> Value {
        let url = address::encode(&self.0.post(&post.card));
        let tags = post.card.tags.iter().map(|tag| self.term_card(tag, Family::Tag)).collect();
        let authors = post.card.authors.iter().map(|author| self.term_card(author, Family::Author)).collect();
        Value::from_object(CardValue {
            card: Arc::new(post.card.clone()),
            url,
            tags,
            authors,
            post: Some(post.clone()),
        })
    }

    pub fn dated(self, dated: &Dated) -> Value {
        Value::from_pairs([
            ("url", Value::from(address::encode(&self.0.post(dated)))),
            ("slug", Value::from(dated.slug.as_str())),
            ("published_at", Value::from(time::iso(dated.published_at))),
            ("updated_at", Value::from(time::iso(dated.updated_at))),
        ])
    }

    pub fn term(self, term: &Arc<Term>, family: Family) -> Value {
        Value::from_pairs([
            ("id", Value::from(term.card.id.to_string())),
            ("name", Value::from(term.card.name.as_str())),
            ("slug", Value::from(term.card.slug.as_str())),
            ("url", Value::from(self.term_url(&term.card, family))),
            ("description", Value::from(term.description.as_str())),
            ("image", Value::from(term.image.clone())),
            ("count", Value::from(term.count)),
        ])
    }

    pub fn menu(self, items: &[MenuItem]) -> Value {
        items
            .iter()
            .map(|item| {
                let url = match &item.target {
                    MenuTarget::Url(url) => url.clone(),
                    MenuTarget::Post(card) => address::encode(&self.0.post(card.as_ref())),
                    MenuTarget::Tag(tag) => self.term_url(tag, Family::Tag),
                };
                Value::from_pairs([
                    ("label", Value::from(item.label.as_str())),
                    ("url", Value::from(url)),
                    ("children", self.menu(&item.children)),
                ])
            })
            .collect()
    }

    fn term_card(self, card: &TermCard, family: Family) -> Value {
        Value::from_pairs([
            ("id", Value::from(card.id.to_string())),
            ("name", Value::from(card.name.as_str())),
            ("slug", Value::from(card.slug.as_str())),
            ("url", Value::from(self.term_url(card, family))),
        ])
    }

    fn term_url(self, card: &TermCard, family: Family) -> String {
        address::encode(&match family {
            Family::Tag => self.0.tag(card.id, &card.slug),
            Family::Author => self.0.author(card.id, &card.slug),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Tag,
    Author,
}

/// A post in a list, or with its body on its own page.
#[derive(Debug)]
struct CardValue {
    card: Arc<Card>,
    url: String,
    tags: Value,
    authors: Value,
    post: Option<Arc<Post>>,
}

const CARD_FIELDS: &[&str] = &[
    "id",
    "kind",
    "slug",
    "url",
    "title",
    "excerpt",
    "published_at",
    "featured",
    "image",
    "tags",
    "authors",
    "primary_tag",
    "primary_author",
    "reading_time",
];
const POST_FIELDS: &[&str] = &[
    "id",
    "kind",
    "slug",
    "url",
    "title",
    "excerpt",
    "published_at",
    "featured",
    "image",
    "tags",
    "authors",
    "primary_tag",
    "primary_author",
    "reading_time",
    "html",
    "words",
    "updated_at",
    "seo_title",
    "seo_description",
    "canonical_url",
];

impl Object for CardValue {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let card = &self.card;
        let first = |list: &Value| list.get_item_by_index(0).ok();
        Some(match key {
            "id" => Value::from(card.id.to_string()),
            "kind" => Value::from(card.kind.as_str()),
            "slug" => Value::from(card.slug.as_str()),
            "url" => Value::from(self.url.as_str()),
            "title" => Value::from(card.title.as_str()),
            "excerpt" => Value::from(card.excerpt.as_str()),
            "published_at" => Value::from(time::iso(card.published_at)),
            "featured" => Value::from(card.featured),
            "image" => card.image.as_ref().map_or(Value::from(()), image),
            "tags" => self.tags.clone(),
            "authors" => self.authors.clone(),
            "primary_tag" => first(&self.tags).unwrap_or(Value::from(())),
            "primary_author" => first(&self.authors).unwrap_or(Value::from(())),
            "reading_time" => Value::from(card.reading_minutes),
            _ => return self.post.as_ref().and_then(|post| body(post, key)),
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(if self.post.is_some() { POST_FIELDS } else { CARD_FIELDS })
    }
}

fn body(post: &Post, key: &str) -> Option<Value> {
    Some(match key {
        // Sanitised when it was saved.
        "html" => Value::from_safe_string(post.html.clone()),
        "words" => Value::from(post.words),
        "updated_at" => Value::from(time::iso(post.updated_at)),
        "seo_title" => Value::from(post.seo_title.clone()),
        "seo_description" => Value::from(post.seo_description.clone()),
        "canonical_url" => Value::from(post.canonical_url.clone()),
        _ => return None,
    })
}

fn image(image: &Image) -> Value {
    Value::from_pairs([
        ("url", Value::from(image.url.as_str())),
        ("alt", Value::from(image.alt.as_str())),
        ("width", Value::from(image.width)),
        ("height", Value::from(image.height)),
    ])
}
