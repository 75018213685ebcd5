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

/// The card as a PNG. Signs that the font does not have, such as emoji, are left out, and so is a name with letters that it
/// does not have.
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
    let (size, lines) = title(&known(card.title, font), font);
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
    for (y, size, fill, name) in [(520.0, 36.0, "#1f6f4a", card.site), (568.0, 28.0, "#5c5952", card.by)] {
        if has_letters(name) {
            fitted(&known(name, font), size, 1, font).iter().for_each(|line| text(y, size, fill, line));
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The largest size in which a title fits, and its lines; what fits in none is cut.
fn title(title: &str, font: &FontRef<'_>) -> (f32, Vec<String>) {
    let [larger @ .., (smallest, most)] = &SIZES;
    let mut sizes = larger.iter().map(|(size, most)| (*size, *most, wrapped(title, *size, font)));
    let found = sizes.find(|(.., most, lines)| lines.len() <= *most);
    found.map_or_else(|| (*smallest, fitted(title, *smallest, *most, font)), |(size, _, lines)| (size, lines))
}

/// The words of a text without the signs that the font does not have.
fn known(text: &str, font: &FontRef<'_>) -> String {
    let known = font.charmap();
    let shown: String = text.chars().filter(|c| c.is_whitespace() || known.map(*c).is_some()).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many lines; the last says whether there is more.
fn fitted(text: &str, size: f32, most: usize, font: &FontRef<'_>) -> Vec<String> {
    let mut lines = wrapped(text, size, font);
    let cut = lines.len() > most;
    lines.truncate(most);
    if let Some(last) = lines.last_mut().filter(|_| cut) {
        while !last.is_empty() && width(&format!("{last}…"), size, font) > LINE {
            last.pop();
        }
        last.push('…');
    }
    lines
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

    fn lines(text: &str) -> Vec<String> {
        let font = FontRef::new(FONT).unwrap();
        title(&known(text, &font), &font).1
    }

    fn drawn(title: &str, by: &str) -> image::RgbImage {
        image::load_from_memory(&card(Card { title, site: "Notes", by }).unwrap()).unwrap().to_rgb8()
    }

    #[test]
    fn a_title_is_broken_between_words_and_cut_where_it_is_too_long() {
        assert_eq!(lines("Roses"), ["Roses"]);
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
        let roses = drawn("Roses", "Ada");
        assert_eq!(roses.dimensions(), (WIDTH, HEIGHT));
        assert_ne!(roses, drawn("", "Ada"), "the title is on it");
        assert_ne!(drawn("</text> & <red>", "Ada"), drawn("", "Ada"), "no title is markup");
    }

    #[test]
    fn a_name_is_there_whole_or_not_at_all_and_a_long_one_says_that_it_goes_on() {
        assert_eq!(drawn("Roses", "Ada \u{4f60}"), drawn("Roses", ""));
        let font = FontRef::new(FONT).unwrap();
        let names = fitted(&"Ada Lovelace, ".repeat(20), 28.0, 1, &font);
        assert!(
            matches!(names.as_slice(), [line] if line.ends_with('…') && width(line, 28.0, &font) <= LINE),
            "{names:?}"
        );
    }
}
