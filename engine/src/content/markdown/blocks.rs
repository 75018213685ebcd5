//! What block directives look like: the HTML around, or instead of, their content.
//!
//! Containers: `figure`, `gallery`, `toggle`, `aside`, `bookmark`; any other name gives a `div`. Leaves: `embed`, `bookmark`,
//! `button`, `file`, `audio`, `video`, `image`; any other stays text.

use std::cell::RefCell;

use comrak::{
    Arena,
    nodes::{Ast, Node, NodeHtmlBlock, NodeValue},
};

use super::{
    directive::Directive,
    html::{Escaped, Href},
};

/// Turns leaves into HTML and arranges what figures and galleries contain. `lines` is the text that was parsed.
pub(super) fn prepare<'a>(arena: &'a Arena<'a>, root: Node<'a>, lines: &[&str]) {
    root.descendants().filter(|node| is_price(node, lines)).for_each(as_text);
    let blocks: Vec<Node<'a>> = root.descendants().filter(|node| node.data().value.block()).collect();
    for node in blocks {
        if let Some(html) = leaf_line(node, lines).and_then(Directive::parse).and_then(|directive| leaf(&directive)) {
            node.children().for_each(|child| child.detach());
            node.data_mut().value = html_block(html);
        } else if let Some(directive) = container(node, lines) {
            match directive.name {
                "figure" => arrange_figure(arena, node),
                "gallery" => node.children().filter(|child| is_images(child)).for_each(unwrap),
                _ => {}
            }
        }
    }
}

/// What stands between two dollars of which the first ends a word, as in "0.09$/GB, and 0.04$", is no formula.
fn is_price(node: &Node<'_>, lines: &[&str]) -> bool {
    let data = node.data();
    let NodeValue::Math(math) = &data.value else { return false };
    let start = data.sourcepos.start;
    let line = start.line.checked_sub(1).and_then(|line| lines.get(line));
    let before = line.zip(start.column.checked_sub(1)).and_then(|(line, column)| line.get(..column));
    math.dollar_math && !math.display_math && before.is_some_and(|before| before.ends_with(char::is_alphanumeric))
}

fn as_text(node: Node<'_>) {
    let mut data = node.data_mut();
    if let NodeValue::Math(math) = &data.value {
        let text = format!("${}$", math.literal);
        data.value = NodeValue::Text(text.into());
    }
}

