//! Settings: what an editor may set about the site, and what holds until then.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::model::setting;

/// The site's settings. Each field is a row under its own name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Settings {
    pub title: String,
    pub description: String,
    /// A language tag such as `en` or `pt-BR`.
    pub language: String,
    /// An IANA name such as `Europe/Vienna`.
    pub timezone: String,
    /// `#rrggbb`.
    pub accent_color: String,
    pub posts_per_page: u32,
    /// The URL of an image.
    pub logo: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "Perennial".into(),
            description: String::new(),
            language: "en".into(),
            timezone: "UTC".into(),
            accent_color: "#1f6f4a".into(),
            posts_per_page: 10,
            logo: None,
        }
    }
}

/// What a setting is before anybody sets it.
pub fn default_of(key: &str) -> Option<Value> {
    serde_json::to_value(Settings::default()).ok()?.get_mut(key).map(Value::take)
}

/// The row that counts changes of the settings.
pub(super) const VERSION: &str = "version";

/// How often the settings were changed.
pub(super) async fn version<C: ConnectionTrait>(db: &C) -> Result<i64, DbErr> {
    let row = setting::Entity::find_by_id(VERSION).one(db).await?;
    Ok(row.and_then(|row| row.value.as_i64()).unwrap_or_default())
}
