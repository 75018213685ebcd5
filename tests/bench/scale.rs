//! A site of 100,000 posts (or as many as `PERENNIAL_BENCH_POSTS` says): all its pages expired at once, and one post published.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{Read, Write as _},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use perennial_tests::{Editor, Site, Start};
use serde_json::json;

use crate::{figure, process::memory, site::at_rest};

const POSTS: usize = 100_000;
/// Longer than making every page takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// How many posts a large site has here.
pub fn posts() -> usize {
    env::var("PERENNIAL_BENCH_POSTS").ok().and_then(|text| text.parse().ok()).unwrap_or(POSTS)
}

pub fn measure() -> bool {
    let posts = posts();
    let start = Start::default().with("PERENNIAL_CACHE_URL", "memory:").with("PERENNIAL_CACHE_MEMORY", "4GiB");
    let folder = start.folder().join("many");
    write(&folder, posts);
    let begun = Instant::now();
    let import = start.run(&["import", folder.to_str().expect("a path of text")]);
    assert_eq!(import.code, Some(0), "{}", import.stderr);
    println!("{posts} posts were imported in {:.0} s.", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let site = start.start();
    let editor = site.signed_in();
    let pages = rest(&site, posts as u64);
    println!("{pages} pages were made in {:.0} s.", begun.elapsed().as_secs_f64());
    println!("They take {:.0} MiB of memory, bodies among it.", memory(site.process(), "VmRSS:").expect("it runs"));
    publish(&site, &editor) & expire(&site, &editor)
}

/// A tree of Markdown: posts an hour apart, each with two of fifty tags.
pub fn write(folder: &Path, posts: usize) {
    fs::create_dir_all(folder).expect("a folder");
    for n in 0..posts {
        let (year, month, day, hour) = (2000 + n / 8_064, n / 672 % 12 + 1, n / 24 % 28 + 1, n % 24);
        let mut text = format!(
            "---\ntitle: Post number {n}\nslug: post-{n}\ndate: {year}-{month:02}-{day:02}T{hour:02}:00:00Z\ntags: [t{}, t{}]\n---\n\n",
            n % 50,
            n * 7 % 50
        );
        for paragraph in 0..3 {
            write!(text, "Paragraph {paragraph} of **post {n}** has some words of its own, and [a link](https://example.org/{n}).\n\n")
                .expect("strings grow");
        }
        fs::write(folder.join(format!("post-{n}.md")), text).expect("a file");
    }
}

pub fn rest(site: &Site, more_than: u64) -> u64 {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(pages) = at_rest(site).filter(|pages| *pages >= more_than) {
            return pages;
        }
        assert!(Instant::now() < until, "the pages are not made in time");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Edits of one post, and new ones: how long until the editor is told that nobody can get the old version any more.
fn publish(site: &Site, editor: &Editor<'_>) -> bool {
    let newest = editor.get("/posts?status=published&limit=1");
    let path = format!("/posts/{}", newest["items"][0]["id"].as_str().expect("a post"));
    let edits = (0..11).map(|n| {
        editor.patch(&path, json!({"title": format!("Edited {n}")}));
        answered(site, editor, &path)
    });
    let edits = median(edits.collect());
    let news = (0..11).map(|n| {
        let post = editor
            .post("/posts", json!({"kind": "post", "title": format!("New {n}"), "markdown": "News.", "tags": ["t1"]}));
        answered(site, editor, &format!("/posts/{}", post["id"].as_str().expect("an id")))
    });
    let news = median(news.collect());
    figure("publish of an edit, median", edits, "ms", 250.0)
        & figure("publish of a new post, median", news, "ms", 250.0)
}

fn answered(site: &Site, editor: &Editor<'_>, path: &str) -> f64 {
    let begun = Instant::now();
    editor.post(&format!("{path}/publish"), json!({}));
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    site.wait_for("pages at rest", || at_rest(site));
    took
}

/// Expires every post's page by one tag, while somebody reads another page over and over.
fn expire(site: &Site, editor: &Editor<'_>) -> bool {
    site.warm("/tags/");
    let ended = AtomicBool::new(false);
    let (before, took, hits) = thread::scope(|scope| {
        let reader = scope.spawn(|| read(site, &ended));
        thread::sleep(Duration::from_secs(5));
        let before = Instant::now();
        let answer = editor.post("/revalidate", json!({"tags": ["route:post"]}));
        let took = before.elapsed();
        println!("One tag expired {} pages.", answer["pages"]);
        thread::sleep(Duration::from_millis(200));
        ended.store(true, Ordering::Relaxed);
        (before, took, reader.join().expect("a reader"))
    });
    let (calm, meanwhile): (Vec<_>, Vec<_>) = hits.into_iter().partition(|(at, _)| *at < before);
    println!("{} hits before, {} meanwhile and just after.", calm.len(), meanwhile.len());
    let ratio = ninety_ninth(meanwhile) / ninety_ninth(calm);
    let expired = figure("expiring all of them, until it is answered", took.as_secs_f64() * 1_000.0, "ms", 100.0);
    expired & figure("p99 of hits elsewhere meanwhile, against before", ratio, "", 2.0)
}

/// When each hit began, and how many milliseconds it took.
fn read(site: &Site, ended: &AtomicBool) -> Vec<(Instant, f64)> {
    let mut stream = TcpStream::connect(site.address()).expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let mut answer = vec![0; 1 << 20];
    let mut hits = Vec::new();
    while !ended.load(Ordering::Relaxed) {
        let begun = Instant::now();
        stream.write_all(b"HEAD /tags/ HTTP/1.1\r\nhost: site.test\r\n\r\n").expect("a request");
        let read = stream.read(&mut answer).expect("an answer");
        assert!(answer[..read].starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer[..read]));
        hits.push((begun, begun.elapsed().as_secs_f64() * 1_000.0));
    }
    hits
}

fn ninety_ninth(hits: Vec<(Instant, f64)>) -> f64 {
    let mut times: Vec<_> = hits.into_iter().map(|(_, took)| took).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() * 99 / 100]
}

pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
