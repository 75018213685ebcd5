//! `site.*` and `setting()`: what the owner has set, read value by value.

use std::sync::Arc;

use minijinja::{
    Error, ErrorKind, Value,
    value::{Enumerator, Object, Serde},
};

use crate::content::{
    read::{Answer, Read},
    settings,
};

use super::{question::Question, scope};

/// `site.title` and so on, by these names.
#[derive(Debug)]
pub struct Site;

const NAMES: &[&str] = &[
    "title",
    "description",
    "language",
    "timezone",
    "accent_color",
    "accented",
    "logo",
    "posts_per_page",
    "websub_hub",
    "url",
];

impl Object for Site {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        if key == "url" {
            return Some(scope::with(|scope| Ok(Value::from(scope.site_url.as_ref()))).unwrap_or_else(Value::from));
        }
        NAMES.contains(&key).then(|| scope::with(|scope| value(scope, key)).unwrap_or_else(Value::from))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(NAMES)
    }
}

/// One of the site's own settings.
pub fn value(scope: &mut scope::Scope, key: &str) -> Result<Value, Error> {
    let asked = scope.ask(Read::Setting { key: key.to_owned() })?;
    Ok(match &asked.answered.answer {
        Answer::Setting(Some(value)) => Value::from(Serde(value)),
        _ => Value::from(()),
    })
}

/// One of the site's own settings as text.
pub fn text(scope: &mut scope::Scope, key: &str) -> Result<String, Error> {
    Ok(value(scope, key)?.as_str().unwrap_or_default().to_owned())
}

/// A setting that the theme declares: the owner's value, or the theme's default where none is set or the theme does not allow it
/// (any more).
pub fn setting(name: &str) -> Result<Value, Error> {
    scope::with(|scope| {
        let stage = scope.stage.clone();
        if !stage.theme.settings.contains_key(name) {
            let hint = format!("theme.toml declares no setting {name:?}; add a table [settings.{name}]");
            return Err(Error::new(ErrorKind::InvalidOperation, hint));
        }
        scope.uses(Question::Declared(name.to_owned()));
        let asked = scope.ask(Read::Setting { key: settings::theme_key(&stage.theme.name, name) })?;
        Ok(Value::from(stage.setting(name, &asked.answered.answer).map(Serde)))
    })
}
