//! Templates as they are written: their words, and the tags that stand in them, each with its line.

use super::finding::{Finding, Level, Report};

/// What stands between the braces of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'s> {
    Word(&'s str),
    Text(&'s str),
    Mark(char),
}

/// One `{{ … }}` or `{% … %}`.
#[derive(Debug)]
pub struct Block<'s> {
    pub tokens: Vec<(Token<'s>, usize)>,
}

/// An HTML tag as it is written, whatever the template puts into it.
#[derive(Debug)]
pub struct Tag<'s> {
    pub name: &'s str,
    /// Between its name and its end, without what stands between braces.
    text: String,
    /// The template prints attributes that nobody knows before.
    computed: bool,
    pub line: usize,
}

#[derive(Debug)]
pub struct Template<'s> {
    pub name: &'s str,
    pub blocks: Vec<Block<'s>>,
    pub tags: Vec<Tag<'s>>,
}

impl<'s> Template<'s> {
    pub fn read(name: &'s str, source: &'s str) -> Self {
        let mut template = Self { name, blocks: Vec::new(), tags: Vec::new() };
        let mut at = 0;
        while let Some(rest) = source.get(at..) {
            let Some(open) = rest.find(['{', '<']) else { break };
            let here = rest.get(open..).unwrap_or_default();
            let line = line_at(source, at + open);
            let Some(close) = closing(here) else {
                if let Some(tag) = tag(here, line).filter(|_| name.ends_with(".html")) {
                    template.tags.push(tag);
                }
                at += open + 1;
                continue;
            };
            let end = end_of(here, close);
            let inner = here.get(2..end).unwrap_or_default();
            if close != "#}" {
                template.blocks.push(Block { tokens: tokens(inner, line) });
            }
            at += open + end + 2;
        }
        template
    }

    pub fn file(&self) -> String {
        format!("templates/{}", self.name)
    }

    /// Every run of so many tokens inside one block.
    pub fn runs<const N: usize>(&self) -> impl Iterator<Item = [(Token<'s>, usize); N]> {
        self.blocks.iter().flat_map(|block| block.tokens.windows(N)).filter_map(|run| run.try_into().ok())
    }

    /// Calls such as `setting("x")`, with their text.
    pub fn calls(&self, function: &str) -> impl Iterator<Item = (&'s str, usize)> {
        self.runs::<3>().filter_map(move |run| match run {
            [(Token::Word(word), line), (Token::Mark('('), _), (Token::Text(text), _)] if word == function => {
                Some((text, line))
            }
            _ => None,
        })
    }
}

fn line_at(source: &str, at: usize) -> usize {
    1 + source.get(..at).unwrap_or_default().matches('\n').count()
}

/// Where a block ends: a text inside it may hold what looks like its end.
fn end_of(block: &str, close: &str) -> usize {
    let (mut quote, mut before) = (None, '\0');
    for (at, c) in block.char_indices().skip(2) {
        match quote {
            Some(open) if c == open && before != '\\' => quote = None,
            Some(_) => {}
            None if block.get(at..).is_some_and(|rest| rest.starts_with(close)) => return at,
            None if close != "#}" && (c == '"' || c == '\'') => quote = Some(c),
            None => {}
        }
        before = c;
    }
    block.len()
}

fn tokens(inner: &str, first: usize) -> Vec<(Token<'_>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = inner.get(at..).and_then(|rest| rest.chars().next()) {
        let line = first + inner.get(..at).unwrap_or_default().matches('\n').count();
        let rest = inner.get(at..).unwrap_or_default();
        let length = if c == '"' || c == '\'' {
            let body = rest.get(1..).unwrap_or_default();
            let end = body.find(c).unwrap_or(body.len());
            found.push((Token::Text(body.get(..end).unwrap_or_default()), line));
            end + 2
        } else if c.is_alphabetic() || c == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            found.push((Token::Word(rest.get(..end).unwrap_or_default()), line));
            end
        } else if c.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            if !c.is_whitespace() {
                found.push((Token::Mark(c), line));
            }
            c.len_utf8()
        };
        at += length;
    }
    found
}

/// The tag that begins here.
fn tag(here: &str, line: usize) -> Option<Tag<'_>> {
    let rest = here.strip_prefix('<')?;
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|length| *length > 0)?;
    let (name, rest) = rest.split_at_checked(length)?;
    let mut tag = Tag { name, text: String::new(), computed: false, line };
    let (mut at, mut quote) = (0, None);
    while let Some(c) = rest.get(at..).and_then(|rest| rest.chars().next()) {
        let here = rest.get(at..).unwrap_or_default();
        if let Some(close) = closing(here) {
            tag.computed |= close == "}}" && quote.is_none();
            tag.text.push(' ');
            at += end_of(here, close) + 2;
            continue;
        }
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => break,
            _ => {}
        }
        tag.text.push(c);
        at += c.len_utf8();
    }
    Some(tag)
}

