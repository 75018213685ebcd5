//! The HTML of a parsed text: what differs from the parser's own, so that pages validate and can be read by everybody.

use std::{
    collections::HashMap,
    fmt::{self, Display, Write},
};

use comrak::{
    Options,
    html::{ChildRendering, Context, format_document_with_formatter, format_node_default, render_sourcepos},
    nodes::{Node, NodeAlert, NodeCodeBlock, NodeHeading, NodeLink, NodeMath, NodeTaskItem, NodeValue, TableAlignment},
    options::Plugins,
};

use super::{Heading, blocks, code, math};

/// Text as it is, safe between tags and in double quotes.
pub(super) struct Escaped<'a>(pub &'a str);

/// A URL in double quotes.
#[derive(Clone, Copy)]
pub(super) struct Href<'a>(pub &'a str);

/// What the writing of one text remembers.
struct Page<'l> {
    lines: &'l [&'l str],
    headings: Vec<Heading>,
    ids: HashMap<String, usize>,
    images: usize,
    /// Cells written of the table row at hand.
    cells: usize,
    painter: code::Painter,
}

type Step = Result<ChildRendering, fmt::Error>;

/// The HTML of `root`, not yet sanitised, and its headings.
pub(super) fn write(root: Node<'_>, options: &Options<'_>, lines: &[&str]) -> (String, Vec<Heading>) {
    let painter = code::Painter::default();
    let page = Page { lines, headings: Vec::new(), ids: HashMap::new(), images: 0, cells: 0, painter };
    let (mut out, plugins) = (String::new(), Plugins::default());
    let written = format_document_with_formatter(root, options, &mut out, &plugins, node, page);
    // Writing to a string cannot fail.
    let headings = written.map(|page| page.headings).unwrap_or_default();
    (out, headings)
}

pub(super) fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}

fn node(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, entering: bool) -> Step {
    match &node.data().value {
        NodeValue::Heading(value) => heading(context, node, value, entering),
        NodeValue::CodeBlock(value) if entering => code_block(context, node, value),
        NodeValue::CodeBlock(_) | NodeValue::Math(_) if !entering => Ok(ChildRendering::HTML),
        NodeValue::Math(NodeMath { display_math, literal, .. }) => {
            math::write(context, literal, *display_math)?;
            Ok(ChildRendering::HTML)
        }
        NodeValue::Image(value) => image(context, value, entering),
        NodeValue::Link(value) if entering && is_embed(node, value) => {
            write!(context, "<a class=\"embed\" href=\"{}\">", Href(&value.url))?;
            Ok(ChildRendering::HTML)
        }
        NodeValue::TableRow(_) => {
            context.user.cells = 0;
            format_node_default(context, node, entering)
        }
        NodeValue::TableCell => cell(context, node, entering),
        NodeValue::TaskItem(value) => task(context, node, value, entering),
        NodeValue::Alert(value) => alert(context, node, value, entering),
        NodeValue::BlockDirective(_) => directive(context, node, entering),
        _ => format_node_default(context, node, entering),
    }
}

fn heading(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, value: &NodeHeading, entering: bool) -> Step {
    let level = value.level;
    if entering {
        let text = node.collect_text().trim().to_owned();
        let id = context.user.id(&text);
        context.cr()?;
        write!(context, "<h{level} id=\"{}\"", Escaped(&id))?;
        render_sourcepos(context, node)?;
        context.write_char('>')?;
        context.user.headings.push(Heading { level, id, text });
    } else {
        let id = context.user.headings.last().map(|heading| heading.id.clone()).unwrap_or_default();
        write!(context, "<a class=\"anchor\" href=\"#{}\" aria-label=\"Permalink\"></a></h{level}>", Escaped(&id))?;
        context.lf()?;
    }
    Ok(ChildRendering::HTML)
}

impl Page<'_> {
    /// A slug that no heading before has. Suffixes are counted per slug, so that ten thousand equal headings stay cheap.
    fn id(&mut self, text: &str) -> String {
        let slug = slug::slugify(text);
        let slug = if slug.is_empty() { "section".to_owned() } else { slug };
        loop {
            let seen = self.ids.entry(slug.clone()).or_insert(0);
            let id = if *seen == 0 { slug.clone() } else { format!("{slug}-{seen}") };
            *seen += 1;
            if id == slug || !self.ids.contains_key(&id) {
                self.ids.entry(id.clone()).or_insert(1);
                return id;
            }
        }
    }
}

