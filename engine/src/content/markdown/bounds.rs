//! Limits that keep the work on a hostile text in proportion to its length.

use std::borrow::Cow;

/// Containers (quotes, list items) that one line may open; parsers look at every open one on every line.
const CONTAINERS: usize = 50;
/// Columns of white space before a line's text; deeper indentation nests lists.
const INDENT: usize = 400;
/// Elements open at once; browsers stop nesting at 512.
const ELEMENTS: usize = 500;
/// Attributes of one tag.
const ATTRIBUTES: usize = 100;

/// Takes the container marks beyond the limits out of each line. Text that no person would write loses its deepest levels,
/// all else is left alone.
pub(super) fn flatten(markdown: &str) -> Cow<'_, str> {
    let mut fences = Fences::default();
    if !markdown.lines().any(|line| kept_prefix(line) < prefix(line) || fences.too_many(line)) {
        return Cow::Borrowed(markdown);
    }
    let mut fences = Fences::default();
    let mut flat = String::with_capacity(markdown.len());
    for line in markdown.split_inclusive('\n') {
        let text = line.get(prefix(line)..).unwrap_or_default();
        flat.push_str(line.get(..kept_prefix(line)).unwrap_or_default());
        flat.push_str(if fences.too_many(line) { text.trim_start_matches(':') } else { text });
    }
    Cow::Owned(flat)
}

/// Lengths of the colon fences that may be open, outermost first.
#[derive(Default)]
struct Fences(Vec<usize>);

impl Fences {
    /// Whether `line` opens a directive too deep. As in the parser, a closing fence closes the outermost it is long enough for.
    fn too_many(&mut self, line: &str) -> bool {
        let indent = prefix(line);
        let text = line.get(indent..).unwrap_or_default();
        let name = text.trim_start_matches(':');
        let colons = text.len() - name.len();
        if colons < 3 {
            return false;
        }
        if !name.trim().is_empty() {
            self.0.push(colons);
        } else if indent <= 3
            && line.starts_with([' ', ':'])
            && let Some(outermost) = self.0.iter().position(|opened| *opened <= colons)
        {
            self.0.truncate(outermost);
        }
        let too_many = self.0.len() > CONTAINERS;
        self.0.truncate(CONTAINERS);
        too_many
    }
}

/// Bytes of the marks at the start of a line.
fn prefix(line: &str) -> usize {
    measure(line, usize::MAX, usize::MAX)
}

/// Bytes of those marks that are within the limits.
fn kept_prefix(line: &str) -> usize {
    measure(line, CONTAINERS, INDENT)
}

fn measure(line: &str, containers: usize, indent: usize) -> usize {
    let (mut at, mut opened, mut columns) = (0, 0, 0);
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let step = match rest.as_bytes() {
            [b' ', ..] => {
                columns += 1;
                1
            }
            [b'\t', ..] => {
                columns += 4;
                1
            }
            [b'>', ..] => {
                opened += 1;
                1
            }
            [b'-' | b'+' | b'*', b' ' | b'\t', ..] => {
                opened += 1;
                1
            }
            bytes => match bytes.iter().take_while(|byte| byte.is_ascii_digit()).count() {
                digits @ 1..=9 if matches!(bytes.get(digits..digits + 2), Some([b'.' | b')', b' ' | b'\t'])) => {
                    opened += 1;
                    digits + 1
                }
                _ => return at,
            },
        };
        if opened > containers || columns > indent {
            return at;
        }
        at += step;
    }
    at
}

/// Whether elements nest, or one tag's attributes pile up, beyond what an HTML parser handles in linear time. Only an end
/// tag that closes the innermost open element counts, because parsers keep misnested elements open.
pub(super) fn too_deep(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let closing = after.strip_prefix('/');
        let name = closing.unwrap_or(after);
        let name = name.get(..name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len()));
        let Some(name) = name.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) else { continue };
        if never_nests(name) {
            // Counts as no level, but its attributes count.
        } else if closing.is_some() {
            if open.last().is_some_and(|last| last.eq_ignore_ascii_case(name)) {
                open.pop();
            }
        } else {
            open.push(name);
        }
        if open.len() > ELEMENTS || attributes(after) > ATTRIBUTES {
            return true;
        }
    }
    false
}

/// An upper bound of the attributes of the tag that `after` begins with; words in quoted values count too, up to a point.
fn attributes(after: &str) -> usize {
    let (mut count, mut quote) = (0, None);
    let mut before = b' ';
    for &byte in after.as_bytes() {
        match (quote, byte) {
            (None, b'>') => return count,
            (None, b'"' | b'\'') => quote = (before == b'=').then_some(byte),
            (Some(mark), _) if byte == mark => quote = None,
            (None, b' ' | b'\t' | b'\n' | b'/') => count += 1,
            _ => {}
        }
        if count > ATTRIBUTES {
            return count;
        }
        before = byte;
    }
    count
}

/// Elements without content, and those whose start tag closes an open one of their kind.
fn never_nests(name: &str) -> bool {
    const NAMES: [&str; 29] = [
        "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
        "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track",
        "wbr",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        let text = format!("> > quote\n\n- a\n  - b\n\n{}\n\n{}", "-".repeat(900), "1234567890. ".repeat(50));
        assert!(matches!(flatten(&text), Cow::Borrowed(_)));
    }

    #[test]
    fn the_deepest_levels_are_taken_out_and_the_words_stay() {
        let flat = flatten(&format!("{} deep\nnext", "> ".repeat(10_000))).into_owned();
        assert_eq!(flat, format!("{}deep\nnext", "> ".repeat(50)));
        assert!(flatten(&format!("{}deep", " ".repeat(3_000))).len() < 500);
    }

    #[test]
    fn directives_within_directives_end_somewhere() {
        let flat = flatten(&":::x\n".repeat(200)).into_owned();
        assert_eq!(flat.matches(":::x").count(), 50);
        let text = "::::a\n:::b\n:::\n::::\n".repeat(200);
        assert_eq!(flatten(&text), text);
    }

    #[test]
    fn depth_is_that_of_unclosed_elements() {
        assert!(!too_deep(&"<div><p>text</div>".repeat(2_000)));
        assert!(!too_deep(&"<p>text<br><li>".repeat(2_000)));
        assert!(too_deep(&"<div>".repeat(600)));
        assert!(too_deep(&"<b><div></b>".repeat(600)));
        assert!(too_deep(&format!("<a {}>", "x ".repeat(200))));
        assert!(!too_deep(&format!("<a title=\"{}\">", "x ".repeat(200))));
    }
}
