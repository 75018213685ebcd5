//! A site of 750 real posts: its import, its first pages, its memory, and an edit.

use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

use perennial_tests::{Site, Start};
use serde_json::json;

use crate::{figure, process::memory};

const POSTS: u64 = 750;

/// A folder with the blog in it.
pub fn imported(corpus: &Path) -> Start {
    let blog = corpus.join("md-zola-rust-blog");
    let start = Start::default();
    let import = start.run(&["import", blog.to_str().expect("a path of text")]);
    assert_eq!(import.code, Some(0), "{}", import.stderr);
    start
}

pub fn measure(corpus: &Path) -> bool {
    let begun = Instant::now();
    let start = imported(corpus);
    let mut kept = figure("import of 750 posts", begun.elapsed().as_secs_f64(), "s", 20.0);

    let begun = Instant::now();
    let site = start.start();
    let pages = site.wait_for("prerendered pages", || at_rest(&site).filter(|pages| *pages > POSTS));
    kept &= figure(&format!("start with all {pages} pages made"), begun.elapsed().as_secs_f64(), "s", 20.0);
    println!("The most memory that took: {:.0} MiB.", memory(site.process(), "VmHWM:").expect("it runs"));
    // The allocator gives back what it does not use after some seconds.
    thread::sleep(Duration::from_secs(10));
    kept &= figure("memory ten seconds later", memory(site.process(), "VmRSS:").expect("it runs"), "MiB", 200.0);
    kept & edit(&site)
}

/// The number of pages, when nothing is being made.
pub fn at_rest(site: &Site) -> Option<u64> {
    let cache = &site.get("/readyz").json()["parts"]["cache"];
    let number = |name: &str| cache[name].as_u64().expect("a number");
    (number("queued") == 0 && number("rendering") == 0).then(|| number("pages"))
}

/// Publishes edits of one post, each until every page that shows it is fresh.
fn edit(site: &Site) -> bool {
    // Setting up the site gives it a title, which every page shows.
    let editor = site.signed_in();
    site.wait_for("fresh pages", || at_rest(site));
    let posts = editor.get("/posts?status=published&limit=1");
    let path = format!("/posts/{}", posts["items"][0]["id"].as_str().expect("a post"));
    let mut times = Vec::new();
    let mut affected = 0;
    for n in 0..11 {
        editor.patch(&path, json!({"title": format!("Edited {n}")}));
        let begun = Instant::now();
        let receipt = editor.post(&format!("{path}/publish"), json!({}));
        site.wait_for("fresh pages", || at_rest(site));
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        affected = receipt["affected"].as_u64().expect("a number");
        let page = receipt["pages"][0]["path"].as_str().expect("a page");
        assert_eq!(site.get(page).cache(), "HIT", "{page}");
    }
    times.sort_by(f64::total_cmp);
    println!(
        "An edit of a title concerns {affected} pages; the slowest of {} took {:.0} ms.",
        times.len(),
        times[times.len() - 1]
    );
    figure("publish of a title until all pages are fresh, median", times[times.len() / 2], "ms", 100.0)
}
