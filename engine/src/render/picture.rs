//! Pictures: images of the library as a choice of widths and formats, in texts and by `image()`.

use std::fmt::Write as _;

use minijinja::{Error, HtmlEscape, Value, value::Kwargs};

use crate::{
    content::{
        media::{self, Focus},
        read::Image,
    },
    raster::{self, Format},
    theme::manifest::Images,
};

use super::scope;

/// What screens choose from; empty for an image that is served in one size only.
struct Choices {
    /// Elements that stand before the image in a `picture`.
    sources: String,
    /// Attributes of the image itself.
    own: String,
}

impl Choices {
    fn of(image: &Image, images: &Images, sizes: &str) -> Self {
        let mut choices = Self { sources: String::new(), own: String::new() };
        let formats = raster::formats(&image.url);
        let Some(width) = image.width.filter(|_| media::key(&image.url).is_some() && !formats.is_empty()) else {
            return choices;
        };
        let widths = raster::widths(&images.widths, width);
        let set = |format| {
            let one = |width: &u32| format!("{} {width}w", raster::key(&image.url, *width, format));
            widths.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let attributes = |format| format!("srcset=\"{}\" sizes=\"{sizes}\"", set(format));
        let own = Format::of(&image.url);
        for format in formats {
            match own == Some(*format) {
                true => choices.own = format!(" {}", attributes(*format)),
                false => {
                    let _ = write!(choices.sources, "<source type=\"{}\" {}>", format.mime(), attributes(*format));
                }
            }
        }
        choices
    }

    /// The element `image`, in a `picture` where there is something to choose.
    fn around(&self, image: &str) -> String {
        match self.sources.as_str() {
            "" => image.to_owned(),
            sources => format!("<picture>{sources}{image}</picture>"),
        }
    }
}

fn size(image: &Image) -> String {
    match (image.width, image.height) {
        (Some(width), Some(height)) => format!(" width=\"{width}\" height=\"{height}\""),
        _ => String::new(),
    }
}

/// What stands in the image's place until it is there, and what of it stays in sight where it is cut.
fn style(image: &Image) -> String {
    let color = image.color.as_ref().map(|color| format!("background-color:{}", HtmlEscape(color)));
    let focus = image.focus.map(|Focus { x, y }| format!("object-position:{x}% {y}%"));
    let style = color.into_iter().chain(focus).collect::<Vec<_>>().join(";");
    if style.is_empty() { style } else { format!(" style=\"{style}\"") }
}

/// A point that a template passes on.
fn focus(value: &Value) -> Result<Option<Focus>, Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(None);
    }
    let percent = |name: &str| Ok::<_, Error>(value.get_attr(name)?.as_i64().and_then(|side| u8::try_from(side).ok()));
    Ok(percent("x")?.zip(percent("y")?).map(|(x, y)| Focus { x, y }))
}

/// Sanitised HTML in which images of the library have a size and choices. Every value in it stands in double quotes, and `<`
/// begins a tag wherever it stands outside of them.
pub fn illustrated(html: &str, pictures: &[Image], images: &Images) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        let (tag, after) = after.split_at(end_of_tag(after).unwrap_or(after.len()));
        match tag.strip_prefix("img ").and_then(|attributes| chosen(attributes, pictures, images)) {
            Some(picture) => {
                out.push_str(&picture);
                rest = after.get(1..).unwrap_or_default();
            }
            None => {
                out.extend(["<", tag]);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// An image with its choices, if it is one of the library's.
fn chosen(attributes: &str, pictures: &[Image], images: &Images) -> Option<String> {
    let (url, _) = attributes.split_once("src=\"")?.1.split_once('"')?;
    let picture = pictures.iter().find(|picture| picture.url == url).filter(|_| !attributes.contains("srcset="))?;
    let choices = Choices::of(picture, images, &images.sizes);
    let size = if attributes.contains("width=") { String::new() } else { size(picture) };
    Some(choices.around(&format!("<img {attributes}{size}{}{}>", style(picture), choices.own)))
}

/// Where the tag ends that goes on here: at a `>` outside of quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.find(|c| {
        quoted ^= c == '"';
        c == '>' && !quoted
    })
}

