//! What programs get of a site: feeds and maps of any theme, texts as Markdown, cards for other sites, news for those who want them.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use perennial_tests::{Site, Start, Theme, site::URL};
use serde_json::json;

/// A theme with its own addresses, and neither feeds nor an archive.
fn own_theme() -> Theme {
    Theme::default()
        .route("home", "/", "", "{{ head() }}")
        .route("post", "/p/{slug}/", "params = \"posts\"", "{{ head() }}{{ post(slug=params.slug).html }}")
        .route("topic", "/topics/{slug}/", "params = \"tags\"", "{{ head() }}{{ tag(slug=params.slug).name }}")
        .route("rss", "/news/", "", "a route that is called like one of the engine's")
}

#[test]
fn every_theme_has_feeds_and_a_map_of_the_pages_that_it_has() {
    let site = Start::default().theme(&own_theme()).start();
    let editor = site.signed_in();
    editor.published(json!({"kind": "post", "title": "Roses", "markdown": "Red.", "tags": ["News"], "feature_image": "/media/r.jpg"}));
    editor.published(json!({"kind": "page", "title": "About", "markdown": "Us."}));
    for (path, kind) in [
        ("/rss.xml", "application/rss+xml"),
        ("/topics/news/rss.xml", "application/rss+xml"),
        ("/topics/news/atom.xml", "application/atom+xml"),
        ("/topics/news/feed.json", "application/feed+json"),
    ] {
        let feed = site.get(path);
        assert_eq!(
            (feed.status, feed.header("content-type")),
            (200, format!("{kind}; charset=utf-8").as_str()),
            "{path}"
        );
        assert!(feed.text().contains("Roses"), "{path}: {}", feed.text());
    }
    assert_eq!(site.get("/topics/nothing/feed.json").status, 404);
    let head = site.get("/topics/news/").text();
    assert!(
        head.contains(r#"type="application/atom+xml" href="/topics/news/atom.xml" title="News · Field Notes""#),
        "{head}"
    );
    let map = site.get("/sitemap.xml").text();
    for path in ["/", "/p/roses/", "/topics/news/", "/news/"] {
        assert!(map.contains(&format!("<loc>{URL}{path}</loc>")), "{path}: {map}");
    }
    for path in ["/archive/", "/tags/", "/about/", "/author/"] {
        assert!(!map.contains(path), "{path} is no page of this theme: {map}");
    }
    assert!(map.contains(&format!("<image:image><image:loc>{URL}/media/r.jpg</image:loc></image:image>")), "{map}");
}

#[test]
fn a_post_is_there_as_markdown_too_without_its_writers_comments() {
    let site = Site::empty();
    let editor = site.signed_in();
    let post = json!({"kind": "post", "title": "On \"roses\"", "slug": "roses", "markdown": "Red *and* white.\n<!-- ask Bob -->\n", "tags": ["News"]});
    let id = editor.published(post);
    assert!(
        site.get("/roses/").text().contains(r#"<link rel="alternate" type="text/markdown" href="/roses/index.md">"#)
    );
    let text = site.get("/roses/index.md");
    assert_eq!((text.status, text.header("content-type")), (200, "text/markdown; charset=utf-8"));
    let text = text.text();
    assert!(text.starts_with(&format!("---\ntitle: \"On \\\"roses\\\"\"\nurl: \"{URL}/roses/\"\n")), "{text}");
    assert!(text.contains("tags: [\"News\"]") && text.contains("Red *and* white."), "{text}");
    assert!(!text.contains("Bob"), "{text}");
    site.warm("/roses/index.md");

    let llms = site.get("/llms.txt").text();
    assert!(llms.starts_with("# Field Notes\n"), "{llms}");
    assert!(llms.contains(&format!("- [On \"roses\"]({URL}/roses/index.md): Red and white.")), "{llms}");

    editor.patch(&format!("/posts/{id}"), json!({"markdown": "Yellow."}));
    editor.post(&format!("/posts/{id}/publish"), json!({}));
    assert!(site.get("/roses/index.md").text().ends_with("\nYellow."), "it is as fresh as the page");
    editor.post(&format!("/posts/{id}/unpublish"), json!({}));
    assert_eq!(site.get("/roses/index.md").status, 404);
    for path in ["/index.md", "/nothing.md", "/tags/index.md", "/roses/index.md.md", &"/.md".repeat(300)] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_post_without_a_picture_has_a_card_for_other_sites() {
    let site = Site::empty();
    let editor = site.signed_in();
    let id = editor.published(json!({"kind": "post", "title": "Roses & thorns", "slug": "roses", "markdown": "Red."}));
    let html = site.get("/roses/").text();
    for said in [
        format!(r#"<meta property="og:image" content="{URL}/roses/card.png">"#),
        r#"<meta property="og:image:alt" content="Roses &amp; thorns">"#.into(),
        r#"<meta name="twitter:card" content="summary_large_image">"#.into(),
    ] {
        assert!(html.contains(&said), "{said}: {html}");
    }
    let card = site.get("/roses/card.png");
    assert_eq!((card.status, card.header("content-type")), (200, "image/png"));
    let (signature, size) = (&card.body[..8], &card.body[16..24]);
    assert_eq!((signature, size), (&b"\x89PNG\r\n\x1a\n"[..], &[0, 0, 4, 176, 0, 0, 2, 118][..]), "1200 x 630");
    site.warm("/roses/card.png");

    editor.patch(&format!("/posts/{id}"), json!({"markdown": "White."}));
    editor.post(&format!("/posts/{id}/publish"), json!({}));
    assert_eq!(site.get("/roses/card.png").header("etag"), card.header("etag"), "the text is not on it");
    editor.patch(&format!("/posts/{id}"), json!({"title": "Only roses"}));
    editor.post(&format!("/posts/{id}/publish"), json!({}));
    assert_ne!(site.get("/roses/card.png").body, card.body, "it is as fresh as the page");

    editor.patch(&format!("/posts/{id}"), json!({"feature_image": "/media/rose.jpg"}));
    editor.post(&format!("/posts/{id}/publish"), json!({}));
    assert!(!site.get("/roses/").text().contains("card.png"), "it has a picture of its own");
    assert_eq!(site.get("/roses/card.png").status, 200, "what was shared before still has one");
    editor.post(&format!("/posts/{id}/unpublish"), json!({}));
    assert_eq!(site.get("/roses/card.png").status, 404);

    editor.published(json!({"kind": "post", "title": "\u{4f60}\u{597d}", "slug": "hello", "markdown": "Hello."}));
    assert!(!site.get("/hello/").text().contains("og:image"), "the font has no letters for it");
    for path in ["/hello/card.png", "/card.png", "/nothing/card.png", "/hello/index.md.png", &"/.md.png".repeat(200)] {
        assert_eq!(site.get(path).status, 404, "{path}");
    }
}

#[test]
fn other_sites_learn_how_to_show_our_posts_and_nothing_else() {
    let site = Site::empty();
    let editor = site.signed_in();
    editor.published(json!({"kind": "post", "title": "<Roses> & more", "slug": "roses", "markdown": "Red."}));
    editor.post("/posts", json!({"kind": "post", "title": "Secret", "slug": "secret"}));
    let ask = |url: &str, format: &str| site.get(&format!("/oembed?url={url}&format={format}"));
    let page = site.get("/roses/").text();
    let href =
        page.split_once(r#"type="application/json+oembed" href=""#).expect("a link").1.split('"').next().unwrap();
    let card = site.get(&href.replace("&amp;", "&").replace(URL, "")).json();
    assert_eq!((&card["type"], &card["title"]), (&json!("link"), &json!("<Roses> & more")));
    assert_eq!((&card["url"], &card["provider_name"]), (&json!(format!("{URL}/roses/")), &json!("Field Notes")));
    let xml = ask(&format!("{URL}/roses/"), "xml");
    assert_eq!(xml.header("content-type"), "text/xml; charset=utf-8");
    assert!(xml.text().contains("<title>&lt;Roses&gt; &amp; more</title>"));
    for url in [
        "https://example.org/roses/",
        &format!("{URL}/secret/"),
        &format!("{URL}.evil.test/roses/"),
        &format!("{URL}/"),
        "",
        "%00",
    ] {
        assert_eq!(ask(url, "json").status, 404, "{url}");
    }
    assert_eq!(ask(&format!("{URL}/roses/"), "yaml").status, 501);
}

/// A server that takes down what it is sent.
fn ear() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let own = heard.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = String::new();
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stream.read(&mut buffer) {
                request.push_str(&String::from_utf8_lossy(&buffer[..read]));
                let (head, body) = request.split_once("\r\n\r\n").unwrap_or((&request, ""));
                let length = head
                    .to_lowercase()
                    .split_once("content-length: ")
                    .map_or("0".into(), |(_, rest)| rest.lines().next().unwrap().to_owned());
                if request.contains("\r\n\r\n") && body.len() >= length.parse().unwrap() {
                    break;
                }
            }
            own.lock().unwrap().push(request);
            let _ = stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    (address, heard)
}

#[test]
fn engines_and_hubs_are_told_of_news_once_the_site_wants_it() {
    let (address, heard) = ear();
    let site = Start::default().with("PERENNIAL_FETCH_ALLOW", &address).start();
    let editor = site.signed_in();
    assert_eq!(site.get("/indexnow.txt").status, 404);
    editor.patch(
        "/settings",
        json!({"indexnow": format!("http://{address}/indexnow"), "websub_hub": format!("http://{address}/hub")}),
    );
    let key = site.get("/indexnow.txt").text();
    assert_eq!(key.len(), 32);
    editor.published(json!({"kind": "post", "title": "Roses", "markdown": "Red."}));
    let messages = site.wait_for("messages", || Some(heard.lock().unwrap().clone()).filter(|heard| heard.len() >= 2));
    let engines = messages.iter().find(|message| message.starts_with("POST /indexnow ")).expect("one for engines");
    for part in [
        format!("\"key\":\"{key}\""),
        "\"host\":\"site.test\"".into(),
        format!("{URL}/roses/"),
        format!("{URL}/indexnow.txt"),
    ] {
        assert!(engines.contains(&part), "{part}: {engines}");
    }
    let hub = messages.iter().find(|message| message.starts_with("POST /hub ")).expect("one for the hub");
    assert!(hub.contains("hub.mode=publish&hub.url=http%3A%2F%2Fsite%2Etest%2Frss%2Exml"), "{hub}");
    assert!(site.get("/rss.xml").text().contains(&format!(r#"<atom:link href="http://{address}/hub" rel="hub"/>"#)));
    let refused =
        editor.ask("PATCH", "/settings", &[("if-match", "*")], Some(&json!({"websub_hub": "javascript:alert(1)"})));
    assert_eq!(refused.expect("an answer").status, 422);
}
