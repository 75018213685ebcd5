//! Content that nobody writes, or only to do harm: served safely, or refused with a sentence, in bounded time and memory.

use std::{
    fs,
    time::{Duration, Instant},
};

use perennial_tests::{Editor, Site};
use serde_json::{Value, json};

/// Made, published and read within this time, by a build without optimisation.
const PATIENCE: Duration = Duration::from_secs(25);
/// The most memory of the process meanwhile, in MiB.
const MEMORY: u64 = 1_500;

/// Publishes a text and reads its page and the pages that show the whole of it or a part.
fn served(what: &str, markdown: &str) -> String {
    let site = Site::empty();
    let editor = site.signed_in();
    let begun = Instant::now();
    editor.published(json!({"kind": "post", "title": what, "slug": "it", "markdown": markdown}));
    let page = site.get("/it/");
    assert_eq!(page.status, 200, "{what}");
    for path in ["/", "/archive/", "/rss.xml", "/feed.json", "/sitemap.xml", "/it/index.md", "/search?q=it"] {
        assert_eq!(site.get(path).status, 200, "{what}: {path}");
    }
    assert!(begun.elapsed() < PATIENCE, "{what} took {:?}", begun.elapsed());
    let used = peak(site.process());
    assert!(used < MEMORY, "{what} took {used} MiB");
    page.text()
}

/// The most memory that a process has held, in MiB.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().split(' ').next().expect("a number").parse::<u64>().expect("a number") / 1024
}

#[test]
fn a_post_of_five_megabytes() {
    // A build without optimisation takes too long for all of it.
    let paragraphs = if cfg!(debug_assertions) { 6_200 } else { 62_000 };
    let text = "Some words, *emphasised* and [linked](https://example.org/), make a paragraph.\n\n".repeat(paragraphs);
    assert!(served("five megabytes", &text).contains("<em>emphasised</em>"));
}

#[test]
fn what_is_longer_is_refused_with_a_sentence() {
    let site = Site::empty();
    let editor = site.signed_in();
    let refused = |post: Value| {
        let answer = editor.ask("POST", "/posts", &[], Some(&post)).expect("an answer");
        (answer.status, answer.json()["fields"].clone())
    };
    let (status, fields) = refused(json!({"kind": "post", "title": "x", "markdown": "x".repeat(6 << 20)}));
    assert_eq!(status, 422);
    assert!(fields["markdown"].as_str().expect("a sentence").contains("5 MiB"), "{fields}");
    let (status, fields) = refused(json!({"kind": "post", "title": "x".repeat(10_000)}));
    assert_eq!(status, 422);
    assert!(fields["title"].as_str().expect("a sentence").contains("10000"), "{fields}");
    let answer = editor.ask("POST", "/posts", &[], Some(&json!({"kind": "post", "markdown": "x".repeat(9 << 20)})));
    assert!(answer.is_none_or(|answer| answer.status == 413));
    assert_eq!(editor.get("/posts")["total"], 0);
}

#[test]
fn ten_thousand_headings() {
    let text: String = (0..10_000).map(|n| format!("## Heading {}\n\nText.\n\n", n % 7)).collect();
    let html = served("ten thousand headings", &text);
    assert!(html.matches("<h2").count() >= 10_000);
}

#[test]
fn quotes_ten_thousand_deep() {
    served("quotes on one line", &format!("{}deep\n", "> ".repeat(10_000)));
    served("lists in lists", &(0..2_000).map(|n| format!("{}- item\n", "  ".repeat(n))).collect::<String>());
    served("brackets", &"[".repeat(50_000));
    served("emphasis", &"*a _b ".repeat(20_000));
}

#[test]
fn a_table_of_a_thousand_columns() {
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(1_000));
    let text = format!("{}{}{}", row("head"), row("---"), row("cell").repeat(5));
    assert_eq!(served("a wide table", &text).matches("<td").count(), 5_000);
}

/// Texts that want to be more than texts, each with a word of its own.
const HOSTILE: [&str; 26] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a><set attributeName=href to=javascript:alert(1)></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<base href=//evil.test/><meta http-equiv=refresh content=0;url=//evil.test/>",
    "<form action=//evil.test/><button formaction=javascript:alert(1)>x</button></form>",
    "<link rel=stylesheet href=//evil.test/x.css><style>@import '//evil.test/x.css';</style>",
    "[x](javascript:alert(1)) [x](JaVa\u{a}script:alert(1)) <a href=\"&#x6a;avascript:alert(1)\">x</a>",
    "[x](data:text/html,<script>alert(1)</script>) [x](vbscript:alert(1)) <javascript:alert(1)>",
    "![x](javascript:alert(1)) ![\" onerror=\"alert(1)](/x.png \"\\\" onerror=\\\"alert(1)\")",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<xmp><img src=x onerror=alert(1)></xmp><plaintext>",
    "<!--><img src=x onerror=alert(1)>--> <!-- --!><img src=x onerror=alert(1)> -->",
    "```\"><script>alert(1)</script>\ncode\n```",
    "[^\"><img src=x onerror=alert(1)>]\n\n[^\"><img src=x onerror=alert(1)>]: note",
    "# attributes {#\"><script>alert(1)</script>}",
    "$\\href{javascript:alert(1)}{x}$ $$\\html{<img src=x onerror=alert(1)>}$$",
    ":::name{onclick=\"alert(1)\" style=\"x:expression(alert(1))\"}\nx\n:::",
    "<p style=\"background:url(javascript:alert(1))\" onclick=alert(1)>x</p>",
    "]]><script>alert(1)</script>\u{2028}</script><!--<script>",
];

