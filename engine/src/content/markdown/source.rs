//! A text as Markdown for readers: as it was written, without what its writer kept from them. Pure.

/// Takes out HTML comments; in code they stay, where readers of the page see them too.
pub fn for_readers(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut fence: Option<(char, usize)> = None;
    let mut hidden = false;
    for line in markdown.split_inclusive('\n') {
        if !hidden {
            let mark = fence_of(line);
            match (fence, mark) {
                (None, Some(mark)) => fence = Some(mark),
                (Some((own, length)), Some((c, count))) if c == own && count >= length && is_bare(line, c) => {
                    fence = None
                }
                _ => {}
            }
            if fence.is_some() || mark.is_some() {
                out.push_str(line);
                continue;
            }
        }
        hidden = without_comments(line, hidden, &mut out);
    }
    out
}

/// Copies what is outside of comments; whether a comment goes on behind the line.
fn without_comments(line: &str, mut hidden: bool, out: &mut String) -> bool {
    let mut rest = line;
    loop {
        if hidden {
            let Some((_, after)) = rest.split_once("-->") else {
                // What the comment was in ends with the line.
                out.push_str(if rest.ends_with('\n') { "\n" } else { "" });
                return true;
            };
            rest = after;
        }
        let Some((before, after)) = rest.split_once("<!--") else {
            out.push_str(rest);
            return false;
        };
        out.push_str(before);
        let shown = line.len() - after.len();
        let in_code = line.get(..shown).unwrap_or_default().matches('`').count() % 2 == 1 && after.contains('`');
        if in_code {
            out.push_str("<!--");
        }
        (rest, hidden) = (after, !in_code);
    }
}

/// The mark at the beginning of a line that begins or ends a block of code, and its length.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let text = line.trim_start_matches([' ', '>']);
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = text.chars().take_while(|c| *c == mark).count();
    (count >= 3 && !(mark == '`' && text.trim_start_matches('`').contains('`'))).then_some((mark, count))
}

/// Nothing but the mark is in the line.
fn is_bare(line: &str, mark: char) -> bool {
    line.trim_start_matches([' ', '>']).trim_end().chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::for_readers;

    #[test]
    fn comments_are_nobody_elses_business() {
        for (written, read) in [
            ("A <!-- secret --> b\n", "A  b\n"),
            ("A\n<!-- secret\nof two lines -->\nb", "A\n\n\nb"),
            ("A <!-- never closed\nsecret", "A \n"),
            ("Write `<!-- x -->` so.\n", "Write `<!-- x -->` so.\n"),
            ("```html\n<!-- shown -->\n```\n<!-- secret -->\n", "```html\n<!-- shown -->\n```\n\n"),
            ("````\n```\n<!-- shown -->\n````\n<!-- no -->", "````\n```\n<!-- shown -->\n````\n"),
            ("<!-- ``` -->\n<!-- secret -->\n", "\n\n"),
            ("<!-- a --> b <!-- c -->\n", " b \n"),
        ] {
            assert_eq!(for_readers(written), read, "{written:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_of_a_comment_is_left(before in "[a-z \n]{0,20}", after in "[a-z \n]{0,20}") {
            let text = for_readers(&format!("{before}<!-- SECRET\nSECRET -->{after}"));
            prop_assert!(!text.contains("SECRET") && text.starts_with(&before) && text.ends_with(&after), "{text:?}");
        }
    }
}
