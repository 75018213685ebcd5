//! What can be set for a theme, and what is.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    patch,
    web::{Data, Path},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::named;
use crate::{
    content::{command::theme::SetThemeSettings, error::StoreError, library},
    http::{
        api::engine::{change, document, look},
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, IfMatch},
        problem::{ApiError, Outcome},
    },
    theme::{
        Theme,
        setting::{Setting, SettingKind},
    },
};

/// A theme's settings with the values that templates are given.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeSettings {
    theme: String,
    version: i64,
    /// In the order of the manifest.
    settings: Vec<ThemeSetting>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ThemeSetting {
    name: String,
    #[serde(rename = "type")]
    kind: SettingKind,
    /// In the site's language, when the theme has it in that.
    label: String,
    group: String,
    /// What templates are given.
    #[schema(value_type = Value)]
    value: Value,
    #[schema(value_type = Value)]
    default: Value,
    /// What is set, when that is not what templates are given: the theme does not allow it (any more).
    #[schema(value_type = Option<Value>)]
    refused: Option<Value>,
    /// Why it is not.
    problem: Option<String>,
    options: Vec<String>,
    min: Option<f64>,
    max: Option<f64>,
    /// `*` is any text, `?` any character, `#` any digit.
    pattern: Option<String>,
    /// To be shown while these settings have these values.
    #[schema(value_type = BTreeMap<String, Value>)]
    visible_if: BTreeMap<String, Value>,
    /// Routes whose pages read it.
    affects: Vec<String>,
}

/// What can be set for a theme, with what is set.
#[utoipa::path(tag = "themes", params(("id" = String, Path)), responses((status = 200, body = ThemeSettings)))]
#[get("/themes/{id}/settings")]
pub async fn get_theme_settings(desk: Data<Desk>, caller: Caller, id: Path<String>) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let found = named(&desk, &id).await?;
    let settings = current(&desk, found.theme()).await?;
    Ok(document(StatusCode::OK, settings.version, &settings))
}

/// Sets what is given, by names of settings; `null` goes back to the theme's default.
#[utoipa::path(
    tag = "themes",
    params(("id" = String, Path), ("If-Match" = String, Header)),
    request_body = BTreeMap<String, Value>,
    responses((status = 200, body = ThemeSettings))
)]
#[patch("/themes/{id}/settings")]
pub async fn update_theme_settings(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<String>,
    version: IfMatch,
    Body(values): Body<BTreeMap<String, Option<Value>>>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let expected = version.needed()?;
    let found = named(&desk, &id).await?;
    let theme = found.theme();
    check(theme, &values)?;
    let command = SetThemeSettings { theme: theme.name.clone(), expected, values };
    change(&desk, who, command, async || current(&desk, theme).await).await?;
    let settings = current(&desk, theme).await?;
    Ok(document(StatusCode::OK, settings.version, &settings))
}

/// Refuses what the theme does not declare or allow.
fn check(theme: &Theme, values: &BTreeMap<String, Option<Value>>) -> Outcome<()> {
    let mut refused = BTreeMap::new();
    for (name, value) in values {
        let Some(setting) = theme.settings.get(name) else {
            let detail = format!("The theme {} has no setting {name:?}.", theme.name);
            return Err(ApiError::UnknownField { field: name.clone(), detail });
        };
        if let Some(Err(problem)) = value.as_ref().map(|value| setting.check(value)) {
            refused.insert(name.clone(), problem);
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(StoreError::Invalid(refused).into()) }
}

async fn current(desk: &Desk, theme: &Theme) -> Outcome<ThemeSettings> {
    let name = theme.name.clone();
    let ((version, mut values), site) = look(desk, |db| async move {
        Ok((library::theme_settings(&db, &name).await?, library::settings(&db).await?.settings))
    })
    .await?;
    let mut declared: Vec<_> = theme.settings.iter().collect();
    declared.sort_by_key(|(_, setting)| setting.place);
    let settings = declared.into_iter().map(|(name, setting)| {
        let said = |text: &str| theme.locales.translate(&site.language, text).to_owned();
        one(name, setting, values.remove(name), theme.affected(name), said)
    });
    Ok(ThemeSettings { theme: theme.name.clone(), version, settings: settings.collect() })
}

fn one(
    name: &str,
    setting: &Setting,
    set: Option<Value>,
    affects: Vec<&str>,
    said: impl Fn(&str) -> String,
) -> ThemeSetting {
    let problem = set.as_ref().and_then(|value| setting.check(value).err());
    let (given, refused) = if problem.is_none() { (set, None) } else { (None, set) };
    ThemeSetting {
        name: name.to_owned(),
        kind: setting.kind,
        label: said(&setting.label),
        group: said(&setting.group),
        value: given.unwrap_or_else(|| setting.default.clone()),
        default: setting.default.clone(),
        refused,
        problem,
        options: setting.options.clone(),
        min: setting.min,
        max: setting.max,
        pattern: setting.pattern.clone(),
        visible_if: setting.visible_if.clone(),
        affects: affects.into_iter().map(str::to_owned).collect(),
    }
}
