//! Frames of other sites become links: nobody's browser asks another server before its reader wants it to. A theme may put
//! the frame in place of the link when it is clicked.

const OPEN: &str = "<iframe";
const CLOSE: &str = "</iframe>";

/// Replaces every frame of sanitised HTML.
pub(super) fn as_links(html: String) -> String {
    if !html.contains(OPEN) {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, frame)) = rest.split_once(OPEN) {
        out.push_str(before);
        let (tag, after) = frame.split_once('>').unwrap_or((frame, ""));
        rest = after.split_once(CLOSE).map_or(after, |(_, after)| after);
        // The sanitiser writes every value in double quotes, and escaped.
        let value = |name: &str| Some(tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0);
        if let Some(url) = value("src") {
            let text = value("title").filter(|title| !title.trim().is_empty()).unwrap_or(url);
            out.push_str(&format!("<a class=\"embed frame\" href=\"{url}\">{text}</a>"));
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::markdown::{Trust, html::escaped, render};

    #[test]
    fn a_frame_is_a_link_with_its_title() {
        let html = render(
            "<iframe src=\"https://a.example/b?c=1&d=2\" title=\"A <film>\" width=\"5\"></iframe>",
            Trust::RawHtml,
        )
        .html;
        assert_eq!(html.trim(), "<a class=\"embed frame\" href=\"https://a.example/b?c=1&amp;d=2\">A &lt;film&gt;</a>");
    }

    #[test]
    fn a_frame_without_an_address_is_nothing_and_what_is_around_stays() {
        assert_eq!(as_links("<p>a</p><iframe></iframe><p>b</p>".into()), "<p>a</p><p>b</p>");
        assert_eq!(
            as_links("<iframe src=\"https://a.example/\"></iframe>".into()).matches("https://a.example/").count(),
            2
        );
        assert_eq!(as_links(escaped("<iframe>")), escaped("<iframe>"));
    }
}
