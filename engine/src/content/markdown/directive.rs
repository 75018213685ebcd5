//! Block directives: `name[label]{key="value" .class}` behind two or three colons.

use std::borrow::Cow;

/// One directive, its values decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directive<'a> {
    pub name: &'a str,
    label: Option<Cow<'a, str>>,
    attributes: Vec<(&'a str, Cow<'a, str>)>,
}

impl<'a> Directive<'a> {
    /// Reads what follows the colons; `None` when it does not begin with a name or does not end with its attributes.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(text.len());
        let (name, mut rest) = text.split_at(end);
        if !name.starts_with(char::is_alphabetic) {
            return None;
        }
        let mut label = None;
        if let Some(inner) = rest.strip_prefix('[') {
            let (inside, after) = inner.split_once(']')?;
            (label, rest) = (Some(decoded(inside)), after);
        }
        let attributes = match rest.strip_prefix('{') {
            Some(inner) => attributes(inner.strip_suffix('}')?)?,
            None if rest.is_empty() => Vec::new(),
            None => return None,
        };
        Some(Self { name, label, attributes })
    }

    /// A container's opening line names it, whatever else stands there.
    pub(super) fn container(text: &'a str) -> Self {
        Self::parse(text).unwrap_or_else(|| {
            let name = text.trim().split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).next();
            Self { name: name.unwrap_or_default(), ..Self::default() }
        })
    }

    /// The value of the first of `keys` that is present and not empty.
    pub(super) fn value(&self, keys: &[&str]) -> Option<&str> {
        let found = keys.iter().find_map(|key| self.attributes.iter().find(|(k, v)| k == key && !v.is_empty()));
        found.map(|(_, value)| value.as_ref())
    }

    /// The title in brackets, or else the attribute of that name.
    pub(super) fn title(&self) -> Option<&str> {
        self.label.as_deref().filter(|label| !label.is_empty()).or_else(|| self.value(&["title"]))
    }
}

/// `key="value"`, `key='value'`, `key=value`, `key`, `.class` and `#id`, separated by spaces.
fn attributes(mut text: &str) -> Option<Vec<(&str, Cow<'_, str>)>> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return Some(found);
        }
        let end = text.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(text.len());
        let (key, rest) = text.split_at(end);
        let Some(value) = rest.strip_prefix('=') else {
            found.push(match (key.strip_prefix('.'), key.strip_prefix('#')) {
                (Some(class), _) => ("class", class.into()),
                (_, Some(id)) => ("id", id.into()),
                _ => (key, "".into()),
            });
            text = rest;
            continue;
        };
        let (value, rest) = match value.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted.split_once(value.chars().next()?)?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.push((key, decoded(value)));
        text = rest;
    }
}

/// Resolves the character references that editors write into values: the five of XML and numbers.
fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let reference = after.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        if let Some((character, after)) = reference {
            out.push(character);
            rest = after;
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_labels_and_attributes_are_read() {
        let directive =
            Directive::parse(r#"video[A cat]{url="/a b.mp4" loop poster=/p.png .wide caption='it"s'}"#).unwrap();
        assert_eq!(directive.name, "video");
        assert_eq!(directive.title(), Some("A cat"));
        assert_eq!(directive.value(&["src", "url"]), Some("/a b.mp4"));
        assert_eq!(directive.value(&["poster"]), Some("/p.png"));
        assert_eq!(directive.value(&["class"]), Some("wide"));
        assert_eq!(directive.value(&["caption"]), Some("it\"s"));
        assert_eq!(directive.value(&["loop"]), None);
    }

    #[test]
    fn character_references_are_resolved() {
        let directive = Directive::parse("file{url=\"/a?b=1&amp;c=2&d\" name='&#x22;x&#34;'}").unwrap();
        assert_eq!(directive.value(&["url"]), Some("/a?b=1&c=2&d"));
        assert_eq!(directive.value(&["name"]), Some("\"x\""));
    }

    #[test]
    fn prose_is_no_directive() {
        for text in ["", "30 in the morning", "smile: and more", r#"video{url="open}"#, "video{url=x", "a b"] {
            assert_eq!(Directive::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_container_is_named_by_its_first_word() {
        assert_eq!(Directive::container(" warning about this").name, "warning");
        assert_eq!(Directive::container("{.box}").name, "");
    }
}
