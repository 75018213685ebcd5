//! Settings of a theme: what a site's owner may choose, and which values are allowed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// Characters of a value, by how much room its kind gives it.
const LINE: usize = 500;
const TEXT: usize = 10_000;
const ADDRESS: usize = 2_000;

/// One `[settings.<name>]` table: a value that the site's owner may choose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    #[serde(rename = "type")]
    pub kind: SettingKind,
    pub default: Value,
    /// In the theme's own language; its locales may say it in others.
    pub label: String,
    #[serde(default)]
    pub group: String,
    /// What a `select` may be.
    #[serde(default)]
    pub options: Vec<String>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// What a text has to look like: `*` is any text, `?` any character, `#` any digit.
    pub pattern: Option<String>,
    /// The admin shows it only while these other settings have these values.
    #[serde(default)]
    pub visible_if: BTreeMap<String, Value>,
    /// Routes whose pages read it; found in the templates when it is left out.
    #[serde(default)]
    pub affects: Vec<String>,
    /// Where it stands in the manifest, which is the order in which it is shown.
    #[serde(skip)]
    pub place: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    /// One line.
    Text,
    Textarea,
    Bool,
    Select,
    /// `#rrggbb`
    Color,
    /// The URL of an image.
    Image,
    Number,
    Url,
    /// The id of a post.
    Post,
    /// The slug of a tag.
    Tag,
}

impl Setting {
    /// Why it may not have this value, in a sentence that says what would be allowed.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match self.kind {
            SettingKind::Bool if value.is_boolean() => Ok(()),
            SettingKind::Bool => Err("Use true or false.".into()),
            SettingKind::Number => self.check_number(value),
            _ => match value.as_str() {
                // What is left empty is not set.
                Some("") if self.default == "" => Ok(()),
                Some(text) => self.check_text(text),
                None => Err("Use a text.".into()),
            },
        }
    }

    fn check_number(&self, value: &Value) -> Result<(), String> {
        let within = |number: f64| self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max);
        match (value.as_f64().is_some_and(within), self.min, self.max) {
            (true, ..) => Ok(()),
            (_, None, None) => Err("Use a number.".into()),
            (_, Some(min), None) => Err(format!("Use a number of at least {min}.")),
            (_, None, Some(max)) => Err(format!("Use a number of at most {max}.")),
            (_, Some(min), Some(max)) => Err(format!("Use a number from {min} to {max}.")),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), String> {
        let refuse = |wrong: bool, message: String| if wrong { Err(message) } else { Ok(()) };
        let most = match self.kind {
            SettingKind::Textarea => TEXT,
            SettingKind::Url | SettingKind::Image => ADDRESS,
            _ => LINE,
        };
        let length = text.chars().count();
        refuse(length > most, format!("{length} characters are too many; at most {most} are allowed."))?;
        let control = |c: char| c.is_control() && !(self.kind == SettingKind::Textarea && "\n\r\t".contains(c));
        refuse(text.contains(control), "Take out line breaks and control characters.".into())?;
        match self.kind {
            SettingKind::Select => refuse(
                !self.options.iter().any(|option| option == text),
                format!("Use one of: {}.", self.options.join(", ")),
            ),
            SettingKind::Color => refuse(!is_color(text), "Use a colour such as #1f6f4a.".into()),
            SettingKind::Url => {
                refuse(!is_url(text), "Use an address that begins with https://, http://, mailto: or /.".into())
            }
            SettingKind::Image => refuse(
                !is_url(text) || text.starts_with("mailto:"),
                "Use the address of an image, such as /media/….".into(),
            ),
            SettingKind::Post => refuse(Uuid::parse_str(text).is_err(), "Use the id of a post.".into()),
            SettingKind::Tag => refuse(text.contains(['/', ' ']), "Use the slug of a tag.".into()),
            SettingKind::Text | SettingKind::Textarea => match &self.pattern {
                Some(pattern) => refuse(!matches(pattern, text), format!("It has to look like {pattern}.")),
                None => Ok(()),
            },
            SettingKind::Bool | SettingKind::Number => Ok(()),
        }
    }

    /// Whether the table makes sense in itself, and beside the theme's other settings and its routes.
    pub(super) fn declared(
        &self,
        is_setting: impl Fn(&str) -> bool,
        is_route: impl Fn(&str) -> bool,
    ) -> Result<(), String> {
        if self.kind == SettingKind::Select && self.options.is_empty() {
            return Err("a select needs options = [\"…\"]".into());
        }
        self.check(&self.default)
            .map_err(|problem| format!("its default {} is not allowed: {problem}", self.default))?;
        if let Some(name) = self.visible_if.keys().find(|name| !is_setting(name)) {
            return Err(format!("visible_if names {name:?}, which is no setting of the theme"));
        }
        match self.affects.iter().find(|name| !is_route(name)) {
            Some(name) => Err(format!("affects names {name:?}, which is no route of the theme")),
            None => Ok(()),
        }
    }

    /// Everything that decides what `setting()` gives a template.
    pub fn decisive(&self) -> String {
        let Self { kind, default, options, min, max, pattern, .. } = self;
        format!("{kind:?} {default} {options:?} {min:?} {max:?} {pattern:?}")
    }
}

