//! Snippets: the part of a text where the words of a question stand, with those words marked. Pure.

use serde::Serialize;

use super::{
    Query,
    words::{fold, pieces},
};

/// About how many characters of the text are shown, and how many of them before the first word that was found.
const LENGTH: usize = 200;
const BEFORE: usize = 60;

/// How far into a text is looked, in characters.
const FAR: usize = 200_000;

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    pub text: String,
    /// One of the words looked for.
    pub hit: bool,
}

/// The text around the first word of the question in it, or its beginning when none is.
pub fn of(text: &str, query: &Query) -> Vec<Part> {
    let far = text.char_indices().nth(FAR).map_or(text.len(), |(end, _)| end);
    let seen = text.get(..far).unwrap_or_default();
    let first = pieces(seen).find(|word| query.holds(&fold(word))).map_or(0, |word| offset(seen, word));
    let start = begin(seen, first);
    let rest = seen.get(start..).unwrap_or_default();
    let cut = rest.char_indices().nth(LENGTH).map_or(rest.len(), |(end, _)| end);
    let shown = rest.get(..cut).unwrap_or_default();
    let shown = match shown.rsplit_once(char::is_whitespace) {
        Some((whole, _)) if cut < rest.len() => whole,
        _ => shown,
    };
    let mut parts = marked(shown, query);
    if start > 0 {
        parts.insert(0, Part { text: "… ".into(), hit: false });
    }
    if start + shown.len() < text.len() {
        parts.push(Part { text: " …".into(), hit: false });
    }
    parts
}

/// The whole text, with the words of the question marked.
pub fn marked(text: &str, query: &Query) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut push = |piece: &str, hit: bool| match parts.last_mut() {
        _ if piece.is_empty() => {}
        Some(last) if last.hit == hit => last.text.push_str(piece),
        _ => parts.push(Part { text: piece.to_owned(), hit }),
    };
    let mut done = 0;
    for word in pieces(text).filter(|word| query.holds(&fold(word))) {
        let at = offset(text, word);
        push(text.get(done..at).unwrap_or_default(), false);
        push(word, true);
        done = at + word.len();
    }
    push(text.get(done..).unwrap_or_default(), false);
    parts
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

/// The beginning of a word some way before this place.
fn begin(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let Some((from, _)) = before.char_indices().rev().nth(BEFORE) else { return 0 };
    let lead = before.get(from..).unwrap_or_default();
    let skipped = lead.find(char::is_whitespace).map_or(0, |space| space + 1);
    from + if lead.is_char_boundary(skipped) { skipped } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, question: &str) -> String {
        let parts = of(text, &Query::parse(question));
        parts.iter().map(|part| if part.hit { format!("[{}]", part.text) } else { part.text.clone() }).collect()
    }

    #[test]
    fn words_are_marked_as_they_were_written() {
        assert_eq!(shown("A Crème brûlée, made well.", "creme BRUL"), "A [Crème] [brûlée], made well.");
        assert_eq!(shown("Nothing of it here.", "absent"), "Nothing of it here.");
        assert_eq!(shown("", "absent"), "");
        assert_eq!(shown("日本語の", "日本"), "[日本]語の");
    }

    #[test]
    fn a_long_text_is_cut_around_what_was_found() {
        let text = format!("{} needle {}", "before ".repeat(100), "after ".repeat(100));
        let snippet = shown(&text, "needle");
        assert!(snippet.starts_with("… before") && snippet.contains("[needle]") && snippet.ends_with("after …"));
        assert!(snippet.chars().count() < 230, "{snippet}");
        assert!(shown(&text, "nothing").starts_with("before") && shown(&text, "nothing").ends_with(" …"));
    }

    proptest! {
        #[test]
        fn nothing_is_added_but_where_it_was_cut(text in "\\PC{0,60}", question in "\\PC{0,20}") {
            let parts = marked(&text, &Query::parse(&question));
            prop_assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), text.clone());
            let _ = of(&text.repeat(20), &Query::parse(&question));
        }
    }
}