fn code_block(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, block: &NodeCodeBlock) -> Step {
    context.cr()?;
    let fence = code::Fence::parse(&block.info);
    if fence.language == "math" {
        math::write(context, &block.literal, true)?;
    } else {
        let html = context.user.painter.paint(&fence, &block.literal);
        let (before, after) = html.split_once("<pre").unwrap_or(("", &html));
        write!(context, "{before}<pre")?;
        render_sourcepos(context, node)?;
        context.write_str(after)?;
    }
    context.lf()?;
    Ok(ChildRendering::HTML)
}

/// The first image is likely to be in view when the page opens; the others wait until they are near.
fn image(context: &mut Context<'_, '_, Page<'_>>, image: &NodeLink, entering: bool) -> Step {
    if entering {
        write!(context, "<img src=\"{}\" alt=\"", Href(&image.url))?;
        return Ok(ChildRendering::Plain);
    }
    context.write_char('"')?;
    if !image.title.is_empty() {
        write!(context, " title=\"{}\"", Escaped(&image.title))?;
    }
    context.user.images += 1;
    context.write_str(if context.user.images == 1 { ">" } else { " loading=\"lazy\" decoding=\"async\">" })?;
    Ok(ChildRendering::HTML)
}

/// Whether a link is a bare URL alone in a paragraph of its own.
fn is_embed(node: Node<'_>, link: &NodeLink) -> bool {
    let alone = node.previous_sibling().is_none() && node.next_sibling().is_none();
    let parent = node.parent().filter(|parent| alone && matches!(parent.data().value, NodeValue::Paragraph));
    let in_item = |parent: Node<'_>| {
        let holder = parent.parent();
        holder.is_some_and(|holder| matches!(holder.data().value, NodeValue::Item(_) | NodeValue::TaskItem(_)))
    };
    parent.is_some_and(|parent| !in_item(parent)) && link.url.starts_with("http") && node.collect_text() == link.url
}

fn cell(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, entering: bool) -> Step {
    let Some(row) = node.parent() else { return Ok(ChildRendering::HTML) };
    let is_heading = matches!(row.data().value, NodeValue::TableRow(true));
    let (name, scope) = if is_heading { ("th", " scope=\"col\"") } else { ("td", "") };
    if !entering {
        write!(context, "</{name}>")?;
        return Ok(ChildRendering::HTML);
    }
    let alignment = row.parent().and_then(|table| match &table.data().value {
        NodeValue::Table(table) => table.alignments.get(context.user.cells).copied(),
        _ => None,
    });
    context.user.cells += 1;
    context.cr()?;
    let class = match alignment {
        None | Some(TableAlignment::None) => "",
        Some(TableAlignment::Left) => " class=\"left\"",
        Some(TableAlignment::Center) => " class=\"center\"",
        Some(TableAlignment::Right) => " class=\"right\"",
    };
    write!(context, "<{name}{scope}{class}>")?;
    Ok(ChildRendering::HTML)
}

fn task(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, item: &NodeTaskItem, entering: bool) -> Step {
    if entering {
        context.cr()?;
        let checked = if item.symbol.is_some() { " checked aria-label=\"Done\"" } else { " aria-label=\"To do\"" };
        context.write_str("<li class=\"task\"")?;
        render_sourcepos(context, node)?;
        write!(context, "><input type=\"checkbox\" disabled{checked}> ")?;
    } else {
        context.write_str("</li>\n")?;
    }
    Ok(ChildRendering::HTML)
}

fn alert(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, alert: &NodeAlert, entering: bool) -> Step {
    context.cr()?;
    if entering {
        let kind = alert.alert_type.default_title();
        let title = Escaped(alert.title.as_deref().unwrap_or(kind)).to_string();
        let class = kind.to_ascii_lowercase();
        write!(context, "<div class=\"callout {class}\"")?;
        render_sourcepos(context, node)?;
        writeln!(context, "><p class=\"title\">{title}</p>")?;
    } else {
        context.write_str("</div>\n")?;
    }
    Ok(ChildRendering::HTML)
}

fn directive(context: &mut Context<'_, '_, Page<'_>>, node: Node<'_>, entering: bool) -> Step {
    let directive = blocks::container(node, context.user.lines).unwrap_or_default();
    context.cr()?;
    context.write_str(&if entering { blocks::opening(&directive) } else { blocks::closing(&directive) })?;
    Ok(ChildRendering::HTML)
}

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        comrak::html::escape(f, self.0)
    }
}

impl Display for Href<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        comrak::html::escape_href(f, self.0, false)
    }
}
