//! The oracle: after each of many random edits, every address ever served by the warm engine gives byte for byte what a
//! fresh engine without a cache makes of the same database. It also counts the pages that were made in vain.
//!
//! `PERENNIAL_ORACLE_EDITS` (default 60) and `PERENNIAL_ORACLE_SEED` (default: a new one, printed) steer it.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod baselines;
mod edits;
mod engine;
mod weather;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};

use self::{
    baselines::{Baselines, Page},
    edits::Editor,
    engine::{Engine, Given},
    weather::Weather,
};

#[test]
fn no_edit_leaves_an_old_page_behind() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let edits = number("PERENNIAL_ORACLE_EDITS", 60);
    let seed = number("PERENNIAL_ORACLE_SEED", rand::rng().random_range(0..1_000_000));
    println!("PERENNIAL_ORACLE_SEED={seed} PERENNIAL_ORACLE_EDITS={edits}");
    actix_rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    })
    .block_on(run(edits, StdRng::seed_from_u64(seed)));
}

async fn run(edits: u64, rng: StdRng) {
    let (weather, folder) = (Weather::start(), tempfile::tempdir().unwrap());
    let mut engine = Engine::start(weather.theme(folder.path()), &weather.address).await;
    let mut editor = Editor::new(rng, weather);
    for _ in 0..12 {
        editor.begin_with_a_post(&engine).await;
    }
    let mut served: BTreeSet<String> = engine.paths().await.into_iter().collect();
    served.extend(["/nowhere/", "/archive/2/", "/hello", "/tag/ivy/page/1/", weather::PATH].map(str::to_owned));
    let mut given = check(&mut engine, &served, "the beginning").await;
    engine.forget_counts();
    engine.take_changed();

    let mut baselines = Baselines::default();
    for n in 0..edits {
        let stored = engine.stored().await;
        let story = editor.edit(&engine).await;
        engine.settle().await;
        served.extend(engine.paths().await);
        served.extend(editor.addresses());
        let now = check(&mut engine, &served, &format!("edit {n}: {story}")).await;
        let pages = stored.into_iter().filter_map(|(path, (tags, own))| {
            let differs = given.get(&path)? != now.get(&path)?;
            Some(Page { own, tags, differs })
        });
        let changed = engine.take_changed();
        // Nothing is different after a demand, and nobody would purge.
        if !story.starts_with("a demand") {
            baselines.count(&changed, &pages.collect::<Vec<_>>());
        }
        given = now;
        if (n + 1) % 500 == 0 {
            println!("{} edits, {} addresses", n + 1, served.len());
        }
    }
    let (renders, reasons) = engine.counts();
    let in_vain: usize = reasons.values().sum();
    let share = 100.0 * in_vain as f64 / renders.max(1) as f64;
    println!("{edits} edits, {} addresses, none of them ever old", served.len());
    println!("Perennial: {renders} pages made again, {in_vain} of them in vain ({share:.1} %)");
    for (reason, count) in reasons {
        println!("  {count} in vain: {reason}");
    }
    baselines.report();
    assert!(renders < baselines.everything(), "an edit makes fewer pages again than there are");
}

/// Every address, warm and cold, and what it gives.
async fn check(engine: &mut Engine, served: &BTreeSet<String>, story: &str) -> BTreeMap<String, Given> {
    engine.renew();
    let mut given = BTreeMap::new();
    // Renders take nearly all of the time, so they are made on all cores.
    let cold = join_all(served.iter().map(|path| engine.cold(path))).await;
    for (path, cold) in served.iter().zip(cold) {
        let warm = engine.warm(path).await;
        assert_eq!(warm.0, cold.0, "{path} after {story}: another status");
        assert_eq!(warm.1, cold.1, "{path} after {story}: another place");
        assert!(
            warm.2 == cold.2,
            "{path} after {story}: the warm page is\n{}\nand the cold one is\n{}",
            String::from_utf8_lossy(&warm.2),
            String::from_utf8_lossy(&cold.2)
        );
        given.insert(path.clone(), warm);
    }
    given
}
