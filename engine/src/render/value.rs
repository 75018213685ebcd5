//! Values: content as templates see it.

use std::sync::Arc;

use minijinja::{
    Value,
    value::{Enumerator, Object},
};

use crate::{
    content::{
        media::Focus,
        permalink::Permalinks,
        read::{Card, Dated, Image, MenuItem, MenuTarget, Post, Term, TermCard},
        seen,
    },
    render::time,
};

use super::{address, picture, scope::Sight, stage::Stage};

/// Makes template values out of one answer; the theme's permalinks give everything its `url`.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    pub stage: &'a Arc<Stage>,
    /// Learns what the template looks at.
    pub sight: &'a Sight,
}

impl Maker<'_> {
    pub fn card(self, card: &Arc<Card>) -> Value {
        self.shown(Shown::Card(card.clone()))
    }

    pub fn post(self, post: &Arc<Post>) -> Value {
        self.shown(Shown::Post(post.clone()))
    }

    fn shown(self, shown: Shown) -> Value {
        Value::from_object(PostValue { shown, stage: self.stage.clone(), sight: self.sight.clone() })
    }

    pub fn term(self, term: &Arc<Term>, family: Family) -> Value {
        let (stage, sight) = (self.stage.clone(), self.sight.clone());
        Value::from_object(TermValue { term: term.clone(), family, stage, sight })
    }

    pub fn dated(self, dated: &Dated) -> Value {
        Value::from_pairs([
            ("url", Value::from(address::encode(&self.permalinks().post(dated)))),
            ("slug", Value::from(dated.slug.as_str())),
            ("published_at", Value::from(time::iso(dated.published_at))),
            ("updated_at", Value::from(time::iso(dated.updated_at))),
            ("image", Value::from(dated.image.clone())),
        ])
    }

    pub fn menu(self, items: &[MenuItem]) -> Value {
        items
            .iter()
            .map(|item| {
                let url = match &item.target {
                    MenuTarget::Url(url) => url.clone(),
                    MenuTarget::Post(card) => address::encode(&self.permalinks().post(card.as_ref())),
                    MenuTarget::Tag(tag) => Family::Tag.url(self.permalinks(), tag),
                };
                Value::from_pairs([
                    ("label", Value::from(item.label.as_str())),
                    ("url", Value::from(url)),
                    ("children", self.menu(&item.children)),
                ])
            })
            .collect()
    }

    fn permalinks(&self) -> &Permalinks {
        &self.stage.theme.permalinks
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Tag,
    Author,
}

impl Family {
    fn url(self, permalinks: &Permalinks, card: &TermCard) -> String {
        address::encode(&match self {
            Self::Tag => permalinks.tag(card.id, &card.slug),
            Self::Author => permalinks.author(card.id, &card.slug),
        })
    }

    /// A tag or an author beside a post.
    fn card(self, permalinks: &Permalinks, card: &TermCard) -> Value {
        Value::from_pairs([
            ("id", Value::from(card.id.to_string())),
            ("name", Value::from(card.name.as_str())),
            ("slug", Value::from(card.slug.as_str())),
            ("url", Value::from(self.url(permalinks, card))),
        ])
    }
}

/// A post in a list, or with its body on its own page.
#[derive(Debug)]
enum Shown {
    Card(Arc<Card>),
    Post(Arc<Post>),
}

/// A post that takes down what the template looks at.
#[derive(Debug)]
struct PostValue {
    shown: Shown,
    stage: Arc<Stage>,
    sight: Sight,
}

impl PostValue {
    fn fields(&self) -> &'static [&'static str] {
        match self.shown {
            Shown::Card(_) => seen::CARD,
            Shown::Post(_) => seen::POST,
        }
    }
}

impl Object for PostValue {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.sight.saw(&[key]);
        let permalinks = &self.stage.theme.permalinks;
        let card = match &self.shown {
            Shown::Card(card) => card.as_ref(),
            Shown::Post(post) => &post.card,
        };
        let terms =
            |terms: &[TermCard], family: Family| terms.iter().map(|term| family.card(permalinks, term)).collect();
        let first = |terms: &[TermCard], family: Family| {
            terms.first().map_or(Value::from(()), |term| family.card(permalinks, term))
        };
        Some(match key {
            "id" => Value::from(card.id.to_string()),
            "kind" => Value::from(card.kind.as_str()),
            "slug" => Value::from(card.slug.as_str()),
            "url" => Value::from(address::encode(&permalinks.post(card))),
            "markdown_url" => {
                self.sight.saw(&["url"]);
                Value::from(address::encode(&address::markdown(&permalinks.post(card))))
            }
            "title" => Value::from(card.title.as_str()),
            "excerpt" => Value::from(card.excerpt.as_str()),
            "published_at" => Value::from(time::iso(card.published_at)),
            "featured" => Value::from(card.featured),
            "image" => card.image.as_ref().map_or(Value::from(()), image),
            "tags" => terms(&card.tags, Family::Tag),
            "authors" => terms(&card.authors, Family::Author),
            "primary_tag" => first(&card.tags, Family::Tag),
            "primary_author" => first(&card.authors, Family::Author),
            "reading_time" => Value::from(card.reading_minutes),
            _ => match &self.shown {
                Shown::Card(_) => return None,
                Shown::Post(post) => return body(post, key, &self.stage),
            },
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(self.fields())
    }
}

/// A tag or an author that takes down what the template looks at.
#[derive(Debug)]
struct TermValue {
    term: Arc<Term>,
    family: Family,
    stage: Arc<Stage>,
    sight: Sight,
}

impl Object for TermValue {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.sight.saw(&[key]);
        let card = &self.term.card;
        Some(match key {
            "id" => Value::from(card.id.to_string()),
            "name" => Value::from(card.name.as_str()),
            "slug" => Value::from(card.slug.as_str()),
            "url" => Value::from(self.family.url(&self.stage.theme.permalinks, card)),
            "description" => Value::from(self.term.description.as_str()),
            "image" => Value::from(self.term.image.clone()),
            "count" => Value::from(self.term.count),
            _ => return None,
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(seen::TERM)
    }
}

fn body(post: &Post, key: &str, stage: &Stage) -> Option<Value> {
    Some(match key {
        // Sanitised when it was saved.
        "html" => Value::from_safe_string(picture::illustrated(&post.html, &post.pictures, &stage.theme.images)),
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
        ("color", Value::from(image.color.clone())),
        ("focus", image.focus.map_or(Value::from(()), |Focus { x, y }| Value::from_pairs([("x", x), ("y", y)]))),
    ])
}
