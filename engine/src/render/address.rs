//! Addresses: paths as they are written in pages.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What may not stand in a path unencoded (RFC 3986, 3.3), and what HTML would have to escape.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A decoded path as a URL's path.
pub fn encode(path: &str) -> String {
    utf8_percent_encode(path, UNSAFE).to_string()
}

/// An address as somebody wrote it, fit for a header: what is encoded already stays.
pub fn ascii(url: &str) -> String {
    utf8_percent_encode(url, CONTROLS).to_string()
}

/// Where a post is found as Markdown.
pub fn markdown(path: &str) -> String {
    if path.ends_with('/') { format!("{path}index.md") } else { format!("{path}.md") }
}

/// The path of the post that is found as Markdown here.
pub fn of_markdown(path: &str) -> Option<&str> {
    path.strip_suffix("index.md").filter(|page| page.ends_with('/')).or_else(|| path.strip_suffix(".md"))
}

/// Where a post's card is found.
pub fn card(path: &str) -> String {
    if path.ends_with('/') { format!("{path}card.png") } else { format!("{path}.png") }
}

/// The path of the post whose card is found here.
pub fn of_card(path: &str) -> Option<&str> {
    path.strip_suffix("card.png").filter(|page| page.ends_with('/')).or_else(|| path.strip_suffix(".png"))
}

/// A path or URL of this site as an absolute URL; what is absolute already stays.
pub fn absolute(site_url: &str, url: &str) -> String {
    if url.starts_with('/') && !url.starts_with("//") {
        format!("{}{url}", site_url.trim_end_matches('/'))
    } else {
        url.to_owned()
    }
}

/// HTML whose links and sources are absolute, so that it can be read elsewhere, as in a feed. `page` is its path. The HTML
/// is sanitised: every value stands in double quotes, and `<` begins a tag wherever it stands outside of them.
pub fn absolute_html(site_url: &str, page: &str, html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        out.push('<');
        rest = tag;
        while let Some((before, after)) = rest.split_once('"').filter(|(before, _)| !before.contains('>')) {
            let Some((value, after)) = after.split_once('"') else { break };
            let value = match before.trim_end_matches('=').rsplit(' ').next().unwrap_or_default() {
                "href" | "src" | "poster" | "cite" if value.starts_with('#') => {
                    format!("{}{value}", absolute(site_url, page))
                }
                "href" | "src" | "poster" | "cite" => absolute(site_url, value),
                "srcset" => value.split(", ").map(|one| absolute(site_url, one)).collect::<Vec<_>>().join(", "),
                _ => value.to_owned(),
            };
            out.extend([before, "\"", &value, "\""]);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::absolute_html;

    #[test]
    fn html_can_leave_its_site() {
        let html = |html: &str| absolute_html("https://example.org", "/hello/", html);
        assert_eq!(
            html(r##"<p title="a > b"><a href="/x/">x</a> <a href="#fn-1">1</a> <a href="https://e.com/">e</a></p>"##),
            r##"<p title="a > b"><a href="https://example.org/x/">x</a> <a href="https://example.org/hello/#fn-1">1</a> <a href="https://e.com/">e</a></p>"##
        );
        assert_eq!(
            html(r#"<img alt="" src="/a.jpg" srcset="/a.jpg 1x, /b.jpg 2x">"#),
            r#"<img alt="" src="https://example.org/a.jpg" srcset="https://example.org/a.jpg 1x, https://example.org/b.jpg 2x">"#
        );
    }

    #[test]
    fn what_code_shows_stays_as_it_was_written() {
        let shown = r#"<pre>&lt;a href="/x/"&gt; and "/y/"</pre>"#;
        assert_eq!(absolute_html("https://example.org", "/hello/", shown), shown);
    }
}
