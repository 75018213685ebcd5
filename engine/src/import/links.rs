//! Link and image destinations in Markdown text: found and exchanged, every other byte left alone.

use std::{borrow::Cow, ops::Range};

use super::prose::Code;

/// One destination as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination<'a> {
    pub url: &'a str,
    pub form: Form,
    at: Range<usize>,
}

/// How a destination is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `![alt](url)`
    Image,
    /// `[text](url)` or `[label]: url`
    Link,
    /// `src="url"`
    Source,
    /// `href="url"`
    Reference,
    /// A URL that is its own text, in pointed brackets or bare.
    Bare,
}

impl Destination<'_> {
    /// Whether readers see what it leads to in the text itself, as they see pictures.
    pub fn shows(&self) -> bool {
        let is_media = || {
            mime_guess::from_path(self.url)
                .first()
                .is_some_and(|mime| matches!(mime.type_().as_str(), "image" | "audio" | "video"))
        };
        self.form == Form::Image || self.form == Form::Source && is_media()
    }
}

/// All destinations outside code.
pub fn find(markdown: &str) -> Vec<Destination<'_>> {
    let code = Code::find(markdown);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = markdown.get(at..).filter(|rest| !rest.is_empty()) {
        if code.contains(at) {
            at = code.end(at).filter(|end| *end > at).unwrap_or(at + 1);
            continue;
        }
        match starts(markdown, at, rest).filter(|(range, _)| !range.is_empty()) {
            Some((range, form)) => {
                at = range.end;
                let url = markdown.get(range.clone()).unwrap_or_default().trim_matches(['<', '>']);
                found.push(Destination { url, form, at: range });
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// Exchanges destinations for what `with` gives for them.
pub fn exchange(markdown: &str, mut with: impl FnMut(&Destination<'_>) -> Option<String>) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut copied = 0;
    for destination in find(markdown) {
        let Some(url) = with(&destination) else { continue };
        out.push_str(markdown.get(copied..destination.at.start).unwrap_or_default());
        match destination.form {
            Form::Bare => out.push_str(&format!("[{}]({url})", destination.url)),
            _ => out.push_str(&url),
        }
        copied = destination.at.end;
    }
    out.push_str(markdown.get(copied..).unwrap_or_default());
    out
}

/// The destination whose mark begins at `at`.
fn starts(markdown: &str, at: usize, rest: &str) -> Option<(Range<usize>, Form)> {
    if let Some(inner) = rest.strip_prefix("](") {
        let blank = inner.len() - inner.trim_start_matches([' ', '\n']).len();
        let (skip, length) = destination(inner.get(blank..)?, true)?;
        let start = at + 2 + blank + skip;
        let form = if is_image(markdown, at) { Form::Image } else { Form::Link };
        return Some((start..start + length, form));
    }
    if let Some(inner) = rest.strip_prefix("]:").filter(|_| opens_definition(markdown, at)) {
        let blank = inner.len() - inner.trim_start_matches([' ', '\t', '\n']).len();
        let (skip, length) = destination(inner.get(blank..)?, false)?;
        let start = at + 2 + blank + skip;
        return Some((start..start + length, Form::Link));
    }
    for (name, form) in [("src=", Form::Source), ("href=", Form::Reference)] {
        if let Some(value) = rest.strip_prefix(name) {
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let length = value.get(1..)?.find(quote)?;
            let start = at + name.len() + 1;
            return Some((start..start + length, form));
        }
    }
    bare(markdown, at, rest)
}

/// A URL that is its own text, unless it is the text of another link.
fn bare(markdown: &str, at: usize, rest: &str) -> Option<(Range<usize>, Form)> {
    let is_url = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    let length = if let Some(inner) = rest.strip_prefix('<').filter(|inner| is_url(inner)) {
        inner.find(['>', ' ', '\n']).filter(|end| inner.get(*end..).is_some_and(|end| end.starts_with('>')))? + 2
    } else {
        let begins = !markdown.get(..at)?.ends_with(|c: char| c.is_alphanumeric() || c == '<');
        if !begins || !is_url(rest) {
            return None;
        }
        bare_length(rest)
    };
    let line = rest.get(length..)?.split('\n').next()?;
    let closes = line.find("](").into_iter().chain(line.find("][")).min();
    let is_text = line.starts_with("</a") || closes.is_some_and(|close| line.find('[').is_none_or(|open| close < open));
    (!is_text).then_some((at..at + length, Form::Bare))
}

/// Blank and length of a destination, in pointed brackets or not.
fn destination(text: &str, in_parentheses: bool) -> Option<(usize, usize)> {
    if let Some(inner) = text.strip_prefix('<') {
        return Some((
            1,
            inner.find(['>', '\n']).filter(|end| inner.get(*end..).is_some_and(|end| end.starts_with('>')))?,
        ));
    }
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' if depth == 0 && in_parentheses => return Some((0, at)),
            ')' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() => return Some((0, at)),
            _ => {}
        }
    }
    (!in_parentheses).then_some((0, text.len()))
}

/// Whether the bracket that closes at `at` was opened behind an exclamation mark.
fn is_image(markdown: &str, at: usize) -> bool {
    let mut depth = 0_usize;
    for (position, character) in markdown.get(..at).unwrap_or_default().char_indices().rev().take(1_000) {
        match character {
            ']' => depth += 1,
            '[' if depth == 0 => return markdown.get(..position).is_some_and(|before| before.ends_with('!')),
            '[' => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Whether the line up to `at` is `[label`, indented by at most three spaces.
fn opens_definition(markdown: &str, at: usize) -> bool {
    let before = markdown.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start_matches(['>', ' ']);
    line.starts_with('[') && !line.starts_with("[^")
}

/// A bare URL ends at white space or a pointed bracket, and before the punctuation of its sentence.
fn bare_length(rest: &str) -> usize {
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | ']' | ')' | '|'))
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~']).len()
}

/// A destination as a path or URL: character codes and backslashes resolved.
pub fn resolved(url: &str) -> Cow<'_, str> {
    if !url.contains(['%', '\\', '&']) {
        return Cow::Borrowed(url);
    }
    let plain = url.replace("&amp;", "&").replace('\\', "");
    Cow::Owned(percent_encoding::percent_decode_str(&plain).decode_utf8().map(Cow::into_owned).unwrap_or(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn finds(markdown: &str, expected: &[(&str, Form)]) {
        let found = find(markdown);
        let found: Vec<_> = found.iter().map(|destination| (destination.url, destination.form)).collect();
        assert_eq!(found, expected, "{markdown}");
    }

    #[test]
    fn destinations_are_found_wherever_they_stand() {
        finds("![a [b] c](x.png \"T\") [d]( <y z.md> )", &[("x.png", Form::Image), ("y z.md", Form::Link)]);
        finds("[![i](i.png)](page.md)", &[("i.png", Form::Image), ("page.md", Form::Link)]);
        finds("[w](https://x.org/A_(b))", &[("https://x.org/A_(b)", Form::Link)]);
        finds(
            "See https://a.org/x. And <https://b.org>!",
            &[("https://a.org/x", Form::Bare), ("https://b.org", Form::Bare)],
        );
        finds("[r]: ./r.svg\n  [s]:\n  <s t.md> 'T'\n[^1]: note", &[("./r.svg", Form::Link), ("s t.md", Form::Link)]);
        finds("<img src=\"a.png\"><a href='b.md'>", &[("a.png", Form::Source), ("b.md", Form::Reference)]);
    }

    #[test]
    fn the_text_of_a_link_is_no_link() {
        finds("[https://a.org](https://b.org)", &[("https://b.org", Form::Link)]);
        finds("[at https://a.org now][c]", &[]);
        finds("<a href=\"/x\">https://a.org</a>", &[("/x", Form::Reference)]);
        finds("https://a.org [b](c)", &[("https://a.org", Form::Bare), ("c", Form::Link)]);
    }

    #[test]
    fn code_is_left_alone() {
        finds("`[a](b)`\n\n```\n![c](d)\n```\n\n    https://e.org\n\n[f](g)", &[("g", Form::Link)]);
    }

    #[test]
    fn only_the_destination_changes() {
        let text = "*a* [b](old.md \"t\")  \n`old.md` [c][d]\n\n[d]: old.md\n";
        let changed = exchange(text, |destination| (destination.url == "old.md").then(|| "/new/".to_owned()));
        assert_eq!(changed, "*a* [b](/new/ \"t\")  \n`old.md` [c][d]\n\n[d]: /new/\n");
        assert_eq!(exchange(text, |_| None), text);
    }

    #[test]
    fn a_url_that_is_its_own_text_becomes_a_link() {
        let changed = exchange("At <https://a.org/x> and https://a.org/x.", |_| Some("/x/".to_owned()));
        assert_eq!(changed, "At [https://a.org/x](/x/) and [https://a.org/x](/x/).");
    }
}
