//! What readers' requests are answered with: the headers of the contract, and one address for each page.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
};

use perennial_tests::{Site, Start, Theme};

const ENCODINGS: [&str; 4] = ["identity", "gzip", "br", "zstd"];

#[test]
fn a_page_is_a_hit_with_validators_and_a_life_for_caches_in_front() {
    let site = Site::empty();
    let home = site.warm("/");
    assert_eq!(home.status, 200);
    assert_eq!(home.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(home.header("cache-control"), "public, max-age=0, s-maxage=31536000");
    assert_eq!(home.header("vary").to_ascii_lowercase(), "accept-encoding");
    assert!(home.header("cache-status").starts_with("perennial; hit"), "{}", home.header("cache-status"));
    assert!(home.etag().starts_with('"') && home.etag().ends_with('"'), "a strong validator: {}", home.etag());
    assert!(home.header("last-modified").ends_with(" GMT"));
    assert_eq!(home.header("set-cookie"), "", "a page that may be kept sets no cookie");
}

#[test]
fn the_first_visit_of_a_page_is_a_miss_and_the_second_a_hit() {
    let theme = Theme::default().route("cold", "/cold/{any}/", "params = []", "{{ params.any }} {{ render.id }}");
    let site = Start::default().theme(&theme).start();
    let first = site.get("/cold/a/");
    let second = site.get("/cold/a/");
    assert_eq!((first.cache(), second.cache()), ("MISS", "HIT"));
    assert_eq!(first.text(), second.text());
    assert!(first.header("cache-status").contains("fwd="), "{}", first.header("cache-status"));
    assert_eq!(first.etag(), second.etag());
}

#[test]
fn every_encoding_holds_the_same_page_under_a_validator_of_its_own() {
    let site = Site::empty();
    let plain = site.warm("/").text();
    let mut etags = BTreeSet::new();
    for encoding in ENCODINGS {
        let answer = site.get_with("/", &[("accept-encoding", encoding)]);
        let expected = if encoding == "identity" { "" } else { encoding };
        assert_eq!(answer.header("content-encoding"), expected);
        assert_eq!(answer.header("vary").to_ascii_lowercase(), "accept-encoding");
        assert_eq!(answer.text(), plain, "{encoding}");
        etags.insert(answer.etag().to_owned());
    }
    assert_eq!(etags.len(), ENCODINGS.len(), "{etags:?}");
    let refused = site.get_with("/", &[("accept-encoding", "br;q=0, gzip;q=0, zstd;q=0, *;q=0.5")]);
    assert_eq!(refused.header("content-encoding"), "");
}

#[test]
fn a_reader_who_has_the_page_is_told_so_without_it() {
    let site = Site::empty();
    site.warm("/");
    for encoding in ENCODINGS {
        let accept = ("accept-encoding", encoding);
        let page = site.get_with("/", &[accept]);
        for known in [page.etag().to_owned(), format!("\"other\", W/{}", page.etag()), "*".into()] {
            let answer = site.get_with("/", &[accept, ("if-none-match", &known)]);
            assert_eq!(answer.status, 304, "{known}");
            assert!(answer.body.is_empty());
            for name in ["etag", "cache-control", "vary", "last-modified"] {
                assert_eq!(answer.header(name), page.header(name), "{name}");
            }
            assert_eq!(answer.header("content-type"), "");
        }
    }
    let page = site.get("/");
    let since = ("if-modified-since", page.header("last-modified"));
    assert_eq!(site.get_with("/", &[since]).status, 304);
    assert_eq!(site.get_with("/", &[since, ("if-none-match", "\"other\"")]).status, 200, "the validator wins");
}

#[test]
fn head_says_what_get_says() {
    let site = Site::empty();
    site.warm("/");
    for encoding in ENCODINGS {
        let accept = ("accept-encoding", encoding);
        let (get, head) = (site.get_with("/", &[accept]), site.send("HEAD", "/", &[accept]));
        assert_eq!(head.status, 200);
        assert!(head.body.is_empty());
        for name in get.headers.keys().filter(|name| *name != "date") {
            assert_eq!(head.header(name.as_str()), get.header(name.as_str()), "{name}");
        }
    }
}

#[test]
fn pages_are_only_read() {
    let site = Site::empty();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "INVENTED"] {
        let answer = site.send(method, "/", &[]);
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "GET, HEAD", "{method}");
        assert!(answer.header("cache-control").contains("no-store"), "{method}");
    }
}

#[test]
fn a_page_has_one_address_and_other_spellings_lead_to_it_or_nowhere() {
    let site = Site::empty();
    let feed = site.warm("/rss.xml");
    assert_eq!(site.get("/rss%2Exml").text(), feed.text());
    let moved = site.get("//archive//");
    assert_eq!((moved.status, moved.header("location")), (308, "/archive/"));
    for odd in ["/../etc/passwd", "/%2e%2e/x", "/a%00b", "/a%2fb", "/a\\b", "/%zz", "/%ff", "/./"] {
        let answer = raw(&site, odd);
        assert!(answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "), "{odd}: {answer}");
        assert!(!answer.contains("root:"), "{odd}");
    }
    let long = raw(&site, &format!("/{}", "x".repeat(5_000)));
    assert!(long.starts_with("HTTP/1.1 404 "), "{long}");
}

#[test]
fn what_a_request_says_of_itself_changes_no_page() {
    let site = Site::empty();
    let home = site.warm("/");
    let said = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("cookie", "session=1"),
        ("authorization", "Bearer x"),
        ("cache-control", "no-cache"),
        ("x-original-url", "/evil"),
    ];
    for header in said {
        let answer = site.get_with("/", &[header]);
        assert_eq!((answer.cache(), answer.text()), ("HIT", home.text()), "{header:?}");
    }
    let answer = site.get("/?utm_source=evil&preview=1");
    assert_eq!((answer.cache(), answer.text()), ("HIT", home.text()), "a query that no route declares");
}

