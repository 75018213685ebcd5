//! Front matter: the fields at the head of a text, in TOML, YAML or JSON.

use serde_json::{Map, Value};

/// Fields at the head of a text and the text itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front<'a> {
    pub fields: Fields,
    /// Whether there was any, be it empty.
    pub found: bool,
    pub body: &'a str,
}

/// Named values, whichever language they were written in. Dates are texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(Map<String, Value>);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontError {
    #[error("its front matter begins with \"{0}\" and never ends")]
    Unclosed(&'static str),
    #[error("its front matter cannot be read: {0}")]
    Syntax(String),
    #[error("its front matter is not a list of named values")]
    NoMapping,
}

impl<'a> Front<'a> {
    /// Splits a file. Text without front matter is all body.
    pub fn parse(raw: &'a str) -> Result<Self, FrontError> {
        let raw = raw.strip_prefix('\u{feff}').unwrap_or(raw);
        let (first, rest) = raw.split_once('\n').unwrap_or((raw, ""));
        match first.trim_end() {
            "+++" => {
                let (head, body) = until(rest, &["+++"]).ok_or(FrontError::Unclosed("+++"))?;
                Ok(Self { fields: Fields::toml(head)?, found: true, body })
            }
            "---" => {
                let (head, body) = until(rest, &["---", "..."]).ok_or(FrontError::Unclosed("---"))?;
                Ok(Self { fields: Fields::yaml(head)?, found: true, body })
            }
            _ => Ok(json(raw).unwrap_or(Self { body: raw, ..Self::default() })),
        }
    }
}

/// What stands before and after the first line that is one of `marks`; marks inside a value are not lines of their own.
fn until<'a>(text: &'a str, marks: &[&str]) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if marks.contains(&line.trim_end()) {
            return Some((text.get(..at)?, text.get(at + line.len()..)?));
        }
        at += line.len();
    }
    None
}

/// A text that begins with a JSON object has it as front matter.
fn json(raw: &str) -> Option<Front<'_>> {
    let mut values = serde_json::Deserializer::from_str(raw.strip_prefix('{').map(|_| raw)?).into_iter::<Value>();
    let Some(Ok(Value::Object(fields))) = values.next() else { return None };
    Some(Front { fields: Fields(fields), found: true, body: raw.get(values.byte_offset()..)? })
}

