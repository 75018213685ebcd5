//! Code blocks: highlighted on save to classes, whose colours the theme's stylesheet gives for light and dark.

use std::{fmt::Write, ops::RangeInclusive, sync::LazyLock};

use giallo::{HighlightOptions, HtmlRenderer, Registry, RenderOptions, ThemeVariant};

use super::html::Escaped;

const LIGHT: &str = "github-light-high-contrast";
const DARK: &str = "github-dark-high-contrast";
const PREFIX: &str = "g-";

/// Bytes of one text that are highlighted, and of one block: grammars are slow. What is beyond is shown plain.
const BUDGET: usize = 128 * 1024;
const LARGEST: usize = 16 * 1024;
/// Bytes of a line. Longer ones are data, not code for people, and make grammars backtrack.
const LONGEST_LINE: usize = 500;
/// Brackets and comments open at once; the time that grammars take grows with the square of it.
const DEEPEST: usize = 100;

/// All grammars, unpacked at the first code block.
static REGISTRY: LazyLock<Option<Registry>> = LazyLock::new(|| {
    let mut registry = Registry::builtin().ok()?;
    registry.link_grammars();
    Some(registry)
});

/// The first line of a fence: `rust title="main.rs" {1,3-4}`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fence<'a> {
    pub language: &'a str,
    title: Option<&'a str>,
    /// Marked lines, the first is 1.
    marked: Vec<RangeInclusive<usize>>,
}

/// Highlights the code of one text.
pub(super) struct Painter {
    budget: usize,
}

impl Default for Painter {
    fn default() -> Self {
        Self { budget: BUDGET }
    }
}

impl<'a> Fence<'a> {
    pub(super) fn parse(info: &'a str) -> Self {
        let info = info.trim();
        let end = info.find(|c: char| c.is_whitespace() || c == ',' || c == '{').unwrap_or(info.len());
        let (language, rest) = info.split_at(end);
        let quoted = rest.split_once("title=").and_then(|(_, after)| {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            after.get(1..)?.split_once(quote)
        });
        let braces = rest.split_once('{').and_then(|(_, after)| after.split_once('}'));
        let marked = braces.map(|(inside, _)| inside.split(',').filter_map(range).collect()).unwrap_or_default();
        Self { language, title: quoted.map(|(title, _)| title).filter(|title| !title.is_empty()), marked }
    }
}

/// `3` or `3-5`.
fn range(text: &str) -> Option<RangeInclusive<usize>> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Some(from.trim().parse().ok()?..=to.trim().parse().ok()?)
}

impl Painter {
    /// The HTML of a block, in a figure when it has a title.
    pub(super) fn paint(&mut self, fence: &Fence<'_>, code: &str) -> String {
        let block = self.highlight(fence, code).unwrap_or_else(|| plain(fence, code));
        match fence.title {
            Some(title) => {
                format!("<figure class=\"code\"><figcaption>{}</figcaption>{block}</figure>", Escaped(title))
            }
            None => block,
        }
    }

    fn highlight(&mut self, fence: &Fence<'_>, code: &str) -> Option<String> {
        if fence.language.is_empty() || code.len() > LARGEST || !is_for_people(code) {
            return None;
        }
        let registry = REGISTRY.as_ref().filter(|registry| registry.contains_grammar(fence.language))?;
        self.budget = self.budget.checked_sub(code.len())?;
        let options = HighlightOptions::new(fence.language, ThemeVariant::Dual { light: LIGHT, dark: DARK });
        let highlighted = registry.highlight(code, &options).ok()?;
        let renderer = HtmlRenderer { css_class_prefix: Some(PREFIX.to_owned()), ..HtmlRenderer::default() };
        let lines = RenderOptions { highlight_lines: fence.marked.clone(), ..RenderOptions::default() };
        let html = renderer.render(&highlighted, &lines);
        Some(lean(&html.replacen("<pre ", "<pre tabindex=\"0\" ", 1)))
    }
}

/// Whether lines are short and brackets and comments are closed now and then.
fn is_for_people(code: &str) -> bool {
    let (mut open, mut deepest) = (0_usize, 0);
    let mut rest = code.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after.first()) {
            // A mark of two characters is passed over whole: `/*/` opens and does not close.
            (b'/', Some(b'*')) => {
                open += 1;
                rest = after.get(1..).unwrap_or_default();
            }
            (b'*', Some(b'/')) => {
                open = open.saturating_sub(1);
                rest = after.get(1..).unwrap_or_default();
            }
            (b'(' | b'[' | b'{', _) | (b'<', Some(b'!' | b'#' | b'a'..=b'z' | b'A'..=b'Z')) => open += 1,
            (b')' | b']' | b'}' | b'>', _) => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest <= DEEPEST && code.lines().all(|line| line.len() <= LONGEST_LINE)
}