#[test]
fn declared_query_keys_make_pages_of_their_own_in_any_order() {
    let theme = Theme::default().route(
        "list",
        "/list/",
        "query = [\"page\", \"order\"]",
        "{{ query.page }} {{ query.order }} {{ query.other or '-' }} {{ render.id }}",
    );
    let site = Start::default().theme(&theme).start();
    let first = site.get("/list/?page=2&order=up&other=1");
    let again = site.get("/list/?order=up&utm=1&page=2");
    assert_eq!((first.cache(), again.cache()), ("MISS", "HIT"));
    assert_eq!(first.text(), again.text());
    assert!(first.text().starts_with("2 up - "), "{}", first.text());
    assert_ne!(site.get("/list/?page=3&order=up").text(), first.text());
}

#[test]
fn what_is_not_found_is_kept_in_memory_only() {
    let site = Site::empty();
    for path in ["/", "/archive/", "/rss.xml", "/sitemap.xml"] {
        site.warm(path);
    }
    for n in 0..300 {
        let answer = site.get(&format!("/no-such-page-{n}/"));
        assert_eq!((answer.status, answer.cache()), (404, "MISS"));
    }
    let answer = site.get("/no-such-page-7/");
    assert_eq!((answer.status, answer.cache()), (404, "HIT"));
    assert!(answer.text().contains("<html"), "the theme's own page");
    let life = answer.header("cache-control").rsplit_once("s-maxage=").expect("a life").1.parse::<u32>();
    assert!(life.is_ok_and(|seconds| seconds <= 10), "{}", answer.header("cache-control"));
    site.stop();
    let pages = files(&site.data().join("cache"));
    assert!(pages < 40, "{pages} files for an empty site");
}

#[test]
fn feeds_and_what_crawlers_ask_for_have_their_own_types() {
    let site = Site::empty();
    for (path, expected) in [
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ] {
        let answer = site.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, expected), "{path}");
    }
    let sitemap = site.get("/sitemap.xml");
    assert!(sitemap.header("content-type").contains("xml"), "{}", sitemap.header("content-type"));
    assert!(sitemap.text().contains("http://site.test/"), "addresses are those of the settings");
}

#[test]
fn assets_may_be_kept_for_ever_and_leave_their_folder_never() {
    let site = Site::empty();
    let home = site.get("/").text();
    let asset = home.split('"').find(|part| part.starts_with("/assets/")).expect("the theme has assets");
    let answer = site.get(asset);
    assert_eq!(answer.status, 200);
    assert!(answer.header("cache-control").contains("immutable"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let head = site.send("HEAD", asset, &[]);
    assert_eq!((head.status, head.etag(), head.body.len()), (200, answer.etag(), 0));
    assert_eq!(site.send("HEAD", "/healthz", &[]).status, 200);
    for odd in ["/assets/../perennial.db", "/media/../perennial.db", "/media/%2e%2e/perennial.db", "/media//etc/passwd"]
    {
        assert!(raw(&site, odd).starts_with("HTTP/1.1 404 "), "{odd}");
    }
}

#[test]
fn health_is_told_and_not_kept() {
    let site = Site::empty();
    for path in ["/healthz", "/readyz"] {
        let answer = site.get(path);
        assert_eq!(answer.status, 200);
        assert!(answer.header("cache-control").contains("no-store"), "{path}");
    }
    let ready = site.get("/readyz").json();
    assert_eq!((&ready["status"], &ready["parts"]["database"]), (&"ready".into(), &"ok".into()));
}

#[test]
fn without_a_cache_every_answer_is_made_for_its_request() {
    let theme = Theme::default().route("home", "/", "", "{{ render.id }}");
    let site = Start::default().theme(&theme).with("PERENNIAL_CACHE_URL", "off").start();
    let (first, second) = (site.get("/"), site.get("/"));
    assert_eq!((first.cache(), second.cache()), ("BYPASS", "BYPASS"));
    assert_ne!(first.text(), second.text());
    assert!(first.header("cache-control").contains("no-store"));
    assert_eq!(first.etag(), "");
    assert!(!site.data().join("cache").exists());
}

/// The whole answer to a request line that no client library would send.
fn raw(site: &Site, target: &str) -> String {
    let mut stream = TcpStream::connect(site.address()).expect("a connection");
    write!(stream, "GET {target} HTTP/1.1\r\nhost: site.test\r\nconnection: close\r\n\r\n").expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

#[test]
fn browsers_run_nothing_but_what_the_theme_brings() {
    let theme = Theme::default()
        .route("home", "/", "", "Welcome")
        .route("data", "/data.json", "content_type = \"application/json\"", "{}")
        .route("now", "/now/", "revalidate = 0", "Now")
        .table("[csp]\nfont = [\"https://fonts.example\"]\n");
    let site = Start::default().theme(&theme).start();
    site.warm("/");
    let etag = site.get("/").etag().to_owned();
    for answer in
        [site.get("/"), site.get("/now/"), site.get("/nowhere/"), site.get_with("/", &[("if-none-match", &etag)])]
    {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("script-src 'self' 'inline-speculation-rules'; style-src 'self';"), "{policy}");
        assert!(policy.contains("font-src 'self' data: https://fonts.example;"), "{policy}");
    }
    assert_eq!(site.get("/data.json").header("content-security-policy"), "");
}
