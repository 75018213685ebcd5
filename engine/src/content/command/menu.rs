//! Menus.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use super::{Command, Txn, expect, within};
use crate::{
    content::{error::StoreError, menu::Item, read::Kind, tag::CacheTag},
    model::{menu, post, tag},
};

const NAME: usize = 100;
const TEXT: usize = 2_000;
const ITEMS: usize = 500;
const DEPTH: usize = 5;

/// Writes a menu, new or not.
#[derive(Clone, Debug)]
pub struct PutMenu {
    pub name: String,
    /// The version that the editor saw; 0 when it must be new.
    pub expected: Option<i64>,
    pub items: Vec<Item>,
}

impl Command for PutMenu {
    type Output = ();

    async fn run(mut self, txn: &mut Txn) -> Result<(), StoreError> {
        if self.name.is_empty() {
            return Err(StoreError::invalid("name", "Give the menu a name."));
        }
        within("name", &self.name, NAME)?;
        let before = menu::Entity::find_by_id(self.name.as_str()).one(txn.db()).await?;
        let version = before.as_ref().map_or(0, |menu| menu.version);
        expect(version, self.expected)?;
        self.point_at_ids(txn).await?;
        let items = serde_json::to_value(&self.items)?;
        if before.is_some_and(|menu| menu.items == items) {
            return Ok(());
        }
        menu::Entity::insert(menu::ActiveModel {
            name: Set(self.name.clone()),
            items: Set(items),
            version: Set(version + 1),
        })
        .on_conflict(
            OnConflict::column(menu::Column::Name)
                .update_columns([menu::Column::Items, menu::Column::Version])
                .to_owned(),
        )
        .exec_without_returning(txn.db())
        .await?;
        txn.tag(CacheTag::menu(&self.name));
        txn.audit("put", "menu", &self.name, json!({ "version": version + 1 })).await
    }
}

impl PutMenu {
    /// Checks all items and replaces slugs by ids, so that a menu survives a rename.
    async fn point_at_ids(&mut self, txn: &Txn) -> Result<(), StoreError> {
        let (mut posts, mut tags, mut count) = (Vec::new(), Vec::new(), 0);
        walk(&mut self.items, "items", DEPTH, &mut |item, field| {
            count += 1;
            check(item, field)?;
            posts.extend(item.post.clone());
            tags.extend(item.tag.clone());
            Ok(())
        })?;
        if count > ITEMS {
            return Err(StoreError::invalid("items", format!("A menu has at most {ITEMS} items.")));
        }
        let (posts, tags) = (post_ids(txn, &posts).await?, tag_ids(txn, &tags).await?);
        walk(&mut self.items, "items", DEPTH, &mut |item, field| {
            point(&mut item.post, &posts, &format!("{field}.post"), "There is no such post.")?;
            point(&mut item.tag, &tags, &format!("{field}.tag"), "There is no such tag.")
        })
    }
}

fn walk(
    items: &mut [Item],
    place: &str,
    depth: usize,
    visit: &mut impl FnMut(&mut Item, &str) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    if depth == 0 && !items.is_empty() {
        return Err(StoreError::invalid(place, format!("A menu is at most {DEPTH} levels deep.")));
    }
    for (number, item) in items.iter_mut().enumerate() {
        let field = format!("{place}[{number}]");
        visit(item, &field)?;
        walk(&mut item.children, &format!("{field}.children"), depth.saturating_sub(1), visit)?;
    }
    Ok(())
}

fn check(item: &Item, field: &str) -> Result<(), StoreError> {
    let targets = [&item.url, &item.post, &item.tag].into_iter().flatten().count();
    if targets != 1 {
        return Err(StoreError::invalid(field, "Give the item exactly one of url, post and tag."));
    }
    let url = item.url.as_deref();
    // The browser would run it.
    let scheme = |url: &str| url.split_once(':').map(|(scheme, _)| scheme.trim().to_ascii_lowercase());
    if url.and_then(scheme).is_some_and(|scheme| matches!(scheme.as_str(), "javascript" | "data" | "vbscript")) {
        return Err(StoreError::invalid(format!("{field}.url"), "Use a path, or an https:// address."));
    }
    within(&format!("{field}.url"), url.unwrap_or_default(), TEXT)?;
    within(&format!("{field}.label"), &item.label, TEXT)
}

fn point(
    target: &mut Option<String>,
    ids: &HashMap<String, Uuid>,
    field: &str,
    missing: &str,
) -> Result<(), StoreError> {
    if let Some(name) = target {
        *name = ids.get(name).ok_or_else(|| StoreError::invalid(field, missing))?.to_string();
    }
    Ok(())
}

/// What ids and slugs mean. Of a post and a page with one slug, the page is meant.
async fn post_ids(txn: &Txn, names: &[String]) -> Result<HashMap<String, Uuid>, StoreError> {
    let by_id = post::Column::Id.is_in(uuids(names));
    // Each part by an index of its own.
    let by_slug = post::Column::Slug
        .is_in(names.iter().map(String::as_str))
        .and(post::Column::Kind.is_in([Kind::Post, Kind::Page]))
        .and(post::Column::TrashedAt.eq(0));
    let mut rows: Vec<(Uuid, String)> = Vec::new();
    for condition in [by_id, by_slug] {
        let found = post::Entity::find()
            .select_only()
            .columns([post::Column::Id, post::Column::Slug])
            .filter(condition)
            .order_by_desc(post::Column::Kind)
            .into_tuple()
            .all(txn.db())
            .await?;
        rows.extend::<Vec<_>>(found);
    }
    Ok(by_id_and_slug(rows))
}

async fn tag_ids(txn: &Txn, names: &[String]) -> Result<HashMap<String, Uuid>, StoreError> {
    let named = Condition::any()
        .add(tag::Column::Id.is_in(uuids(names)))
        .add(tag::Column::Slug.is_in(names.iter().map(String::as_str)));
    let rows: Vec<(Uuid, String)> = tag::Entity::find()
        .select_only()
        .columns([tag::Column::Id, tag::Column::Slug])
        .filter(named)
        .into_tuple()
        .all(txn.db())
        .await?;
    Ok(by_id_and_slug(rows))
}

fn uuids(names: &[String]) -> impl Iterator<Item = Uuid> {
    names.iter().filter_map(|name| name.parse().ok())
}

fn by_id_and_slug(rows: Vec<(Uuid, String)>) -> HashMap<String, Uuid> {
    rows.into_iter().flat_map(|(id, slug)| [(slug, id), (id.to_string(), id)]).collect()
}
