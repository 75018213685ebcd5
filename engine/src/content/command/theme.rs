//! Themes: which one readers see, and what is set for each.

use std::collections::BTreeMap;

use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{Command, Txn, expect, settings::write, within};
use crate::{
    content::{error::StoreError, settings, tag::CacheTag},
    model::setting,
};

/// Characters of one value.
const LONGEST: usize = 10_000;

/// Sets settings of a theme. Which values the theme allows is looked at before, and again whenever one is read.
#[derive(Clone, Debug)]
pub struct SetThemeSettings {
    pub theme: String,
    pub expected: Option<i64>,
    /// `None` goes back to the theme's default.
    pub values: BTreeMap<String, Option<Value>>,
}

impl Command for SetThemeSettings {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let counter = settings::theme_version_key(&self.theme);
        let version = settings::version(txn.db(), &counter).await?;
        expect(version, self.expected)?;
        let mut changed = Vec::new();
        for (name, value) in self.values {
            within(&name, value.as_ref().and_then(Value::as_str).unwrap_or_default(), LONGEST)?;
            let key = settings::theme_key(&self.theme, &name);
            let before = setting::Entity::find_by_id(&key).one(txn.db()).await?.map(|row| row.value);
            if before == value {
                continue;
            }
            match value {
                Some(value) => write(txn, &key, value).await?,
                None => {
                    setting::Entity::delete_by_id(&key).exec(txn.db()).await?;
                }
            }
            changed.push(name);
        }
        if changed.is_empty() {
            return Ok(());
        }
        write(txn, &counter, json!(version + 1)).await?;
        txn.tag(CacheTag::settings());
        txn.audit("update", "theme", &self.theme, json!({ "settings": changed })).await
    }
}

/// Keeps which theme readers see, for the next start.
#[derive(Clone, Debug)]
pub struct ActivateTheme {
    pub id: String,
    /// The one that they see now.
    pub previous: String,
}

impl Command for ActivateTheme {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        write(txn, settings::ACTIVE_THEME, json!(self.id)).await?;
        if self.id != self.previous {
            write(txn, settings::PREVIOUS_THEME, json!(self.previous)).await?;
        }
        txn.audit("activate", "theme", &self.id, json!({ "previous": self.previous })).await
    }
}

/// Writes down what was done with a theme's files.
#[derive(Clone, Debug)]
pub struct NoteTheme {
    pub id: String,
    pub action: &'static str,
    pub version: String,
}

impl Command for NoteTheme {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        txn.audit(self.action, "theme", &self.id, json!({ "version": self.version })).await
    }
}
