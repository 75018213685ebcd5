//! HTML that writers typed, made valid: what a parser forgives and a validator does not.

/// Elements without an end tag.
const VOID: [&str; 9] = ["area", "br", "col", "hr", "img", "input", "source", "track", "wbr"];

/// Elements that no phrase can hold.
const BLOCKS: [&str; 27] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "td",
    "ul",
];

struct Open<'h> {
    name: &'h str,
    /// Where its start tag is among the pieces.
    at: usize,
    /// What is written instead of its name.
    renamed: Option<&'static str>,
    /// A `details` that has its summary.
    summed: bool,
    /// A table in a box of its own.
    boxed: bool,
}

/// How the box of a table begins.
const BOX: &str = "<div class=\"table\"";

/// Mends sanitised HTML, whose tags are all closed: phrases around blocks become blocks (in a summary blocks become phrases), `details` begin with their summary, images
/// have a description, fragments of links one `#`, and links that hold nothing are left out. Tables and `pre` can be scrolled,
/// and a cell without a word is the head of nothing.
pub(super) fn tidy(html: &str) -> String {
    let mut pieces: Vec<String> = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let (mut tables, mut rest) = (0, html);
    while let Some((text, after)) = rest.split_once('<') {
        write_text(&mut pieces, &mut open, text);
        let (tag, after) = after.split_at(end_of_tag(after));
        rest = after.strip_prefix('>').unwrap_or(after);
        if tag.starts_with('/') {
            end(&mut pieces, open.pop(), tag);
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        begin(&mut pieces, &mut open, &mut tables, name, tag);
    }
    write_text(&mut pieces, &mut open, rest);
    pieces.concat()
}

fn end(pieces: &mut Vec<String>, element: Option<Open<'_>>, tag: &str) {
    let Some(element) = element else { return };
    let inside = pieces.get(element.at + 1..).unwrap_or_default();
    let start = pieces.get(element.at).map_or("", String::as_str);
    let named = ["id=", "aria-label="].iter().any(|name| start.contains(name));
    if element.name == "a" && !named && inside.iter().all(|piece| piece.trim().is_empty()) {
        pieces.truncate(element.at);
        return;
    }
    let blank = |piece: &String| piece.trim().is_empty() || piece.trim() == "&nbsp;";
    if element.name == "th" && inside.iter().all(blank) {
        let start = start.replacen("<th", "<td", 1).replace(" scope=\"col\"", "").replace(" scope=\"row\"", "");
        pieces.splice(element.at.., [start, "</td>".to_owned()]);
        return;
    }
    pieces.push(element.renamed.map_or_else(|| format!("<{tag}>"), |name| format!("</{name}>")));
    if element.boxed {
        pieces.push("</div>".to_owned());
    }
}

fn begin<'h>(pieces: &mut Vec<String>, open: &mut Vec<Open<'h>>, tables: &mut usize, name: &'h str, tag: &'h str) {
    let mut renamed = None;
    if name == "summary" {
        // Only the first thing in its `details` is a summary.
        renamed = open.last_mut().is_none_or(|parent| parent.name != "details" || parent.summed).then_some("p");
        if let Some(parent) = open.last_mut() {
            parent.summed = true;
        }
    } else {
        sum_up(pieces, open);
    }
    if open.iter().any(|element| element.name == "summary") && matches!(name, "p" | "div") {
        renamed = Some("span");
    } else if BLOCKS.contains(&name) {
        for phrase in open.iter_mut().filter(|element| element.name == "span") {
            phrase.renamed = Some("div");
            if let Some(start) = pieces.get_mut(phrase.at)
                && let Some(attributes) = start.strip_prefix("<span")
            {
                *start = format!("<div{attributes}");
            }
        }
    }
    let boxed = name == "table" && !open.last().is_some_and(|parent| is_box(pieces, parent));
    if boxed {
        *tables += 1;
        pieces.push(table_box(*tables));
    }
    let start = match renamed {
        Some(name) => format!("<{name}>"),
        None => format!("<{}>", attributes(name, tag)),
    };
    pieces.push(start);
    if !VOID.contains(&name) {
        open.push(Open { name, at: pieces.len() - 1, renamed, summed: false, boxed });
    }
}

fn is_box(pieces: &[String], element: &Open<'_>) -> bool {
    pieces.get(element.at).is_some_and(|start| start.starts_with(BOX))
}