fn is_color(color: &str) -> bool {
    color.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Of the site or of another, and never code.
fn is_url(url: &str) -> bool {
    let absolute = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
    (absolute || (url.starts_with('/') && !url.starts_with("//"))) && !url.contains([' ', '"', '<', '>', '\\'])
}

/// Whether the whole text looks like the pattern. Takes time in the product of their lengths at most.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
    // Which beginnings of the text look like the pattern so far.
    let mut reached: Vec<bool> = (0..=text.len()).map(|end| end == 0).collect();
    for expected in pattern {
        let before = reached.clone();
        let mut any = false;
        for (end, now) in reached.iter_mut().enumerate() {
            let one = |fits: &dyn Fn(char) -> bool| {
                let last = end.checked_sub(1);
                last.is_some_and(|last| before.get(last) == Some(&true) && text.get(last).is_some_and(|c| fits(*c)))
            };
            any |= before.get(end) == Some(&true);
            *now = match expected {
                '*' => any,
                '?' => one(&|_| true),
                '#' => one(&|c| c.is_ascii_digit()),
                own => one(&|c| c == own),
            };
        }
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn setting(table: &str) -> Setting {
        toml::from_str(&format!("label = \"A setting\"\n{table}")).unwrap()
    }

    #[test]
    fn each_kind_takes_what_it_is_for_and_nothing_else() {
        let id = "0199c9a4-0000-7000-8000-000000000000";
        for (table, good, wrong) in [
            ("type = \"text\"\ndefault = \"\"", json!(["", "a line"]), json!([1, "two\nlines", null, "x".repeat(501)])),
            ("type = \"textarea\"\ndefault = \"\"", json!(["two\nlines"]), json!([true, "\u{0}"])),
            ("type = \"bool\"\ndefault = true", json!([true, false]), json!(["true", 0, null])),
            ("type = \"select\"\ndefault = \"a\"\noptions = [\"a\", \"b\"]", json!(["a", "b"]), json!(["c", "", 1])),
            ("type = \"color\"\ndefault = \"#000000\"", json!(["#1F6f4a"]), json!(["", "red", "#12345", "#12345g"])),
            ("type = \"number\"\ndefault = 3\nmin = 1\nmax = 9", json!([1, 9, 2.5]), json!([0, 10, "3", null])),
            (
                "type = \"url\"\ndefault = \"\"",
                json!(["/about/", "https://a.org/?x=1", "mailto:a@b.org", ""]),
                json!(["javascript:alert(1)", "//evil.org", "data:text/html,x", "https://", "/a\"b", "about"]),
            ),
            ("type = \"image\"\ndefault = \"\"", json!(["/media/a.png", ""]), json!(["mailto:a@b.org", "a.png"])),
            ("type = \"post\"\ndefault = \"\"", json!(["", id]), json!(["hello", 7])),
            ("type = \"tag\"\ndefault = \"\"", json!(["", "roses"]), json!(["two words", "a/b"])),
            ("type = \"text\"\ndefault = \"\"\npattern = \"@*\"", json!(["@", "@ada", ""]), json!(["ada"])),
        ] {
            let setting = setting(table);
            for value in good.as_array().unwrap() {
                assert_eq!(setting.check(value), Ok(()), "{table}: {value}");
            }
            for value in wrong.as_array().unwrap() {
                let problem = setting.check(value).expect_err(&format!("{table}: {value}"));
                assert!(problem.ends_with('.'), "{problem}");
            }
        }
    }

    #[test]
    fn a_pattern_is_about_the_whole_text() {
        assert!(matches("####-##", "2026-11") && !matches("####-##", "2026-1") && !matches("####-##", "x2026-11"));
        assert!(matches("a*c", "abbc") && matches("a*c", "ac") && !matches("a*c", "acb") && matches("*", ""));
        assert!(matches("?*", "ß") && !matches("?*", ""));
        assert!(!matches(&"*a".repeat(200), &"b".repeat(400)), "and takes no time");
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        let declared = |table: &str| setting(table).declared(|name| name == "other", |route| route == "home");
        assert!(declared("type = \"select\"\ndefault = \"a\"").is_err());
        assert!(declared("type = \"number\"\ndefault = 3\nmax = 2").unwrap_err().contains("default 3"));
        assert!(declared("type = \"bool\"\ndefault = true\nvisible_if = { nothing = 1 }").is_err());
        assert!(declared("type = \"bool\"\ndefault = true\naffects = [\"nowhere\"]").is_err());
        assert_eq!(
            declared("type = \"bool\"\ndefault = true\nvisible_if = { other = 1 }\naffects = [\"home\"]"),
            Ok(())
        );
    }
}