/// Joins neighbours of one class and takes the spans off text that has none: a third less for every reader to load.
fn lean(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let (mut open, mut token): (Option<&str>, Option<Option<&str>>) = (None, None);
    let mut pieces = html.split('<');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if tag == "/span" && token.is_some() {
            token = None;
        } else if tag == "span" || tag.starts_with("span class=\"g-") {
            let class = tag.strip_prefix("span ");
            token = Some(class);
            if class != open {
                switch(&mut out, &mut open, class);
            }
        } else {
            switch(&mut out, &mut open, None);
            let _ = write!(out, "<{tag}>");
        }
        if !text.is_empty() && token.is_none() {
            switch(&mut out, &mut open, None);
        }
        out.push_str(text);
    }
    out
}

fn switch<'a>(out: &mut String, open: &mut Option<&'a str>, class: Option<&'a str>) {
    if open.is_some() {
        out.push_str("</span>");
    }
    if let Some(class) = class {
        let _ = write!(out, "<span {class}>");
    }
    *open = class;
}

fn plain(fence: &Fence<'_>, code: &str) -> String {
    let mut html = String::from("<pre tabindex=\"0\"><code");
    if !fence.language.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(html, " data-lang=\"{}\"", Escaped(fence.language));
    }
    let _ = write!(html, ">{}</code></pre>", Escaped(code));
    html
}

/// The stylesheet that code blocks need. Colours follow the page's `color-scheme`, whoever sets it.
pub fn stylesheet() -> String {
    let mut css = String::from(
        "/* Colours of highlighted code, generated from the engine's two code themes. */\n\
         .giallo, .giallo span { color: light-dark(var(--code-light), var(--code-dark)); }\n\
         .giallo { background: light-dark(var(--code-light-ground), var(--code-dark-ground)); }\n\
         .giallo-l { display: inline-block; min-height: 1lh; width: 100%; }\n\
         .giallo-l.g-l-hl { background: light-dark(var(--code-light-mark), var(--code-dark-mark)); }\n",
    );
    let sheets = REGISTRY.as_ref().and_then(|registry| registry.generate_dual_css(LIGHT, DARK, PREFIX).ok());
    if let Some((light, dark)) = sheets {
        rules(&mut css, &light, "light");
        rules(&mut css, &dark, "dark");
    }
    css
}

/// Rewrites one theme's rules to set that theme's custom properties only.
fn rules(css: &mut String, sheet: &str, scheme: &str) {
    let compact = sheet.replace('\n', " ");
    let rules = compact.split_once("*/").map_or(compact.as_str(), |(_, rules)| rules);
    for (selector, body) in rules.split('}').filter_map(|rule| rule.split_once('{')) {
        let (selector, body) = (selector.trim(), body.trim());
        if selector == ".giallo-ln" {
            continue;
        }
        let ground = if selector.ends_with("-hl") { "mark" } else { "ground" };
        let declarations = body
            .replace("background-color:", &format!("--code-{scheme}-{ground}:"))
            .replace(" color:", &format!(" --code-{scheme}:"));
        let declarations = match declarations.strip_prefix("color:") {
            Some(rest) => format!("--code-{scheme}:{rest}"),
            None => declarations,
        };
        let _ = writeln!(css, "{selector} {{ {} }}", declarations.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_info_string_gives_language_title_and_marked_lines() {
        let fence = Fence::parse(r#"rust title="src/main.rs" {1,3-4} linenos"#);
        assert_eq!(fence, Fence { language: "rust", title: Some("src/main.rs"), marked: vec![1..=1, 3..=4] });
        assert_eq!(Fence::parse("rust,ignore").language, "rust");
        assert_eq!(Fence::parse(""), Fence::default());
    }

    #[test]
    fn neighbours_of_one_class_are_joined() {
        let tokens = "<pre><code><span class=\"giallo-l\"><span class=\"g-1\">a</span><span class=\"g-1\">b</span><span>c</span>\
                      <span class=\"g-2\">d</span></span>\n<span class=\"giallo-l\"><span>e</span></span></code></pre>";
        assert_eq!(
            lean(tokens),
            "<pre><code><span class=\"giallo-l\"><span class=\"g-1\">ab</span>c<span class=\"g-2\">d</span></span>\n\
             <span class=\"giallo-l\">e</span></code></pre>"
        );
    }

    #[test]
    fn the_themes_have_the_stylesheet_of_these_colours() {
        for theme in ["default", "plain"] {
            let path = format!("{}/../themes/{theme}/assets/code.css", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("UPDATE_CODE_CSS").is_some() {
                std::fs::write(&path, stylesheet()).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap();
            assert!(committed == stylesheet(), "run this test with UPDATE_CODE_CSS=1 to write {path} anew");
        }
    }
}
