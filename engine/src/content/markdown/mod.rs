//! Markdown → safe HTML, once, on save. Pages, previews, feeds and the API all show what is made here.
//!
//! The dialect is CommonMark with GitHub's extensions, footnotes, alerts, `$` math and block directives
//! (`:::name{key="value"}` around blocks, `::name{key="value"}` alone on a line). Whatever a text contains, it is shown:
//! an unknown directive renders its content, broken math its source, code of an unknown language plain.

mod blocks;
mod bounds;
mod code;
mod dialect;
mod directive;
mod frames;
mod headings;
mod html;
mod math;
mod plain;
mod sanitise;
mod source;
#[cfg(test)]
mod tests;
mod tidy;

use comrak::{Arena, parse_document};

pub use code::stylesheet;
pub use headings::{headings, outline};
pub use source::for_readers;

/// A text made ready for readers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Sanitised; valid inside `<article>` or `<div>`.
    pub html: String,
    /// The words alone, a line for each block: for excerpts and search.
    pub plain: String,
    pub words: u32,
    /// How long it takes to read, images included; at least 1.
    pub minutes: u32,
    /// In the order of the text.
    pub headings: Vec<Heading>,
}

/// A heading that links can point to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Unique among the headings of its text.
    pub id: String,
    pub text: String,
}

/// How much HTML a writer may use. No script, event handler or style of the writer's ever reaches a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    Author,
    /// Adds frames with an `https:` source, which readers see as links.
    RawHtml,
}

/// Renders `markdown`. Pure; its time and memory are bounded by a small multiple of the length of the text.
pub fn render(markdown: &str, trust: Trust) -> Rendered {
    written(markdown, &dialect::OPTIONS, |html| sanitise::clean(html, trust))
}

/// As [`render`] for whoever may write HTML, but elements say which lines they were made of (`data-sourcepos="3:1-5:2"`),
/// as far as they can: for a preview beside the text.
pub fn render_placed(markdown: &str) -> Rendered {
    written(markdown, &dialect::PLACED, sanitise::clean_placed)
}

fn written(markdown: &str, options: &comrak::Options<'_>, clean: impl Fn(&str) -> String) -> Rendered {
    let source = bounds::flatten(markdown);
    let arena = Arena::new();
    let root = parse_document(&arena, &source, options);
    let lines: Vec<&str> = source.lines().collect();
    blocks::prepare(&arena, root, &lines);
    let (raw, headings) = html::write(root, options, &lines);
    if bounds::too_deep(&raw) {
        return finish(clean(&as_typed(markdown)), Vec::new());
    }
    finish(clean(&raw), headings)
}

fn finish(html: String, headings: Vec<Heading>) -> Rendered {
    let html = tidy::tidy(&frames::as_links(html));
    let plain = plain::text(&html);
    let words = plain::words(&plain);
    let minutes = plain::minutes(words, html.matches("<img ").count());
    Rendered { html, plain, words, minutes, headings }
}

/// What nests deeper than any browser would follow is shown as it was typed.
fn as_typed(markdown: &str) -> String {
    format!("<pre tabindex=\"0\">{}</pre>", html::escaped(markdown))
}