/// `image(post.image, sizes="100vw", class="", alt=none, eager=false)`: the element, with all that readers' screens need to choose.
pub fn image(shown: Value, kwargs: Kwargs) -> Result<Value, Error> {
    let (sizes, class) = (kwargs.get::<Option<String>>("sizes")?, kwargs.get::<Option<String>>("class")?);
    let (alt, eager) = (kwargs.get::<Option<String>>("alt")?, kwargs.get::<Option<bool>>("eager")?);
    kwargs.assert_all_used()?;
    let text = |name: &str| Ok::<_, Error>(shown.get_attr(name)?.as_str().unwrap_or_default().to_owned());
    let side = |name: &str| Ok::<_, Error>(shown.get_attr(name)?.as_i64().and_then(|side| u32::try_from(side).ok()));
    let image = match shown.as_str() {
        Some(url) => Image { url: url.to_owned(), ..Image::default() },
        None => Image {
            url: text("url")?,
            alt: text("alt")?,
            width: side("width")?,
            height: side("height")?,
            color: Some(text("color")?).filter(|color| !color.is_empty()),
            focus: focus(&shown.get_attr("focus")?)?,
        },
    };
    let images = scope::with(|scope| Ok(scope.stage.theme.images.clone()))?;
    let sizes = HtmlEscape(sizes.as_deref().unwrap_or(&images.sizes)).to_string();
    let choices = Choices::of(&image, &images, &sizes);
    let mut element =
        format!("<img src=\"{}\" alt=\"{}\"", HtmlEscape(&image.url), HtmlEscape(alt.as_deref().unwrap_or(&image.alt)));
    if let Some(class) = class.filter(|class| !class.is_empty()) {
        let _ = write!(element, " class=\"{}\"", HtmlEscape(&class));
    }
    element.push_str(&size(&image));
    element.push_str(&style(&image));
    element.push_str(&choices.own);
    let when =
        if eager.unwrap_or(false) { " fetchpriority=\"high\">" } else { " loading=\"lazy\" decoding=\"async\">" };
    element.push_str(when);
    Ok(Value::from_safe_string(choices.around(&element)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(url: &str, width: Option<u32>) -> Image {
        Image { url: url.into(), width, height: width.map(|width| width / 2), ..Image::default() }
    }

    fn images() -> Images {
        Images { widths: vec![400, 800], sizes: "100vw".into() }
    }

    #[cfg(feature = "avif")]
    #[test]
    fn screens_choose_the_smallest_format_that_they_know() {
        let html = r#"<img src="/media/ab/a.jpg" alt="">"#;
        let shown = illustrated(html, &[picture("/media/ab/a.jpg", Some(400))], &images());
        let types: Vec<_> = shown.split("type=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(types, ["image/avif", "image/webp"], "{shown}");
        assert!(shown.contains(r#"srcset="/media/ab/w400/a.jpg.avif 400w""#), "{shown}");
    }

    #[cfg(not(feature = "avif"))]
    #[test]
    fn a_photograph_in_a_text_comes_in_two_formats_and_all_widths() {
        let html = r#"<p><img src="/media/ab/a.jpg" alt="1 > 0" loading="lazy"> and <img src="https://e.example/b.jpg" alt=""></p>"#;
        assert_eq!(
            illustrated(html, &[picture("/media/ab/a.jpg", Some(1_000))], &images()),
            concat!(
                r#"<p><picture><source type="image/webp" srcset="/media/ab/w400/a.jpg.webp 400w, /media/ab/w800/a.jpg.webp 800w" sizes="100vw">"#,
                r#"<img src="/media/ab/a.jpg" alt="1 > 0" loading="lazy" width="1000" height="500" "#,
                r#"srcset="/media/ab/w400/a.jpg 400w, /media/ab/w800/a.jpg 800w" sizes="100vw"></picture> and "#,
                r#"<img src="https://e.example/b.jpg" alt=""></p>"#
            )
        );
    }

    #[test]
    fn what_has_one_size_keeps_it() {
        for (name, width) in [("a.gif", Some(640)), ("a.svg", None), ("a.jpg", None)] {
            let url = format!("/media/ab/{name}");
            let html = format!("<img src=\"{url}\" alt=\"\">");
            let shown = illustrated(&html, &[picture(&url, width)], &images());
            assert!(!shown.contains("srcset") && !shown.contains("<picture"), "{shown}");
            assert_eq!(shown.contains("width=\"640\""), width.is_some());
        }
        for text in ["<img src=\"x", "a < b", r#"<a title="<img src="/media/ab/a.jpg">x</a>"#] {
            assert_eq!(illustrated(text, &[], &images()), text);
        }
    }

    #[test]
    fn what_an_author_said_of_the_size_holds() {
        let html = r#"<img src="/media/ab/a.webp" alt="" width="20" height="10">"#;
        let shown = illustrated(html, &[picture("/media/ab/a.webp", Some(600))], &images());
        assert_eq!(shown.matches("width=").count(), 1, "{shown}");
        assert!(shown.contains("/media/ab/w600/a.webp 600w"), "{shown}");
        assert!(!shown.contains("type=\"image/webp\""), "the image itself says which there are: {shown}");
    }
}
