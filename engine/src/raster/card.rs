//! Cards: a title as a picture, for places where only a picture stands for a link.

use std::sync::{Arc, LazyLock};

use minijinja::HtmlEscape;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb},
};
use skrifa::{
    FontRef, MetadataProvider,
    instance::{LocationRef, Size},
};

use super::RasterError;

/// What social sites ask for.
pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 630;

const FONT: &[u8] = include_bytes!("../../fonts/Inter-SemiBold.otf");
const MARGIN: f32 = 80.0;
/// Between the margins.
const LINE: f32 = WIDTH as f32 - 2.0 * MARGIN;
/// Sizes of a title, each with how many lines of it fit.
const SIZES: [(f32, usize); 4] = [(76.0, 3), (64.0, 4), (52.0, 5), (44.0, 6)];

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    Arc::new(fonts)
});

/// What is written on a card.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    pub title: &'a str,
    pub site: &'a str,
    /// Who wrote it; may be empty.
    pub by: &'a str,
}

/// Whether the font has every letter of it: half a word would be worse than no picture.
pub fn has_letters(text: &str) -> bool {
    let Ok(font) = FontRef::new(FONT) else { return false };
    let known = font.charmap();
    let mut letters = text.chars().filter(|c| c.is_alphanumeric()).peekable();
    letters.peek().is_some() && letters.all(|c| known.map(c).is_some())
}

/// The card as a PNG. Signs that the font does not have, such as emoji, are left out.
pub fn card(card: Card<'_>) -> Result<Vec<u8>, RasterError> {
    let unreadable = |error: &dyn std::fmt::Display| RasterError::Damaged(error.to_string());
    let font = FontRef::new(FONT).map_err(|error| unreadable(&error))?;
    let options = Options { fontdb: FONTS.clone(), ..Options::default() };
    let tree = Tree::from_str(&svg(card, &font), &options).map_err(|error| unreadable(&error))?;
    let mut pixels = Pixmap::new(WIDTH, HEIGHT).ok_or(RasterError::TooLarge { width: WIDTH, height: HEIGHT })?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| unreadable(&error))
}

fn svg(card: Card<'_>, font: &FontRef<'_>) -> String {
    let title = known(card.title, font);
    let (size, lines) = SIZES
        .iter()
        .map(|(size, most)| (*size, *most, wrapped(&title, *size, font)))
        .find(|(.., most, lines)| lines.len() <= *most)
        .map_or_else(|| shortened(&title, font), |(size, _, lines)| (size, lines));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" font-family=\"Inter\" font-weight=\"600\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#faf9f6\"/><rect width=\"100%\" height=\"14\" fill=\"#1f6f4a\"/>"
    );
    let mut text = |y: f32, size: f32, fill: &str, text: &str| {
        let text = HtmlEscape(text);
        svg.push_str(&format!("<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\">{text}</text>"));
    };
    for (line, n) in lines.iter().zip(1_u16..) {
        text(70.0 + f32::from(n) * size * 1.18, size, "#1b1a17", line);
    }
    let first = |of: &str, size: f32| wrapped(&known(of, font), size, font).into_iter().next().unwrap_or_default();
    text(520.0, 36.0, "#1f6f4a", &first(card.site, 36.0));
    text(568.0, 28.0, "#5c5952", &first(card.by, 28.0));
    svg.push_str("</svg>");
    svg
}

/// The words of a text without the signs that the font does not have.
fn known(text: &str, font: &FontRef<'_>) -> String {
    let known = font.charmap();
    let shown: String = text.chars().filter(|c| c.is_whitespace() || known.map(*c).is_some()).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As many lines of the smallest size as fit, the last of which says that there is more.
fn shortened(title: &str, font: &FontRef<'_>) -> (f32, Vec<String>) {
    let [.., (size, most)] = SIZES;
    let mut lines = wrapped(title, size, font);
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        while !last.is_empty() && width(&format!("{last}…"), size, font) > LINE {
            last.pop();
        }
        last.push('…');
    }
    (size, lines)
}

/// Broken between words, and within those that are wider than a line.
fn wrapped(text: &str, size: f32, font: &FontRef<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if let Some(line) = lines.last_mut()
            && width(&format!("{line} {word}"), size, font) <= LINE
        {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        let mut line = String::new();
        for c in word.chars() {
            line.push(c);
            if width(&line, size, font) > LINE {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.into()));
            }
        }
        lines.push(line);
    }
    lines
}

/// In pixels, without kerning.
fn width(text: &str, size: f32, font: &FontRef<'_>) -> f32 {
    let (known, widths) = (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
    text.chars().filter_map(|c| widths.advance_width(known.map(c)?)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(title: &str) -> Vec<String> {
        let font = FontRef::new(FONT).unwrap();
        let svg = svg(Card { title, site: "Notes", by: "" }, &font);
        let texts: Vec<_> = svg.split("<text ").skip(1).filter_map(|text| text.split(['>', '<']).nth(1)).collect();
        texts[..texts.len() - 2].iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_title_is_broken_between_words_and_cut_where_it_is_too_long() {
        assert_eq!(lines("Roses"), ["Roses"]);
        assert_eq!(lines("Roses & <red> things"), ["Roses &amp; &lt;red&gt; things"]);
        assert_eq!(
            lines("All that we know about roses and their care"),
            ["All that we know about", "roses and their care"]
        );
        assert!(lines(&"endless".repeat(20)).len() > 2, "a word without an end is broken too");
        let long = lines(&"word ".repeat(2_000));
        assert_eq!((long.len(), long[5].ends_with('…')), (6, true), "{long:?}");
    }

    #[test]
    fn letters_that_the_font_has_not_are_told_and_signs_left_out() {
        assert!(has_letters("Überraschung · Ελλάδα · Привет 🚀"));
        for foreign in ["Привет 你好", "مرحبا", "🚀", ""] {
            assert!(!has_letters(foreign), "{foreign}");
        }
        assert_eq!(lines("Up 🚀\u{fe0f} and\u{202e} away"), ["Up and away"]);
    }

    #[test]
    fn a_card_is_a_picture_of_the_size_that_is_asked_for() {
        let png = card(Card { title: "Roses", site: "Notes", by: "Ada" }).unwrap();
        let picture = image::load_from_memory(&png).unwrap();
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
        let blank = image::load_from_memory(&card(Card { title: "", site: "Notes", by: "Ada" }).unwrap()).unwrap();
        assert_ne!(picture.to_rgb8(), blank.to_rgb8(), "the title is on it");
    }
}
