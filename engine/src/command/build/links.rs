//! Links: where a page leads to on its own site. Pure.

use crate::http::path::{Canonical, canonical};

/// What is no page, though it has a path.
const ELSEWHERE: [&str; 5] = ["/assets/", "/media/", "/admin", "/api/", "/oembed"];

/// The decoded paths that a page of this type links to, in their order.
pub fn links(content_type: &str, body: &str, site_url: &str) -> Vec<String> {
    let ends: &[(&str, char)] = match content_type.split(';').next().unwrap_or_default() {
        "text/html" => &[("href=\"", '"'), ("href='", '\''), ("<meta property=\"og:image\" content=\"", '"')],
        kind if kind.ends_with("xml") => &[("<loc>", '<')],
        _ => &[],
    };
    let found =
        ends.iter().flat_map(|(begin, end)| body.split(begin).skip(1).filter_map(|rest| rest.split(*end).next()));
    found.filter_map(|link| path(link, site_url)).collect()
}

/// The decoded path of a link to a page of this site.
pub fn path(link: &str, site_url: &str) -> Option<String> {
    let path = link.strip_prefix(site_url).unwrap_or(link);
    let path = path.split(['#', '?']).next().unwrap_or_default();
    let own = path.starts_with('/') && !path.starts_with("//");
    if !own || ELSEWHERE.iter().any(|other| path.starts_with(other)) {
        return None;
    }
    match canonical(path) {
        Canonical::Path(path) => Some(path.into_owned()),
        Canonical::Moved(_) | Canonical::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn a_page_leads_to_pages_of_its_own_site() {
        let html = r##"<a href="/a/?q=1#x">a</a> <a href='/caf%C3%A9/'>b</a> <a href="https://site.test/c/">c</a>
            <a href="https://else.test/d/">d</a> <a href="//else.test/e/">e</a> <a href="#f">f</a> <link href="/assets/g.css">
            <meta property="og:image" content="https://site.test/c/card.png">
            <a href="/../h">h</a> <a href="mailto:i@else.test">i</a>"##;
        assert_eq!(
            links("text/html; charset=utf-8", html, "https://site.test"),
            ["/a/", "/c/", "/café/", "/c/card.png"]
        );
        let sitemap = "<urlset><url><loc>https://site.test/a/</loc></url></urlset>";
        assert_eq!(links("application/xml; charset=utf-8", sitemap, "https://site.test"), ["/a/"]);
        assert!(links("text/plain", html, "https://site.test").is_empty());
    }
}
