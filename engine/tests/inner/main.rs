//! Inner reads through a real theme and a real server: own periods, tags, last good answers, and fragments that pages share.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[allow(dead_code, reason = "the oracle counts renders; these tests do not")]
#[path = "../oracle/engine.rs"]
mod engine;

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    thread,
};

use perennial::{
    content::{
        change::{Demand, Mode},
        command::menu::PutMenu,
        command::post::{CreatePost, PostPatch, Publish, SavePost},
        command::revalidate::Revalidate,
        command::settings::{PatchSettings, SettingsPatch},
        menu::Item,
        read::Kind,
        tag::CacheTag,
    },
    theme::files::Files,
};

use self::engine::Engine;

/// A server that counts what it is asked, and answers with the count.
struct Source {
    address: String,
    asked: Arc<AtomicUsize>,
    status: Arc<AtomicU16>,
}

impl Source {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (asked, status) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU16::new(200)));
        let (count, code) = (asked.clone(), status.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = stream;
                let _ = stream.read(&mut [0; 4096]);
                let body = format!("{{\"n\": {}}}", count.fetch_add(1, Ordering::SeqCst) + 1);
                let code = code.load(Ordering::SeqCst);
                let _ = write!(
                    stream,
                    "HTTP/1.1 {code} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { address, asked, status }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn theme(folder: &std::path::Path, templates: &[(&str, &str, &str)]) -> Files {
    std::fs::create_dir_all(folder.join("templates")).unwrap();
    let mut manifest = "[theme]\nname = \"inner\"\nversion = \"1\"\n".to_owned();
    for (name, path, source) in templates {
        manifest += &format!("[[routes]]\nname = \"{name}\"\npath = \"{path}\"\ntemplate = \"{name}.html\"\n");
        std::fs::write(folder.join(format!("templates/{name}.html")), source).unwrap();
    }
    std::fs::write(folder.join("theme.toml"), manifest).unwrap();
    Files::Folder(folder.into())
}

fn with_engine<F: Future<Output = ()>>(
    templates: &[(&str, &str, &str)],
    allowed: &str,
    test: impl FnOnce(Engine) -> F,
) {
    let folder = tempfile::tempdir().unwrap();
    let files = theme(folder.path(), templates);
    let system = actix_rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    });
    system.block_on(async { test(Engine::start(files, allowed).await).await });
}

async fn text(engine: &Engine, path: &str) -> String {
    String::from_utf8(engine.warm(path).await.2.to_vec()).unwrap()
}

async fn demand(engine: &Engine, tag: CacheTag) {
    let demand = Demand { mode: Mode::Expire, subtrees: Vec::new() };
    engine.apply(Revalidate { tags: [tag].into(), demand }).await.unwrap();
}

#[test]
fn two_pages_share_one_answer_until_its_tag_is_revalidated() {
    let source = Source::start();
    let page = format!("{{{{ fetch('http://{}/n', tags=['news']).json.n }}}}", source.address);
    with_engine(&[("a", "/a/", &page), ("b", "/b/", &page)], &source.address, async |engine| {
        engine.settle().await;
        assert_eq!((text(&engine, "/a/").await, text(&engine, "/b/").await), ("1".into(), "1".into()));
        demand(&engine, CacheTag::word("news").unwrap()).await;
        assert_eq!((text(&engine, "/a/").await, text(&engine, "/b/").await), ("2".into(), "2".into()));
        demand(&engine, CacheTag::path("/b/")).await;
        assert_eq!(text(&engine, "/b/").await, "3", "a path means what its pages are made of");
        assert_eq!(source.asked(), 3);
    });
}

#[test]
fn the_last_good_answer_serves_while_the_source_fails() {
    let source = Source::start();
    let page = format!("{{{{ fetch('http://{}/n', tags=['news']).json.n }}}}", source.address);
    with_engine(&[("a", "/a/", &page)], &source.address, async |engine| {
        assert_eq!(text(&engine, "/a/").await, "1");
        source.status.store(503, Ordering::SeqCst);
        demand(&engine, CacheTag::word("news").unwrap()).await;
        assert_eq!(text(&engine, "/a/").await, "1");
    });
}

#[test]
fn a_private_address_is_refused_and_an_optional_answer_may_be_missing() {
    let source = Source::start();
    let page =
        format!("{{% set n = fetch('http://{}/n', optional=true) %}}{{{{ 'yes' if n.ok else 'no' }}}}", source.address);
    with_engine(&[("a", "/a/", &page)], "", async |engine| {
        assert_eq!(text(&engine, "/a/").await, "no");
        assert_eq!(source.asked(), 0, "nobody was asked");
    });
}

#[test]
fn a_fragment_is_made_once_and_again_when_what_it_read_changes() {
    let part = "{% call cached('part', tags=['part']) %}{{ site.title }} {{ render.id }}{% endcall %}";
    with_engine(&[("a", "/a/", part), ("b", "/b/", part)], "", async |engine| {
        engine.settle().await;
        let first = text(&engine, "/a/").await;
        assert_eq!(text(&engine, "/b/").await, first, "both pages show the same making of it");
        let patch = SettingsPatch { title: Some("Another".into()), ..SettingsPatch::default() };
        engine.apply(PatchSettings { expected: None, patch }).await.unwrap();
        engine.settle().await;
        let second = text(&engine, "/a/").await;
        assert!(second.starts_with("Another"), "{second}");
        assert_eq!(text(&engine, "/b/").await, second);
        demand(&engine, CacheTag::word("part").unwrap()).await;
        let third = text(&engine, "/b/").await;
        assert!(third.starts_with("Another") && third != second, "{third} after {second}");
    });
}

#[test]
fn a_fragment_depends_on_what_it_shows_of_something_asked_outside_of_it() {
    let page = "{% set post = post(slug='hello') %}{% call cached('card') %}{{ post.title }}{% endcall %}";
    with_engine(&[("a", "/a/", page)], "", async |engine| {
        let titled = |title: &str| PostPatch { title: Some(title.into()), ..PostPatch::default() };
        let fields = PostPatch { slug: Some("hello".into()), ..titled("Hello") };
        let id = engine.apply(CreatePost { kind: Kind::Post, fields }).await.unwrap().output;
        engine.apply(Publish { id, expected: None }).await.unwrap();
        engine.settle().await;
        assert_eq!(text(&engine, "/a/").await, "Hello");
        engine.apply(SavePost { id, expected: None, fields: titled("Good morning") }).await.unwrap();
        engine.apply(Publish { id, expected: None }).await.unwrap();
        engine.settle().await;
        assert_eq!(text(&engine, "/a/").await, "Good morning");
    });
}

#[test]
fn a_menu_shows_a_post_that_it_began_to_lead_to_while_nobody_could_see_it() {
    with_engine(&[("a", "/a/", "{% for item in menu('main') %}{{ item.label }} {% endfor %}")], "", async |engine| {
        let draft = async |title: &str| {
            let fields = PostPatch { title: Some(title.into()), ..PostPatch::default() };
            engine.apply(CreatePost { kind: Kind::Post, fields }).await.unwrap().output
        };
        let (one, two) = (draft("One").await, draft("Two").await);
        for id in [one, two] {
            let items = vec![Item { post: Some(id.to_string()), ..Item::default() }];
            engine.apply(PutMenu { name: "main".into(), expected: None, items }).await.unwrap();
            engine.settle().await;
            assert_eq!(text(&engine, "/a/").await, "");
        }
        engine.apply(Publish { id: two, expected: None }).await.unwrap();
        engine.settle().await;
        assert_eq!(text(&engine, "/a/").await, "Two ");
    });
}
