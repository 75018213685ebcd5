//! A menu with its items looked up.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{AskError, Tags, cards};
use crate::{
    content::{
        menu::Item,
        read::{Card, MenuItem, MenuTarget, TermCard},
        tag::CacheTag,
    },
    model::{menu, tag},
};

/// Empty when there is no such menu.
pub(super) async fn named<C: ConnectionTrait>(db: &C, name: &str, tags: &mut Tags) -> Result<Vec<MenuItem>, AskError> {
    tags.insert(CacheTag::menu(name));
    let Some(row) = menu::Entity::find_by_id(name).one(db).await? else { return Ok(Vec::new()) };
    let items: Vec<Item> = serde_json::from_value(row.items)?;
    let targets = Targets {
        posts: posts(db, &named_ids(&items, &|item| item.post.as_deref()), tags).await?,
        tags: public_tags(db, &named_ids(&items, &|item| item.tag.as_deref()), tags).await?,
    };
    Ok(targets.resolve(&items))
}

struct Targets {
    posts: HashMap<Uuid, Card>,
    tags: HashMap<Uuid, TermCard>,
}

impl Targets {
    fn resolve(&self, items: &[Item]) -> Vec<MenuItem> {
        items.iter().filter_map(|item| self.one(item)).collect()
    }

    fn one(&self, item: &Item) -> Option<MenuItem> {
        let (target, title) = match (&item.url, &item.post, &item.tag) {
            (Some(url), ..) => (MenuTarget::Url(url.clone()), url.as_str()),
            (None, Some(post), _) => {
                let card = self.posts.get(&post.parse().ok()?)?;
                (MenuTarget::Post(Arc::new(place(card, item.label.is_empty()))), card.title.as_str())
            }
            (None, None, Some(tag)) => {
                let card = self.tags.get(&tag.parse().ok()?)?;
                (MenuTarget::Tag(card.clone()), card.name.as_str())
            }
            (None, None, None) => return None,
        };
        let label = if item.label.is_empty() { title } else { &item.label };
        Some(MenuItem { label: label.to_owned(), target, children: self.resolve(&item.children) })
    }
}

/// What a menu needs of a card: where the post is.
fn place(card: &Card, titled: bool) -> Card {
    Card {
        title: if titled { card.title.clone() } else { String::new() },
        excerpt: String::new(),
        featured: false,
        image: None,
        tags: card.tags.iter().take(1).cloned().collect(),
        authors: card.authors.iter().take(1).cloned().collect(),
        reading_minutes: 0,
        ..card.clone()
    }
}

fn named_ids(items: &[Item], id: &impl Fn(&Item) -> Option<&str>) -> Vec<Uuid> {
    let below = |item: &Item| named_ids(&item.children, id);
    items.iter().flat_map(|item| id(item).and_then(|id| id.parse().ok()).into_iter().chain(below(item))).collect()
}

async fn posts<C: ConnectionTrait>(db: &C, ids: &[Uuid], tags: &mut Tags) -> Result<HashMap<Uuid, Card>, DbErr> {
    tags.extend(ids.iter().map(|id| CacheTag::post(*id)));
    // Tags and authors that a path is not made of do not concern a menu.
    let cards = cards::of(db, ids, &mut Tags::new()).await?;
    for card in &cards {
        tags.extend(card.tags.first().map(|tag| CacheTag::tag(tag.id)));
        tags.extend(card.authors.first().map(|author| CacheTag::author(author.id)));
    }
    Ok(cards.into_iter().map(|card| (card.id, card)).collect())
}

/// Tags that readers can see; becoming or ceasing to be one of them emits the tag's own name.
async fn public_tags<C: ConnectionTrait>(
    db: &C,
    ids: &[Uuid],
    tags: &mut Tags,
) -> Result<HashMap<Uuid, TermCard>, DbErr> {
    tags.extend(ids.iter().map(|id| CacheTag::tag(*id)));
    let mut found = HashMap::new();
    let public = tag::Entity::find().filter(tag::Column::Posts.gt(0));
    for row in public.filter(tag::Column::Id.is_in(ids.iter().copied())).all(db).await? {
        found.insert(row.id, TermCard { id: row.id, name: row.name, slug: row.slug });
    }
    Ok(found)
}