impl Fields {
    pub fn toml(text: &str) -> Result<Self, FrontError> {
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| FrontError::Syntax(error.message().to_owned()))?;
        Ok(Self(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect()))
    }

    pub fn yaml(text: &str) -> Result<Self, FrontError> {
        let value = serde_norway::from_str(text).map_err(|error| FrontError::Syntax(error.to_string()))?;
        match from_yaml(value) {
            Value::Object(fields) => Ok(Self(fields)),
            Value::Null => Ok(Self::default()),
            _ => Err(FrontError::NoMapping),
        }
    }

    pub fn json(text: &str) -> Result<Self, FrontError> {
        serde_json::from_str(text).map(Self).map_err(|error| FrontError::Syntax(error.to_string()))
    }

    /// The value behind a name; dots lead into nested ones.
    fn value(&self, path: &str) -> Option<&Value> {
        let mut names = path.split('.');
        let first = self.0.get(names.next()?)?;
        names.try_fold(first, |value, name| value.get(name)).filter(|value| !value.is_null())
    }

    /// A text that is not empty; numbers are texts too.
    pub fn text(&self, path: &str) -> Option<String> {
        scalar(self.value(path)?)
    }

    /// The first of several names that has a text.
    pub fn first(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.text(path))
    }

    pub fn flag(&self, path: &str) -> Option<bool> {
        match self.value(path)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// A list of texts; a single one is a list of one.
    pub fn list(&self, path: &str) -> Vec<String> {
        match self.value(path) {
            Some(Value::Array(values)) => values.iter().filter_map(scalar).collect(),
            Some(value) => scalar(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// A list of texts; a single one is split at its spaces.
    pub fn words(&self, path: &str) -> Vec<String> {
        match self.value(path) {
            Some(Value::String(text)) => text.split_whitespace().map(str::to_owned).collect(),
            _ => self.list(path),
        }
    }

    /// A list of named values.
    pub fn entries(&self, path: &str) -> Vec<Self> {
        let Some(Value::Array(values)) = self.value(path) else { return Vec::new() };
        values.iter().filter_map(|value| Some(Self(value.as_object()?.clone()))).collect()
    }

    pub fn has(&self, path: &str) -> bool {
        self.value(path).is_some()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => values.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, from_toml(value))).collect(),
    }
}

fn from_yaml(value: serde_norway::Value) -> Value {
    use serde_norway::Value as Yaml;
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(values) => values.into_iter().map(from_yaml).collect(),
        Yaml::Mapping(entries) => {
            let name = |key: Yaml| scalar(&from_yaml(key));
            entries.into_iter().filter_map(|(key, value)| Some((name(key)?, from_yaml(value)))).collect()
        }
        Yaml::Tagged(tagged) => from_yaml(tagged.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_languages_say_the_same() {
        let texts = [
            "+++\ntitle = \"A\"\ndraft = true\ntags = [\"x\", \"y\"]\n[extra]\nn = 1\n+++\nBody\n",
            "---\ntitle: A\ndraft: true\ntags: [x, y]\nextra: {n: 1}\n---\nBody\n",
            "---\r\ntitle: A\r\ndraft: true\r\ntags: [x, y]\r\nextra:\r\n  n: 1\r\n...\r\nBody\n",
            "{\"title\": \"A\", \"draft\": true, \"tags\": [\"x\", \"y\"], \"extra\": {\"n\": 1}}\nBody\n",
        ];
        for text in texts {
            let front = Front::parse(text).unwrap();
            assert_eq!(front.fields.text("title").unwrap(), "A", "{text}");
            assert_eq!(front.fields.flag("draft"), Some(true));
            assert_eq!(front.fields.list("tags"), ["x", "y"]);
            assert_eq!(front.fields.text("extra.n").unwrap(), "1");
            assert_eq!(front.body.trim(), "Body");
        }
    }

    #[test]
    fn dashes_inside_a_value_do_not_end_it() {
        let front = Front::parse("---\ntitle: Foo --- Bar\ntext: |\n  a\n  ---\n---\n---\n").unwrap();
        assert_eq!(front.fields.text("title").unwrap(), "Foo --- Bar");
        assert_eq!(front.body, "---\n");
    }

    #[test]
    fn it_may_be_empty_or_absent() {
        let empty = Front::parse("---\n---\nBody").unwrap();
        assert!(empty.found && empty.body == "Body");
        let absent = Front::parse("{{< tweet >}}\nBody").unwrap();
        assert!(!absent.found && absent.body.starts_with("{{<"));
        assert!(!Front::parse("").unwrap().found);
    }

    #[test]
    fn dates_and_numbers_are_texts() {
        let toml = Front::parse("+++\ndate = 2020-01-02\nversion = 1.5\n+++\n").unwrap().fields;
        assert_eq!(toml.text("date").unwrap(), "2020-01-02");
        let yaml = Front::parse("---  \ndate: 2020-01-02\ncategory: 2013\ncategories: a b\n---\n").unwrap().fields;
        assert_eq!(yaml.text("date").unwrap(), "2020-01-02");
        assert_eq!(yaml.words("category"), ["2013"]);
        assert_eq!(yaml.words("categories"), ["a", "b"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert_eq!(Front::parse("---\ntitle: x\n"), Err(FrontError::Unclosed("---")));
        assert!(matches!(Front::parse("+++\ntitle = \n+++\n"), Err(FrontError::Syntax(_))));
        assert_eq!(Front::parse("---\n- a\n---\n"), Err(FrontError::NoMapping));
    }
}
