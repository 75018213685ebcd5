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
    /// Where search engines are told which addresses changed, such as `https://api.indexnow.org/indexnow`.
    pub indexnow: Option<String>,
    /// The hub that tells subscribers of the feeds about news.
    pub websub_hub: Option<String>,
    /// Whether readers get photographs only in the sizes that the theme shows, and not as they were uploaded.
    pub private_originals: bool,
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
            indexnow: None,
            websub_hub: None,
            private_originals: false,
        }
    }
}

/// The row that says whether originals are private.
pub const PRIVATE_ORIGINALS: &str = "private_originals";

pub(super) const ACCENT: &str = "accent_color";

/// Asked like a setting: whether the accent is another than that before anybody sets one. A page that only has to know this does not
/// change with every colour.
pub(super) const ACCENTED: &str = "accented";

/// What a setting is before anybody sets it.
pub fn default_of(key: &str) -> Option<Value> {
    serde_json::to_value(Settings::default()).ok()?.get_mut(key).map(Value::take)
}

/// The row of one setting of a theme.
pub fn theme_key(theme: &str, name: &str) -> String {
    format!("theme.{theme}.{name}")
}

/// The rows of the theme that was activated, and of the one before it.
pub(super) const ACTIVE_THEME: &str = "active_theme";
pub(super) const PREVIOUS_THEME: &str = "previous_theme";

/// The row that counts changes of the settings.
pub(super) const VERSION: &str = "version";

/// The row that counts changes of a theme's settings.
pub(super) fn theme_version_key(theme: &str) -> String {
    format!("{VERSION}.theme.{theme}")
}

/// How often the settings were changed that are counted in this row.
pub(super) async fn version<C: ConnectionTrait>(db: &C, key: &str) -> Result<i64, DbErr> {
    let row = setting::Entity::find_by_id(key).one(db).await?;
    Ok(row.and_then(|row| row.value.as_i64()).unwrap_or_default())
}