#[test]
fn hostile_texts_stay_texts_wherever_they_are_shown() {
    let site = Site::empty();
    let editor = site.signed_in();
    let whole = HOSTILE.join("\n\n");
    editor.published(json!({"kind": "post", "title": "Body", "slug": "body", "markdown": whole}));
    for (n, text) in HOSTILE.iter().enumerate() {
        let line = text.replace('\n', " ");
        let tag = line.chars().take(200).collect::<String>();
        editor.published(json!({
            "kind": "post", "title": line, "slug": format!("hostile-{n}"), "markdown": format!("needle {text}"), "excerpt": line,
            "tags": [tag], "feature_image": "/media/x.png", "feature_image_alt": line, "seo_title": line, "seo_description": line,
        }));
    }
    editor.put("/menus/main", json!({"items": [{"label": HOSTILE[1], "url": "/x/"}]}));
    refuses_what_is_no_address(&editor);

    let mut paths =
        vec!["/".to_owned(), "/archive/".into(), "/tags/".into(), "/body/".into(), "/search?q=needle".into()];
    paths.extend((0..HOSTILE.len()).map(|n| format!("/hostile-{n}/")));
    paths.extend(HOSTILE.iter().map(|text| format!("/search?q={}", encoded(text))));
    for path in paths {
        let page = site.get(&path);
        assert_eq!(page.status, 200, "{path}");
        harmless(&path, &page.text());
    }
    for path in ["/rss.xml", "/atom.xml", "/sitemap.xml"] {
        let xml = site.get(path).text();
        assert!(!xml.contains("<script") && !xml.contains("]]>"), "{path}");
    }
    for path in ["/feed.json", "/search.json?q=needle"] {
        assert_eq!(site.get(path).status, 200, "{path}");
        let json = site.get(path).json();
        for item in json["items"].as_array().or(json["results"].as_array()).expect("items") {
            for field in ["content_html", "snippet"] {
                harmless(path, item[field].as_str().unwrap_or_default());
            }
        }
    }
}

fn refuses_what_is_no_address(editor: &Editor<'_>) {
    for redirect in [json!({"from": "/r/", "to": "javascript:alert(1)"}), json!({"from": "/r/", "to": "//evil.test/"})]
    {
        let answer = editor.ask("POST", "/redirects", &[], Some(&redirect)).expect("an answer");
        assert_eq!(answer.status, 422, "{redirect}");
    }
    let color = json!({"accent_color": "red;}body{background:url(javascript:alert(1))"});
    let answer = editor.ask("PATCH", "/settings", &[("if-match", "*")], Some(&color)).expect("an answer");
    assert_eq!(answer.status, 422);
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// No tag of the page is or has what could run. Texts may speak of it.
fn harmless(path: &str, html: &str) {
    for tag in tags(html) {
        let tag = tag.to_lowercase();
        let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next().unwrap_or_default();
        let foreign = [
            "object",
            "embed",
            "base",
            "set",
            "animate",
            "noscript",
            "xmp",
            "plaintext",
            "style",
            "mglyph",
            "annotation-xml",
        ];
        assert!(!foreign.contains(&name), "{path}: <{tag}>");
        if name == "script" {
            let own =
                ["src=\"/assets/", "application/ld+json", "speculationrules"].iter().any(|sign| tag.contains(sign));
            assert!(own, "{path}: <{tag}>");
        }
        let outside: String = tag.split('"').step_by(2).collect::<Vec<_>>().join("\"");
        for attribute in outside.split_whitespace().skip(1) {
            let event = attribute.starts_with("on") && attribute.contains('=');
            let active =
                ["srcdoc=", "formaction=", "style=", "http-equiv="].iter().any(|name| attribute.starts_with(name));
            assert!(!event && !active, "{path}: <{tag}>");
        }
        let values: Vec<_> = tag.split('"').skip(1).step_by(2).collect();
        let scheme = |value: &&str| {
            ["javascript:", "vbscript:", "data:text"].iter().any(|scheme| value.trim().starts_with(scheme))
        };
        let address = tag.contains("href=") || tag.contains("src=") || tag.contains("action=");
        assert!(!(address && values.iter().any(scheme)), "{path}: <{tag}>");
    }
}

/// The inside of every tag, as a browser finds them: what stands in double quotes ends none.
fn tags(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let mut quoted = false;
        let end = after.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let tag = &after[..end.unwrap_or(after.len())];
        found.push(tag.to_owned());
        rest = &after[tag.len()..];
        // What a script of data holds is no markup.
        if tag.starts_with("script") {
            let data = rest.split("</script").next().unwrap_or_default();
            assert!(!data.contains('<'), "{data}");
            rest = &rest[data.len()..];
        }
    }
    found
}

#[test]
fn the_check_itself_finds_what_is_planted() {
    for planted in [
        "<p onclick=alert(1)>",
        "<script>alert(1)</script>",
        "<a href=\"javascript:alert(1)\">",
        "<img alt=\"a\" src=\"x\" onerror=\"alert(1)\">",
        "<iframe srcdoc=\"x\">",
        "<object data=\"x\">",
    ] {
        assert!(std::panic::catch_unwind(|| harmless("planted", planted)).is_err(), "{planted}");
    }
    harmless("good", "<a title=\"on x = <b>\" href=\"/x/\">javascript: onclick=</a>");
}