/// What a table scrolls in where it is wider than the screen, also for those who have no mouse. Regions of one name could not be
/// told apart.
fn table_box(number: usize) -> String {
    let name = if number == 1 { "Table".to_owned() } else { format!("Table {number}") };
    format!("{BOX} tabindex=\"0\" role=\"region\" aria-label=\"{name}\">")
}

fn write_text(pieces: &mut Vec<String>, open: &mut [Open<'_>], text: &str) {
    if !text.trim().is_empty() {
        sum_up(pieces, open);
    }
    pieces.push(text.to_owned());
}

/// Gives the innermost element a summary, if it is a `details` that wants one.
fn sum_up(pieces: &mut Vec<String>, open: &mut [Open<'_>]) {
    if let Some(parent) = open.last_mut().filter(|parent| parent.name == "details" && !parent.summed) {
        parent.summed = true;
        pieces.push("<summary>…</summary>".to_owned());
    }
}

/// A start tag with what its attributes want.
fn attributes(name: &str, tag: &str) -> String {
    if name == "img" && !tag.contains(" alt=\"") {
        return format!("{tag} alt=\"\"");
    }
    if name == "pre" && !tag.contains(" tabindex=\"") {
        return format!("{tag} tabindex=\"0\"");
    }
    let fragment = tag.split_once(" href=\"").filter(|_| name == "a").and_then(|(before, value)| {
        let (url, after) = value.split_once('"')?;
        let (address, fragment) = url.split_once('#').filter(|(_, fragment)| fragment.contains('#'))?;
        Some(format!("{before} href=\"{address}#{}\"{after}", fragment.replace('#', "%23")))
    });
    fragment.unwrap_or_else(|| tag.to_owned())
}

/// Where a tag ends: at the first `>` that is not in quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.unwrap_or(tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::markdown::{Trust, render};

    #[test]
    fn what_is_valid_stays_as_it_is() {
        for html in [
            "",
            "text",
            "<p>a <span>b</span> <img src=\"/a.png\" alt=\"\"> c</p>\n<hr>\n<ul>\n<li>x<br></li>\n</ul>",
            "<details>\n<summary>a</summary><p title=\"a > b <c\">b</p></details>",
            "<p><a href=\"/a#b\">c</a><a id=\"d\"></a><a href=\"/e\"><img src=\"/f.png\" alt=\"\"></a></p><p>1 &lt; 2</p>",
        ] {
            assert_eq!(tidy(html), html);
        }
    }

    #[test]
    fn what_is_not_is_mended() {
        for (typed, mended) in [
            ("<span><p>a</p></span>", "<div><p>a</p></div>"),
            (
                "<span class=\"x\"><b><div>a</div></b></span><span>c</span>",
                "<div class=\"x\"><b><div>a</div></b></div><span>c</span>",
            ),
            ("<details><p>a</p></details>", "<details><summary>…</summary><p>a</p></details>"),
            ("<details>a<summary>b</summary></details>", "<details><summary>…</summary>a<p>b</p></details>"),
            ("<p>a<a href=\"/b\"> </a><a href=\"/b\">b</a></p>", "<p>a<a href=\"/b\">b</a></p>"),
            (
                "<details><summary><span><p>a</p></span></summary></details>",
                "<details><summary><span><span>a</span></span></summary></details>",
            ),
            ("<img src=\"/a.png\">", "<img src=\"/a.png\" alt=\"\">"),
            ("<pre>a</pre>", "<pre tabindex=\"0\">a</pre>"),
            (
                "<table><tbody><tr><th scope=\"col\"> </th><th>a</th></tr></tbody></table><table></table>",
                "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><tbody><tr><td></td><th>a</th></tr>\
                 </tbody></table></div><div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table 2\"><table></table></div>",
            ),
            ("<a href=\"/a##b#c\">d</a>", "<a href=\"/a#%23b%23c\">d</a>"),
        ] {
            assert_eq!(tidy(typed), mended);
            assert_eq!(tidy(mended), mended, "once is enough");
        }
    }

    #[test]
    fn writers_get_what_is_valid() {
        let html = render("<span>\n\nA paragraph.\n\n</span>\n", Trust::Author).html;
        assert!(html.starts_with("<div>") && html.trim_end().ends_with("</div>"), "{html}");
    }
}