/// What ends the block that begins here, if one does.
fn closing(here: &str) -> Option<&'static str> {
    match here.get(..2)? {
        "{#" => Some("#}"),
        "{{" => Some("}}"),
        "{%" => Some("%}"),
        _ => None,
    }
}

impl Tag<'_> {
    /// Whether an attribute of this name is written in it.
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes().any(|name| name == attribute)
    }

    /// Names that stand before a `=`, or alone, outside of quotes and braces.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        let mut quote = None;
        let parts = self.text.split(move |c: char| {
            match quote {
                Some(open) if c == open => quote = None,
                None if c == '"' || c == '\'' => quote = Some(c),
                _ => {}
            }
            quote.is_none() && c.is_whitespace()
        });
        parts.filter_map(|part| {
            let name = part.split('=').next()?.trim_end_matches('/');
            let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b':');
            (plain && !name.is_empty()).then_some(name)
        })
    }
}

/// Rules about tags that the file alone decides.
pub fn look(templates: &[Template<'_>], report: &mut Report) {
    for template in templates {
        for tag in &template.tags {
            let mut add = |level, rule, problem: String, mend: &str| {
                report.add(Finding::new(level, rule, template.file(), tag.line, problem, mend));
            };
            if tag.name == "img" && !tag.computed && !tag.has("alt") {
                let mend = "Say what it shows, or alt=\"\" when it says nothing; image() does it for media.";
                add(Level::Warning, "img_alt", "This image has no alt text.".into(), mend);
            }
            if tag.name == "img" && !tag.computed && !(tag.has("width") && tag.has("height")) {
                let mend = "Give it width and height, so that nothing moves when it arrives.";
                add(Level::Warning, "img_size", "This image has no size.".into(), mend);
            }
            if let Some(handler) = tag.attributes().find(|name| is_handler(name)) {
                let mend = "Browsers may refuse it; add a listener in a file of assets/.";
                add(
                    Level::Warning,
                    "inline_handler",
                    format!("<{}> has an inline {handler}, which no reader's browser runs.", tag.name),
                    mend,
                );
            }
            if tag.has("style") {
                let mend = "Browsers may refuse it; use a class and a rule in a stylesheet of assets/.";
                add(Level::Warning, "inline_style", format!("<{}> has an inline style.", tag.name), mend);
            }
            if tag.name == "style" {
                add(
                    Level::Warning,
                    "inline_style",
                    "There is an inline stylesheet, which no reader's browser uses.".into(),
                    "Put it into a file of assets/.",
                );
            }
            let data = ["application/ld+json", "application/json", "speculationrules"];
            if tag.name == "script" && !tag.has("src") && !data.iter().any(|kind| tag.text.contains(kind)) {
                let mend =
                    "Put it into a file of assets/ and load that with <script src=\"{{ asset(\"…\") }}\" defer>.";
                add(
                    Level::Warning,
                    "inline_script",
                    "There is an inline script, which no reader's browser runs.".into(),
                    mend,
                );
            }
        }
    }
}

pub fn is_handler(attribute: &str) -> bool {
    attribute.len() > 3 && attribute.starts_with("on") && attribute.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_tags_are_found_with_their_lines() {
        let source = "{# <img> {{ no }} #}\n<img src=\"{{ url | t(n='}}') }}\" {% if x > 1 %}alt=\"a > b\"{% endif %} width=1>\n{{ setting(\n  'size') }}";
        let template = Template::read("a.html", source);
        let [tag] = template.tags.as_slice() else { panic!("{:?}", template.tags) };
        assert_eq!((tag.name, tag.line), ("img", 2));
        assert!(tag.has("alt") && tag.has("width") && tag.has("src") && !tag.has("height"), "{tag:?}");
        assert!(!tag.computed && Template::read("a.html", "<img alt=\"\"{{ size(x) }}>").tags[0].computed);
        assert_eq!(template.calls("setting").collect::<Vec<_>>(), [("size", 3)]);
        let piped = template.runs::<2>().any(|[(a, _), (b, _)]| (a, b) == (Token::Mark('|'), Token::Word("t")));
        assert!(piped, "{template:?}");
    }

    #[test]
    fn handlers_are_told_from_words_that_look_like_them() {
        assert!(is_handler("onclick") && !is_handler("on") && !is_handler("one-more"));
    }
}