/// A container directive as its first line names it.
pub(super) fn container<'l>(node: Node<'_>, lines: &[&'l str]) -> Option<Directive<'l>> {
    let data = node.data();
    let NodeValue::BlockDirective(_) = data.value else { return None };
    let line = lines.get(data.sourcepos.start.line.checked_sub(1)?)?;
    let line = line.get(data.sourcepos.start.column.checked_sub(1)?..).unwrap_or(line);
    Some(Directive::container(line.trim_start().trim_start_matches(':')))
}

/// The text behind the two colons of a paragraph that is one line and begins with them.
fn leaf_line<'l>(node: Node<'_>, lines: &[&'l str]) -> Option<&'l str> {
    let data = node.data();
    let (start, end) = (data.sourcepos.start, data.sourcepos.end);
    if !matches!(data.value, NodeValue::Paragraph) || start.line != end.line {
        return None;
    }
    let line = lines.get(start.line.checked_sub(1)?)?.get(start.column.checked_sub(1)?..)?;
    line.strip_prefix("::").filter(|rest| !rest.starts_with(':'))
}

fn leaf(directive: &Directive<'_>) -> Option<String> {
    let url = Href(directive.value(&["url", "src", "href"])?);
    let text = |keys: &[&str]| Escaped(directive.title().or_else(|| directive.value(keys)).unwrap_or(url.0));
    Some(match directive.name {
        "embed" => format!("<p><a class=\"embed\" href=\"{url}\">{}</a></p>\n", text(&[])),
        "button" => format!("<p><a class=\"button\" href=\"{url}\">{}</a></p>\n", text(&["text", "label"])),
        "file" => {
            format!("<p><a class=\"file\" href=\"{url}\" download>{}</a></p>\n", text(&["name", "text", "label"]))
        }
        "audio" => figure("audio", &format!("<audio controls preload=\"none\" src=\"{url}\"></audio>"), directive),
        "video" => {
            let poster =
                directive.value(&["poster"]).map(|url| format!(" poster=\"{}\"", Href(url))).unwrap_or_default();
            figure("video", &format!("<video controls preload=\"none\" src=\"{url}\"{poster}></video>"), directive)
        }
        "image" => {
            let alt = Escaped(directive.value(&["alt"]).unwrap_or_default());
            figure(
                "image",
                &format!("<img src=\"{url}\" alt=\"{alt}\" loading=\"lazy\" decoding=\"async\">"),
                directive,
            )
        }
        "bookmark" => format!("{}{}", opening(directive), closing(directive)),
        _ => return None,
    })
}

fn figure(class: &str, media: &str, directive: &Directive<'_>) -> String {
    let caption = directive.value(&["caption"]).or_else(|| directive.title());
    let caption = caption.map(|text| format!("<figcaption>{}</figcaption>", Escaped(text))).unwrap_or_default();
    format!("<figure class=\"{class}\">{media}{caption}</figure>\n")
}

/// What stands before a container's content.
pub(super) fn opening(directive: &Directive<'_>) -> String {
    match directive.name {
        "figure" | "gallery" => {
            let width =
                directive.value(&["width"]).filter(|width| matches!(*width, "wide" | "full")).unwrap_or_default();
            format!("<figure class=\"{}\">", format!("{} {width}", directive.name).trim_end())
        }
        "toggle" => {
            let title = Escaped(directive.title().unwrap_or("…"));
            format!("<details class=\"toggle\"><summary>{title}</summary>")
        }
        "aside" => "<aside>".to_owned(),
        "bookmark" => bookmark(directive),
        "" => "<div>".to_owned(),
        name => {
            let title = directive.title().map(|title| format!("<p class=\"title\">{}</p>", Escaped(title)));
            format!("<div class=\"directive {}\">{}", Escaped(name), title.unwrap_or_default())
        }
    }
}

/// What stands after a container's content.
pub(super) fn closing(directive: &Directive<'_>) -> String {
    match directive.name {
        "figure" | "gallery" => {
            let caption = directive.value(&["caption"]).or_else(|| directive.title());
            let caption = caption.map(|text| format!("<figcaption>{}</figcaption>", Escaped(text)));
            format!("{}</figure>\n", caption.unwrap_or_default())
        }
        "toggle" => "</details>\n".to_owned(),
        "aside" => "</aside>\n".to_owned(),
        _ => "</div>\n".to_owned(),
    }
}

fn bookmark(directive: &Directive<'_>) -> String {
    let part = |class: &str, key: &str| {
        let text = directive.value(&[key]);
        text.map(|text| format!("<span class=\"{class}\">{}</span> ", Escaped(text))).unwrap_or_default()
    };
    let url = Href(directive.value(&["url", "href"]).unwrap_or_default());
    let title = Escaped(directive.title().unwrap_or(url.0));
    let thumbnail = directive
        .value(&["thumbnail", "image"])
        .map(|src| format!("<img src=\"{}\" alt=\"\" loading=\"lazy\" decoding=\"async\">", Href(src)));
    format!(
        "<div class=\"bookmark\"><a href=\"{url}\">{}<strong>{title}</strong></a> {}{}",
        thumbnail.unwrap_or_default(),
        part("description", "description"),
        part("publisher", "publisher"),
    )
}

/// Images first, as they are; whatever else stands in a figure is its caption.
fn arrange_figure<'a>(arena: &'a Arena<'a>, figure: Node<'a>) {
    let (images, caption): (Vec<_>, Vec<_>) = figure.children().partition(|child| is_images(child));
    for child in caption.iter().chain(&images) {
        child.detach();
    }
    for paragraph in images {
        figure.append(paragraph);
        unwrap(paragraph);
    }
    if caption.is_empty() {
        return;
    }
    let tag = |html: &str| {
        let position = figure.data().sourcepos;
        arena.alloc(comrak::nodes::AstNode::new(RefCell::new(Ast::new_with_sourcepos(
            html_block(html.to_owned()),
            position,
        ))))
    };
    figure.append(tag("<figcaption>"));
    caption.into_iter().for_each(|child| figure.append(child));
    figure.append(tag("</figcaption>"));
}

/// Whether a paragraph holds images, linked or not, and nothing else.
fn is_images(node: Node<'_>) -> bool {
    let is_image = |node: Node<'_>| match node.data().value {
        NodeValue::Image(_) => true,
        NodeValue::Link(_) => node.children().all(|child| matches!(child.data().value, NodeValue::Image(_))),
        NodeValue::SoftBreak | NodeValue::LineBreak => true,
        _ => false,
    };
    matches!(node.data().value, NodeValue::Paragraph) && node.children().all(is_image)
}

/// Puts a paragraph's images in its place.
fn unwrap(paragraph: Node<'_>) {
    for child in paragraph.children().collect::<Vec<_>>() {
        if !matches!(child.data().value, NodeValue::SoftBreak | NodeValue::LineBreak) {
            paragraph.insert_before(child);
        }
    }
    paragraph.detach();
}

fn html_block(literal: String) -> NodeValue {
    NodeValue::HtmlBlock(NodeHtmlBlock { block_type: 6, literal })
}
