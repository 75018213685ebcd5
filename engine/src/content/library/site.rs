//! Menus, settings, and what was done.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LibraryError, ListQuery, PageOf, has_words, page};
use crate::{
    content::{
        menu::Item,
        settings::{self, Settings},
        time::Time,
    },
    model::{audit, menu, setting, site},
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MenuName {
    pub name: String,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MenuDoc {
    pub name: String,
    pub version: i64,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SettingsDoc {
    pub version: i64,
    #[serde(flatten)]
    pub settings: Settings,
}

/// Something that was done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditLine {
    pub id: Uuid,
    pub at: Time,
    /// `user:<id>`, `token:<id>`, `command line` or `system`.
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub entity_id: String,
    #[schema(value_type = Object)]
    pub detail: Value,
}

pub async fn menus<C: ConnectionTrait>(db: &C) -> Result<Vec<MenuName>, LibraryError> {
    let rows = menu::Entity::find().order_by_asc(menu::Column::Name).all(db).await?;
    Ok(rows.into_iter().map(|row| MenuName { name: row.name, version: row.version }).collect())
}

pub async fn menu<C: ConnectionTrait>(db: &C, name: &str) -> Result<Option<MenuDoc>, LibraryError> {
    let Some(row) = menu::Entity::find_by_id(name).one(db).await? else { return Ok(None) };
    Ok(Some(MenuDoc { name: row.name, version: row.version, items: serde_json::from_value(row.items)? }))
}

/// All settings, those that nobody has set included.
pub async fn settings<C: ConnectionTrait>(db: &C) -> Result<SettingsDoc, LibraryError> {
    let rows = setting::Entity::find().all(db).await?;
    let values: Map<String, Value> = rows.into_iter().map(|row| (row.key, row.value)).collect();
    Ok(SettingsDoc {
        version: settings::version(db, settings::VERSION).await?,
        settings: serde_json::from_value(values.into())?,
    })
}

/// What is set for a theme: how often it was changed, and the values by their names.
pub async fn theme_settings<C: ConnectionTrait>(
    db: &C,
    theme: &str,
) -> Result<(i64, BTreeMap<String, Value>), LibraryError> {
    let prefix = settings::theme_key(theme, "");
    let rows = setting::Entity::find().filter(setting::Column::Key.starts_with(&prefix)).all(db).await?;
    let values = rows.into_iter().filter_map(|row| Some((row.key.strip_prefix(&prefix)?.to_owned(), row.value)));
    Ok((settings::version(db, &settings::theme_version_key(theme)).await?, values.collect()))
}

/// What links are signed with that belong to the site.
pub async fn secret<C: ConnectionTrait>(db: &C) -> Result<String, LibraryError> {
    let row = site::Entity::find_by_id(site::ID).one(db).await?;
    Ok(row.map(|row| row.secret).unwrap_or_default())
}

/// Which themes were chosen in the admin, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenTheme {
    /// `None` until somebody activates one.
    pub active: Option<String>,
    pub previous: Option<String>,
}

pub async fn chosen_theme<C: ConnectionTrait>(db: &C) -> Result<ChosenTheme, LibraryError> {
    let row = async |key: &str| -> Result<Option<String>, LibraryError> {
        let row = setting::Entity::find_by_id(key).one(db).await?;
        Ok(row.and_then(|row| row.value.as_str().map(str::to_owned)))
    };
    Ok(ChosenTheme { active: row(settings::ACTIVE_THEME).await?, previous: row(settings::PREVIOUS_THEME).await? })
}

/// What a line of the audit log can be found by.
const AUDIT_WORDS: &str = "LOWER(action || ' ' || entity || ' ' || entity_id || ' ' || CAST(detail AS TEXT))";

/// The latest first.
pub async fn audit<C: ConnectionTrait>(db: &C, query: &ListQuery) -> Result<PageOf<AuditLine>, LibraryError> {
    let mut all = audit::Entity::find();
    if let Some(found) = has_words(Expr::cust(AUDIT_WORDS), query.q.as_deref()) {
        all = all.filter(found);
    }
    let total = all.clone().count(db).await?;
    if let Some(cursor) = &query.cursor {
        let id: Uuid = cursor.parse().map_err(|_| LibraryError::BadCursor)?;
        all = all.filter(audit::Column::Id.lt(id));
    }
    let rows = all.order_by_desc(audit::Column::Id).limit(query.limit() + 1).all(db).await?;
    Ok(page(
        rows,
        query.limit(),
        total,
        |row| row.id.to_string(),
        |row| AuditLine {
            id: row.id,
            at: Time(row.at),
            actor: row.actor,
            action: row.action,
            entity: row.entity,
            entity_id: row.entity_id,
            detail: row.detail,
        },
    ))
}
