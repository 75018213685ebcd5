//! Settings of the site.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Command, Txn, expect, within};
use crate::{
    content::{error::StoreError, settings, tag::CacheTag},
    model::setting,
};

const LINE: usize = 500;
const TEXT: usize = 5_000;

/// Some settings; what is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsPatch {
    pub title: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub timezone: Option<String>,
    pub accent_color: Option<String>,
    pub posts_per_page: Option<u32>,
    #[serde(deserialize_with = "given")]
    pub logo: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub indexnow: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    pub websub_hub: Option<Option<String>>,
    pub private_originals: Option<bool>,
}

/// Tells `null`, which clears a field, from a field that is not there.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Changes what is given.
#[derive(Clone, Debug, Default)]
pub struct PatchSettings {
    pub expected: Option<i64>,
    pub patch: SettingsPatch,
}

impl Command for PatchSettings {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let version = settings::version(txn.db(), settings::VERSION).await?;
        expect(version, self.expected)?;
        self.patch.check()?;
        let mut changed = Vec::new();
        for (key, value) in self.patch.values() {
            let before = setting::Entity::find_by_id(key).one(txn.db()).await?.map(|row| row.value);
            if before.or_else(|| settings::default_of(key)) != Some(value.clone()) {
                write(txn, key, value).await?;
                changed.push(key);
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        write(txn, settings::VERSION, json!(version + 1)).await?;
        txn.tag(CacheTag::settings());
        txn.audit("update", "settings", "", json!({ "changed": changed })).await
    }
}

impl SettingsPatch {
    /// Only what is given.
    fn values(self) -> Vec<(&'static str, Value)> {
        let given = [
            ("title", self.title.map(Value::from)),
            ("description", self.description.map(Value::from)),
            ("language", self.language.map(Value::from)),
            ("timezone", self.timezone.map(Value::from)),
            ("accent_color", self.accent_color.map(Value::from)),
            ("posts_per_page", self.posts_per_page.map(Value::from)),
            ("logo", self.logo.map(Value::from)),
            ("indexnow", self.indexnow.map(Value::from)),
            ("websub_hub", self.websub_hub.map(Value::from)),
            (settings::PRIVATE_ORIGINALS, self.private_originals.map(Value::from)),
        ];
        given.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))).collect()
    }

    fn check(&self) -> Result<(), StoreError> {
        within("title", self.title.as_deref().unwrap_or_default(), LINE)?;
        within("description", self.description.as_deref().unwrap_or_default(), TEXT)?;
        within("logo", self.logo.as_ref().and_then(Option::as_deref).unwrap_or_default(), TEXT)?;
        for (field, url) in [("indexnow", &self.indexnow), ("websub_hub", &self.websub_hub)] {
            let url = url.as_ref().and_then(Option::as_deref);
            within(field, url.unwrap_or_default(), LINE)?;
            if url.is_some_and(|url| !is_address(url)) {
                return Err(StoreError::invalid(field, "Use an address that begins with https://, or nothing."));
            }
        }
        let refuse = |wrong: bool, field: &str, message: &str| match wrong {
            true => Err(StoreError::invalid(field, message)),
            false => Ok(()),
        };
        refuse(self.title.as_ref().is_some_and(|title| title.trim().is_empty()), "title", "Give the site a title.")?;
        refuse(
            self.language.as_deref().is_some_and(|language| !is_language(language)),
            "language",
            "Use a language tag such as en or pt-BR.",
        )?;
        refuse(
            self.timezone.as_deref().is_some_and(|name| jiff::tz::TimeZone::get(name).is_err()),
            "timezone",
            "Use a time zone such as UTC or Europe/Vienna.",
        )?;
        refuse(
            self.accent_color.as_deref().is_some_and(|color| !is_color(color)),
            "accent_color",
            "Use a colour such as #1f6f4a.",
        )?;
        refuse(
            self.posts_per_page.is_some_and(|number| !(1..=1_000).contains(&number)),
            "posts_per_page",
            "Use a number from 1 to 1,000.",
        )
    }
}

pub(super) async fn write(txn: &Txn, key: &str, value: Value) -> Result<(), StoreError> {
    setting::Entity::insert(setting::ActiveModel { key: Set(key.into()), value: Set(value) })
        .on_conflict(OnConflict::column(setting::Column::Key).update_column(setting::Column::Value).to_owned())
        .exec_without_returning(txn.db())
        .await?;
    Ok(())
}

fn is_language(tag: &str) -> bool {
    tag.len() <= 35
        && tag.split('-').enumerate().all(|(n, part)| {
            let letters = part.chars().all(|c| c.is_ascii_alphanumeric());
            letters && (1..=8).contains(&part.len()) && (n > 0 || part.len() >= 2)
        })
}

fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control()))
}

fn is_color(color: &str) -> bool {
    color.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_colors_are_told_from_other_words() {
        assert!(is_language("en") && is_language("pt-BR") && is_language("zh-Hant-TW"));
        assert!(!is_language("") && !is_language("e") && !is_language("en_US") && !is_language("en-"));
        assert!(is_color("#1F6f4a") && !is_color("#1f6") && !is_color("red"));
    }
}
