//! SVG files: refused when they could run or load anything.

use crate::http::problem::{ApiError, Outcome};

/// The largest drawing, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// Elements that run, embed or change other elements.
const ELEMENTS: [&str; 11] = [
    "script",
    "foreignobject",
    "iframe",
    "embed",
    "object",
    "handler",
    "listener",
    "set",
    "animate",
    "animatetransform",
    "animatemotion",
];

/// Refuses rather than repairs: a drawing from a drawing program passes.
pub fn check(svg: &[u8]) -> Outcome<()> {
    let refuse = |reason| Err(ApiError::UnsupportedMedia(reason));
    if svg.len() > LARGEST {
        return Err(ApiError::TooLarge("2 MiB for an SVG drawing"));
    }
    let Ok(text) = std::str::from_utf8(svg) else { return refuse("This SVG is not UTF-8 text.") };
    let text = text.to_lowercase();
    if text.contains("<!entity") {
        return refuse("This SVG defines entities, which can hide anything.");
    }
    for tag in text.split('<').skip(1) {
        let tag = whole(tag);
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        if ELEMENTS.contains(&name) {
            return refuse("This SVG has scripts, animations or embedded documents, which are not kept.");
        }
        if runs(tag) {
            return refuse("This SVG runs scripts or loads something from elsewhere, which is not kept.");
        }
    }
    Ok(())
}

/// The tag up to its end; one in quotes is none.
fn whole(text: &str) -> &str {
    let mut quote = None;
    for (place, c) in text.char_indices() {
        match quote {
            None if c == '>' => return text.get(..place).unwrap_or(text),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
    }
    text
}

/// Whether a tag has handlers, or a link that is neither inside the drawing nor an image in it.
fn runs(tag: &str) -> bool {
    // A character written as a number may be any other.
    if tag.contains("&#") || tag.contains("javascript:") {
        return true;
    }
    let attributes = tag.split('=').zip(tag.split('=').skip(1));
    attributes.into_iter().any(|(before, value)| {
        let name = before
            .trim_end()
            .rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
            .next()
            .unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        let value = value.trim_start().trim_start_matches(['"', '\'']).trim_start();
        let inside =
            value.starts_with('#') || (value.starts_with("data:image/") && !value.starts_with("data:image/svg"));
        name.starts_with("on") || (matches!(name, "href" | "src") && !inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_passes() {
        let svg = r##"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
            viewBox="0 0 9 9"><style>.a{fill:red}</style><defs><path id="p" d="M0 0"/></defs>
            <use xlink:href="#p" class="a"/><image href="data:image/png;base64,AA=="/><text>it&#8217;s on = off</text></svg>"##;
        check(svg.as_bytes()).unwrap();
    }

    #[test]
    fn what_could_run_is_refused() {
        for svg in [
            "<svg><script>alert(1)</script></svg>",
            "<svg><SCRIPT href='x'/></svg>",
            "<svg><svg:script/></svg>",
            "<svg onload=alert(1)></svg>",
            "<svg><g\nonclick = 'x'/></svg>",
            "<svg><g id=\"a\"onclick='x'/></svg>",
            "<svg/onload=alert(1)>",
            "<svg><g id='>' onload='alert(1)'/></svg>",
            "<svg><a href='javascript:alert(1)'/></svg>",
            "<svg><a xlink:href='&#x6a;avascript:alert(1)'/></svg>",
            "<svg><use href='https://evil.example/x#y'/></svg>",
            "<svg><image href='data:image/svg+xml,x'/></svg>",
            "<svg><foreignObject><body/></foreignObject></svg>",
            "<svg><a><set attributeName='href' to='x'/></a></svg>",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
            "<svg>\u{ff}<iframe/></svg>",
        ] {
            assert!(check(svg.as_bytes()).is_err(), "{svg}");
        }
        assert!(check(b"<svg>\xff</svg>").is_err());
    }
}
