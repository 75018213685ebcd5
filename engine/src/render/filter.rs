//! Template filters, and how values are printed.

use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, Value, escape_formatter};

use super::{address, page, scope, time};
use crate::content::markdown::{self, Heading};

pub fn register(templates: &mut Environment<'static>) {
    templates.set_formatter(print);
    templates.add_filter("rfc2822", |text: String| time::rfc2822(&text).map_err(|error| bad_time(&text, &error)));
    templates.add_filter("absolute_url", |url: String| {
        scope::with(|scope| Ok(Value::from(address::absolute(&scope.site_url, &url))))
    });
    templates.add_filter("absolute_html", |html: String, base: String| {
        scope::with(|scope| Ok(Value::from(address::absolute_html(&scope.site_url, &base, &html))))
    });
    templates.add_filter("headings", |html: String| headings(&html));
    templates.add_filter("outline", outline);
    templates.add_filter("excerpt", |text: String, length: Option<usize>| shorten(&text, length.unwrap_or(160)));
}

fn bad_time(text: &str, error: &jiff::Error) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("{text:?} is not a time, or the pattern is not one: {error}"))
}

/// `post.html | headings`: each with `level`, `id` and `text`, for a table of contents.
fn headings(html: &str) -> Vec<Value> {
    let value = |heading: Heading| {
        let Heading { level, id, text } = heading;
        Value::from_pairs([("level", Value::from(level)), ("id", Value::from(id)), ("text", Value::from(text))])
    };
    markdown::headings(html).into_iter().map(value).collect()
}

/// `post.html | outline`: its headings under the one of the page, none skipping a level.
fn outline(html: Value) -> Value {
    let outlined = markdown::outline(html.as_str().unwrap_or_default());
    // Only digits of tags change: what was safe stays so, and nothing else becomes it.
    if html.is_safe() { Value::from_safe_string(outlined) } else { Value::from(outlined) }
}

/// At most `length` characters, cut between words.
pub fn shorten(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = text.get(..end).unwrap_or_default();
            let cut = cut.rsplit_once(char::is_whitespace).map_or(cut, |(before, _)| before);
            format!("{}…", cut.trim_end_matches(|c: char| c.is_whitespace() || ",;:.".contains(c)))
        }
    }
}

/// Prints nothing for `none`, and escapes for HTML and XML what they need escaped and no more, so that URLs stay readable.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    page::may_print()?;
    if value.is_none() {
        return Ok(());
    }
    match (state.auto_escape(), value.as_str()) {
        (AutoEscape::Html, Some(text)) if !value.is_safe() => {
            escape(text, |part| out.write_str(part).map_err(Error::from))
        }
        _ => escape_formatter(out, state, value),
    }
}

/// Hands over `text` with `& < > " '` escaped and without the control characters that XML cannot hold.
pub fn escape<E>(text: &str, mut write: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let replacement = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' => "",
            _ => continue,
        };
        write(text.get(start..at).unwrap_or_default())?;
        write(replacement)?;
        start = at + c.len_utf8();
    }
    write(text.get(start..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        let written: Result<(), std::convert::Infallible> = escape(text, |part| {
            out.push_str(part);
            Ok(())
        });
        written.unwrap();
        out
    }

    #[test]
    fn what_could_be_markup_is_escaped_and_urls_stay_readable() {
        assert_eq!(escaped("/a/b/?x=1&y=2"), "/a/b/?x=1&amp;y=2");
        assert_eq!(escaped("<script>\"'é\u{1}"), "&lt;script&gt;&quot;&#39;é");
    }

    #[test]
    fn an_excerpt_ends_between_words() {
        assert_eq!(shorten("one two, three", 10), "one two…");
        assert_eq!(shorten("short", 10), "short");
    }
}
