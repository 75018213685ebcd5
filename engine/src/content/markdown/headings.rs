//! The headings of a rendered text, read back out of its HTML: what a table of contents is made of, and how they fit under the
//! heading of their page.

use super::{Heading, plain};

/// The highest level of a text's own headings on a page that has one above them.
const TOP: usize = 2;
const DEEPEST: usize = 6;

/// In the order of the text. Only headings that links can point to, which are those that Markdown made.
pub fn headings(html: &str) -> Vec<Heading> {
    html.split("<h").skip(1).filter_map(heading).collect()
}

/// Reads what follows `<h`: `2 id="…">…<a class="anchor"`.
fn heading(rest: &str) -> Option<Heading> {
    let level = rest.chars().next().and_then(|digit| digit.to_digit(10)).and_then(|level| u8::try_from(level).ok())?;
    let (id, rest) = rest.get(1..)?.strip_prefix(" id=\"")?.split_once("\">")?;
    let (inside, _) = rest.split_once("<a class=\"anchor\"")?;
    Some(Heading { level, id: plain::text(id), text: plain::text(inside) })
}

/// The text with its headings moved so that the first are of level 2 and none is more than one deeper than the one before:
/// the outline of a page whose title is the one heading of level 1, as those need it who go from heading to heading.
pub fn outline(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    // The levels, as written, of the headings that the place at hand is under.
    let mut above: Vec<u8> = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        out.push('<');
        rest = after;
        let (slash, name) = after.strip_prefix('/').map_or(("", after), |name| ("/", name));
        let Some(level) = level(name) else { continue };
        if slash.is_empty() {
            above.retain(|upper| *upper < level);
            above.push(level);
        }
        let depth = (TOP + above.len().saturating_sub(1)).min(DEEPEST);
        out.push_str(slash);
        out.push('h');
        out.push_str(&depth.to_string());
        rest = name.get(2..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The level of the heading whose tag this begins: `h2>`, `h2 id=`.
fn level(tag: &str) -> Option<u8> {
    let mut characters = tag.chars();
    let (h, digit, end) = (characters.next()?, characters.next()?, characters.next()?);
    let level = digit.to_digit(10).and_then(|level| u8::try_from(level).ok())?;
    (h == 'h' && (1..=6).contains(&level) && matches!(end, '>' | ' ')).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::markdown::{Trust, render};

    #[test]
    fn what_was_written_as_a_heading_is_read_as_one() {
        let rendered = render("# A & *b*\n\ntext\n\n## `code` <x>\n\n### A & *b*\n\n### \"\n", Trust::Author);
        assert_eq!(rendered.headings.len(), 4);
        let plain = |heading: &Heading| (heading.level, heading.id.clone());
        let read = headings(&rendered.html);
        assert_eq!(read.iter().map(plain).collect::<Vec<_>>(), rendered.headings.iter().map(plain).collect::<Vec<_>>());
        assert_eq!(read[0].text, "A & b");
        assert_eq!(read[1].text, "code");
    }

    fn levels(html: &str) -> String {
        html.split("<h").skip(1).filter_map(|rest| rest.chars().next()).collect()
    }

    #[test]
    fn headings_come_under_that_of_the_page_and_skip_none() {
        let text =
            |written: &str| written.chars().map(|level| format!("<h{level} id=\"a\">x</h{level}>")).collect::<String>();
        for (written, shown) in [
            ("", ""),
            ("2", "2"),
            ("234", "234"),
            ("1212", "2323"),
            ("3345", "2234"),
            ("252", "232"),
            ("41", "22"),
            ("3242", "2232"),
            ("123456", "234566"),
        ] {
            let html = outline(&text(written));
            assert_eq!(levels(&html), shown, "{written}");
            assert_eq!(html.matches("</h").count(), written.len());
            assert_eq!(outline(&html), html, "once is enough");
        }
        assert_eq!(outline("<p>a < b</p><hr><header></header>"), "<p>a < b</p><hr><header></header>");
        assert_eq!(outline("<h3>a</h3><p>b</p><h5>c</h5>"), "<h2>a</h2><p>b</p><h3>c</h3>");
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for html in
            ["", "<hr>", "<h2>no id</h2>", "<h2 id=\"a\">no link</h2>", "<h", "<header><h9", "&lt;h2 id=\"x\"&gt;"]
        {
            assert_eq!(headings(html), [], "{html}");
        }
    }
}
