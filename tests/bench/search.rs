//! Searches of a site of 100,000 posts: one that 10,000 of them answer, and the commonest word of all.

use std::{fmt::Write as _, fs, path::Path, time::Instant};

use perennial_tests::{Site, Start};

use crate::{
    figure,
    scale::{median, posts},
};

pub fn measure() -> bool {
    let posts = posts();
    let start = Start::default().with("PERENNIAL_CACHE_URL", "off");
    let folder = start.folder().join("many");
    write(&folder, posts);
    let import = start.run(&["import", folder.to_str().expect("a path of text")]);
    assert_eq!(import.code, Some(0), "{}", import.stderr);
    let site = start.start();
    let bare = took(&site, "/search.json?q=nothingofthekind", 0);
    let tenth = took(&site, "/search.json?q=needle", (posts / 10) as u64);
    let every = took(&site, "/search.json?q=the", posts.min(10_000) as u64);
    let begun = took(&site, "/search.json?q=needle+wor", (posts / 10) as u64);
    println!("A search that finds nothing takes {bare:.1} ms from the request to the answer.");
    figure("a search with a result in every tenth post, ranked", tenth, "ms", 20.0)
        & figure("the same with a word that goes on", begun, "ms", 60.0)
        & figure("a search for a word of every post", every, "ms", 60.0)
}

/// Milliseconds until the answer is there, the median of many.
fn took(site: &Site, path: &str, total: u64) -> f64 {
    let times = (0..21).map(|_| {
        let begun = Instant::now();
        let answer = site.get(path);
        let took = begun.elapsed().as_secs_f64() * 1_000.0;
        assert_eq!(answer.json()["total"], total, "{path}");
        took
    });
    median(times.collect())
}

/// A tree of Markdown. Words are about as often as in a language: the n-th commonest stands in every n-th place or so.
fn write(folder: &Path, posts: usize) {
    fs::create_dir_all(folder).expect("a folder");
    let mut state = 1_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    for n in 0..posts {
        let (year, month, day) = (2000 + n / 8_064, n / 672 % 12 + 1, n / 24 % 28 + 1);
        let mut text =
            format!("---\ntitle: Post number {n}\nslug: post-{n}\ndate: {year}-{month:02}-{day:02}\n---\n\nThe");
        for _ in 0..150 {
            let rank = (10_f64.powf(random() * 4.5)) as u64;
            write!(text, " word{rank}").expect("strings grow");
        }
        if n % 10 == 0 {
            text.push_str(" needle");
        }
        text.push('\n');
        fs::write(folder.join(format!("post-{n}.md")), text).expect("a file");
    }
}
