//! Pages as readers would get them: what browsers, search engines and screen readers need of each.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use percent_encoding::percent_decode_str;

use crate::theme::Theme;

use super::{
    assets,
    finding::{Finding, Level, Report},
    fixture::{PLANTED, Scene},
    source::is_handler,
    tour::URL,
};

/// A page and where it comes from.
pub struct Seen<'s> {
    pub path: &'s str,
    pub scene: Scene,
    pub template: &'s str,
    /// The template and all that it includes.
    pub reached: BTreeSet<&'s str>,
    /// The source of each template.
    pub sources: &'s BTreeMap<String, String>,
    pub content_type: &'s str,
    pub text: &'s str,
}

/// Looks at one page: the paths that it links to.
pub fn look(seen: &Seen<'_>, theme: &Theme, report: &mut Report) -> Vec<String> {
    if seen.content_type.contains("json") && serde_json::from_str::<serde_json::Value>(seen.text).is_err() {
        seen.add(
            report,
            Level::Error,
            "broken_json",
            "{",
            "is no JSON",
            "Print values with | tojson, and mind the commas.",
        );
    }
    if !seen.content_type.starts_with("text/html") || !theme.own.contains(seen.template) {
        return Vec::new();
    }
    let page = Page(Html::parse_document(seen.text));
    frame(seen, &page, report);
    outline(seen, &page, report);
    escaping(seen, &page, report);
    elements(seen, &page, theme, report);
    page.all("a[href]").filter_map(|link| own_path(link.attr("href")?)).collect()
}

/// The decoded path of a link to a page of the site.
fn own_path(link: &str) -> Option<String> {
    let path = link.strip_prefix(URL).unwrap_or(link).split(['#', '?']).next()?;
    let elsewhere =
        path.starts_with("//") || ["/assets/", "/media/", "/admin"].iter().any(|other| path.starts_with(other));
    let own = path.starts_with('/') && !elsewhere;
    own.then(|| percent_decode_str(path).decode_utf8_lossy().into_owned())
}

struct Page(Html);

impl Page {
    fn all(&self, selector: &str) -> impl Iterator<Item = ElementRef<'_>> {
        // A selector of this module that is none selects nothing, and a test would miss its defect.
        let selector = Selector::parse(selector).ok();
        let found: Vec<_> = selector.iter().flat_map(|selector| self.0.select(selector)).collect();
        found.into_iter()
    }

    fn count(&self, selector: &str) -> usize {
        self.all(selector).count()
    }
}

impl Seen<'_> {
    /// `sign`: what stands in the line that is probably meant.
    fn add(&self, report: &mut Report, level: Level, rule: &'static str, sign: &str, problem: &str, mend: &str) {
        if report.has(rule, self.reached.iter().map(|name| format!("templates/{name}"))) {
            return; // The file says it better.
        }
        let place = self.reached.iter().find_map(|name| {
            let line = self.sources.get(*name)?.lines().position(|line| line.contains(sign))?;
            Some((*name, line + 1))
        });
        let (file, line) = place.unwrap_or((self.template, 1));
        let problem = format!("{} {problem} {}.", self.path, self.scene.words());
        report.add(Finding::new(level, rule, format!("templates/{file}"), line, problem, mend));
    }
}

/// What every document has.
fn frame(seen: &Seen<'_>, page: &Page, report: &mut Report) {
    let html = page.all("html").next();
    let attribute = |name: &str| html.and_then(|html| html.attr(name)).unwrap_or_default().to_owned();
    if !seen.text.trim_start().get(..15).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html>")) {
        seen.add(
            report,
            Level::Error,
            "no_doctype",
            "<html",
            "does not begin with <!doctype html>",
            "Begin the document with it.",
        );
    }
    if attribute("lang").is_empty() {
        let mend = "Write <html lang=\"{{ site.language }}\">.";
        seen.add(report, Level::Error, "no_lang", "<html", "does not say its language", mend);
    }
    if matches!(seen.scene, Scene::RightToLeft) && attribute("dir") != "rtl" {
        let mend = "Write dir=\"rtl\" on <html> for such languages.";
        seen.add(report, Level::Warning, "no_dir", "<html", "is not laid out from right to left", mend);
    }
    if page.all("head > title").next().is_none_or(|title| title.text().all(|text| text.trim().is_empty())) {
        seen.add(
            report,
            Level::Error,
            "no_title",
            "<head",
            "has no title",
            "Write {{ head() }} or a <title> inside <head>.",
        );
    }
    if page.count("meta[name=viewport]") == 0 {
        let mend = "Write <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"> inside <head>.";
        seen.add(report, Level::Error, "no_viewport", "<head", "has no viewport", mend);
    }
}

