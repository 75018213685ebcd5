//! Everything a reader can reach by links, and what readers and crawlers ask for without one.

use std::collections::BTreeMap;

use crate::{answer::Answer, site::Site};

const WITHOUT_LINK: [&str; 7] =
    ["/", "/rss.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/no-such-page/"];

/// The pages of a site as one reader gets them, `more` among them.
pub fn crawl<'p>(site: &Site, more: impl IntoIterator<Item = &'p str>) -> BTreeMap<String, Answer> {
    let mut open: Vec<_> = WITHOUT_LINK.into_iter().chain(more).map(str::to_owned).collect();
    let mut pages = BTreeMap::new();
    while let Some(path) = open.pop() {
        if pages.contains_key(&path) {
            continue;
        }
        let page = site.get(&path);
        open.push(page.header("location").to_owned());
        if page.header("content-type").starts_with("text/html") {
            open.extend(links(&page.text()));
        }
        open.retain(|path| path.starts_with('/') && !path.starts_with("/assets/") && !path.starts_with("/admin"));
        pages.insert(path, page);
    }
    pages
}

fn links(html: &str) -> Vec<String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.split('#').next().unwrap_or_default().to_owned()).collect()
}
