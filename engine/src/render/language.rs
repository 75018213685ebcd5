//! Language: a theme's own words, counts and dates, as the site's readers say them.

use minijinja::{Environment, Error, ErrorKind, Value, value::Kwargs};

use super::{
    scope::{self, Scope},
    site,
};

/// Names of months and days that a pattern can ask for.
const NAMES: [&str; 4] = ["%B", "%b", "%A", "%a"];

pub fn register(templates: &mut Environment<'static>) {
    templates.add_filter("t", translate);
    templates.add_filter("n", count);
    templates.add_filter("date", date);
}

/// `"Page {n}" | t(n=2)`: a text of the theme in the site's language, with values in its places.
fn translate(text: String, kwargs: Kwargs) -> Result<String, Error> {
    let mut said = scope::with(|scope| say(scope, &text))?;
    for name in kwargs.args() {
        said = said.replace(&format!("{{{name}}}"), &kwargs.get::<Value>(name)?.to_string());
    }
    Ok(said)
}

/// `3 | n("post", "posts")`
fn count(count: i64, one: String, many: String) -> Result<String, Error> {
    let word = scope::with(|scope| say(scope, if count == 1 { &one } else { &many }))?;
    Ok(format!("{count} {word}"))
}

/// `published_at | date("%-d %B %Y")`, in the site's time zone and language.
fn date(text: String, pattern: Option<String>) -> Result<String, Error> {
    let wrong = |error: jiff::Error| {
        Error::new(ErrorKind::InvalidOperation, format!("{text:?} is not a time, or the pattern is not one: {error}"))
    };
    scope::with(|scope| {
        let mut pattern = say(scope, pattern.as_deref().unwrap_or("%-d %B %Y"))?;
        for name in NAMES {
            if pattern.contains(name) {
                let english = scope.local(&text, name)?.map_err(wrong)?;
                pattern = pattern.replace(name, &say(scope, &english)?);
            }
        }
        scope.local(&text, &pattern)?.map_err(wrong)
    })
}

fn say(scope: &mut Scope, text: &str) -> Result<String, Error> {
    let language = site::text(scope, "language")?;
    Ok(scope.stage.theme.locales.translate(&language, text).to_owned())
}