/// How the page is divided, for those who do not see it.
fn outline(seen: &Seen<'_>, page: &Page, report: &mut Report) {
    match page.count("main") {
        1 => {}
        0 => seen.add(
            report,
            Level::Error,
            "no_main",
            "<body",
            "has no <main>",
            "Put what the page is about into one <main>.",
        ),
        _ => seen.add(report, Level::Error, "no_main", "<body", "has more than one <main>", "Keep one."),
    }
    match page.count("h1") {
        1 => {}
        0 => seen.add(report, Level::Warning, "h1", "<h1", "has no <h1>", "Give every page one, with its name."),
        _ => seen.add(report, Level::Warning, "h1", "<h1", "has more than one <h1>", "Make the others <h2>."),
    }
    let mut ids = BTreeMap::<&str, usize>::new();
    page.all("[id]").filter_map(|element| element.attr("id")).for_each(|id| *ids.entry(id).or_default() += 1);
    if let Some((id, _)) = ids.iter().find(|(_, count)| **count > 1) {
        let problem = format!("has two elements with the id {id:?}");
        seen.add(
            report,
            Level::Warning,
            "double_id",
            &format!("id=\"{id}\""),
            &problem,
            "Give each its own, or use a class.",
        );
    }
    let named = |link: &ElementRef<'_>| {
        let labelled = ["aria-label", "aria-labelledby", "title"].iter().any(|name| link.attr(name).is_some());
        let pictured = link
            .descendent_elements()
            .any(|child| child.attr("alt").is_some_and(|alt| !alt.is_empty()) || child.value().name() == "title");
        labelled || pictured || link.text().any(|text| !text.trim().is_empty())
    };
    let unseen = |link: &ElementRef<'_>| link.attr("aria-hidden") == Some("true");
    if let Some(link) = page.all("a[href], button").find(|link| !named(link) && !unseen(link)) {
        let problem = format!("has a <{}> without a name", link.value().name());
        seen.add(
            report,
            Level::Warning,
            "nameless",
            &format!("<{} ", link.value().name()),
            &problem,
            "Give it a text or an aria-label.",
        );
    }
}

/// What an editor writes never becomes markup.
fn escaping(seen: &Seen<'_>, page: &Page, report: &mut Report) {
    let element = page.count(&format!("i.{PLANTED}")) > 0;
    let attribute = page.count(&format!("[{PLANTED}]")) > 0;
    if element || attribute {
        let mend = "Leave out | safe, and put attributes into double quotes.";
        seen.add(report, Level::Error, "unescaped", "safe", "prints a title or a name without escaping it", mend);
    }
    let code = |element: &ElementRef<'_>| {
        ["href", "src"]
            .iter()
            .filter_map(|name| element.attr(name))
            .any(|url| url.trim_start().get(..11).is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:")))
    };
    if page.all("[href], [src]").any(|element| code(&element)) {
        seen.add(
            report,
            Level::Error,
            "code_link",
            "javascript:",
            "has an address that is code",
            "Use a button and a file of assets/.",
        );
    }
}

/// Elements that the templates do not show as they are written.
fn elements(seen: &Seen<'_>, page: &Page, theme: &Theme, report: &mut Report) {
    if page.count("img:not([alt])") > 0 {
        seen.add(
            report,
            Level::Warning,
            "img_alt",
            "<img",
            "has an image without alt text",
            "Write alt=\"\" at least.",
        );
    }
    if page.count("img:not([width]), img:not([height])") > 0 {
        seen.add(
            report,
            Level::Warning,
            "img_size",
            "<img",
            "has an image without a size",
            "Give it width and height.",
        );
    }
    let handler = page
        .all("*")
        .find_map(|element| element.value().attrs().map(|(name, _)| name.to_owned()).find(|name| is_handler(name)));
    if let Some(handler) = handler {
        let problem = format!("has an inline {handler}");
        seen.add(
            report,
            Level::Warning,
            "inline_handler",
            &format!("{handler}="),
            &problem,
            "Add a listener in a file of assets/.",
        );
    }
    for (selector, attribute) in OUTGOING {
        for element in page.all(selector) {
            let addresses = element.attr(attribute).unwrap_or_default().split(',');
            for address in addresses.filter_map(|part| part.split_whitespace().next()) {
                if let Some(origin) =
                    assets::origin(address).filter(|origin| origin != URL && !theme.csp.allows(origin))
                {
                    let problem = format!("sends readers' browsers to {origin}");
                    seen.add(report, Level::Warning, "external_origin", &origin, &problem, assets::EXTERNAL);
                }
            }
        }
    }
}

/// What a browser asks for by itself.
const OUTGOING: [(&str, &str); 6] = [
    ("script[src], iframe[src], video[src], audio[src], source[src], embed[src]", "src"),
    ("img[src]", "src"),
    ("img[srcset], source[srcset]", "srcset"),
    ("link[rel~=stylesheet][href], link[rel~=preload][href], link[rel~=icon][href]", "href"),
    ("link[rel~=preconnect][href], link[rel~=dns-prefetch][href], link[rel~=modulepreload][href]", "href"),
    ("video[poster]", "poster"),
];
