//! The words of a rendered text without its markup, and how long they take to read.

const WORDS_PER_MINUTE: u32 = 275;

/// Text of sanitised HTML, a line for each block. Formulas, foot note numbers and way-back arrows are not words.
pub(super) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        push(&mut out, before);
        let Some((tag, after)) = after.split_once('>') else { break };
        rest = match skipped(tag) {
            Some(end) => after.split_once(end).map_or("", |(_, after)| after),
            None => after,
        };
        if !is_inline(tag) && !out.is_empty() && !out.ends_with('\n') {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
        }
    }
    push(&mut out, rest);
    out.truncate(out.trim_end().len());
    out
}

/// The end tag up to which nothing is for reading.
fn skipped(tag: &str) -> Option<&'static str> {
    if tag.starts_with("math") {
        Some("</math>")
    } else if tag.starts_with("sup class=\"footnote-ref\"") {
        Some("</sup>")
    } else if tag.starts_with("a ") && tag.contains("footnote-backref") {
        Some("</a>")
    } else {
        None
    }
}

fn is_inline(tag: &str) -> bool {
    const NAMES: [&str; 29] = [
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "img", "input", "ins", "kbd",
        "mark", "math", "q", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "wbr",
    ];
    let name = tag.trim_start_matches('/');
    let name = name.get(..name.find([' ', '/']).unwrap_or(name.len())).unwrap_or(name);
    NAMES.contains(&name) || matches!(name, "time" | "var" | "rt" | "rp")
}

/// Appends text with its white space collapsed and its entities, of which serialised HTML has five, resolved.
fn push(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let entity = match character {
            '&' => ENTITIES.iter().find(|(name, _)| rest.starts_with(name)),
            _ => None,
        };
        let (length, character) = entity.map_or((character.len_utf8(), character), |(name, c)| (name.len(), *c));
        rest = rest.get(length..).unwrap_or_default();
        if !character.is_whitespace() {
            out.push(character);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

const ENTITIES: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];

/// How many words; scripts written without spaces count each character.
pub(super) fn words(plain: &str) -> u32 {
    let count = |word: &str| {
        let ideographs = word.chars().filter(|c| is_ideograph(*c)).count();
        let other = word.chars().any(|c| c.is_alphanumeric() && !is_ideograph(c));
        ideographs + usize::from(other)
    };
    u32::try_from(plain.split_whitespace().map(count).sum::<usize>()).unwrap_or(u32::MAX)
}

/// Han, kana and Thai.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{E7F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Minutes of reading: the first image takes 12 s, each further one a second less, none less than 3.
pub(super) fn minutes(words: u32, images: usize) -> u32 {
    let images = u32::try_from(images).unwrap_or(u32::MAX);
    let seconds: u32 = (0..images.min(9))
        .map(|seen| 12 - seen)
        .sum::<u32>()
        .saturating_add(images.saturating_sub(9).saturating_mul(3));
    let total = u64::from(words) * 60 / u64::from(WORDS_PER_MINUTE) + u64::from(seconds);
    u32::try_from((total + 30) / 60).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_markup_is_gone() {
        let html = "<h1 id=\"a\">A &amp; B<a class=\"anchor\" href=\"#a\"></a></h1>\n<p>one <em>two</em>\n   three</p><ul>\n<li>x</li><li>y</li></ul>";
        assert_eq!(text(html), "A & B\none two three\nx\ny");
    }

    #[test]
    fn notes_and_formulas_are_not_words() {
        let html = "<p>Claim<sup class=\"footnote-ref\"><a>1</a></sup> holds <math><mi>x</mi></math>.</p><li>Why. <a href=\"#\" class=\"footnote-backref\">↩</a></li>";
        assert_eq!(text(html), "Claim holds .\nWhy.");
    }

    #[test]
    fn reading_time_counts_words_and_images() {
        assert_eq!(words("one two — three"), 3);
        assert_eq!(words("日本語 text"), 4);
        assert_eq!(minutes(0, 0), 1);
        assert_eq!(minutes(275, 0), 1);
        assert_eq!(minutes(825, 0), 3);
        assert_eq!(minutes(275, 11), 2);
    }
}
