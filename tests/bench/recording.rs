//! What it costs a render to record what it reads: the fingerprints, names and copies, against the whole render.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, dead_code)]

#[path = "../../engine/tests/theme/site.rs"]
mod site;

use std::{
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use perennial::{
    content::{ask::ask, permalink::Permalinks},
    render::question::Question,
};

use self::site::{Posts, on_a_site, post, term};

const ROUNDS: u32 = 300;
const LIMIT: f64 = 0.10;
const PAGES: &[&str] = &["/", "/post-20/", "/archive/", "/tag/roses/", "/rss.xml"];

fn main() -> ExitCode {
    let mut kept = true;
    on_a_site(async |site| {
        site.apply(Posts((0..40).map(|number| {
            let markdown = "A paragraph of **some length** with [links](/post-1/) in it.\n\n".repeat(30);
            perennial::content::command::post::ImportPost { markdown, tags: term("Roses"), ..post(number) }
        })))
        .await;
        for path in PAGES {
            kept &= measure(&site, path).await;
        }
    });
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(site: &site::Site, path: &str) -> bool {
    let page = site.render(path).await;
    let mut renders = Duration::ZERO;
    for _ in 0..ROUNDS {
        renders += site.render(path).await.took;
    }
    let permalinks = Permalinks::default();
    let mut asked = Vec::new();
    for recorded in &page.reads {
        if let Question::Content(read, seen) = &recorded.question {
            asked.push((read, *seen, ask(&site.db.readers, read).await.unwrap()));
        }
    }
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        for (read, seen, answered) in &asked {
            let question = Question::Content((*read).clone(), *seen);
            black_box((question, answered.fingerprint(*seen, &permalinks), answered.tags.clone()));
        }
    }
    let ratio = begun.elapsed().as_secs_f64() / renders.as_secs_f64();
    let (reads, each) = (page.reads.len(), renders / ROUNDS);
    println!(
        "{path:<14} {reads:>3} reads, {each:>9.1?} a render, recording {:>5.2} % of it, limit {:.0} %",
        ratio * 100.0,
        LIMIT * 100.0
    );
    ratio <= LIMIT
}
