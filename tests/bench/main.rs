//! What the README promises, measured: a hit against a static answer of the same web framework, a site of 750 posts, a crowd
//! of readers and editors, a site of 100,000 posts, the switch to another theme on one of 10,000, and the import of 1,000 photographs.
//!
//! `bench [hit|site|crowd|scale|search|switch|images]…`; all but the last four without a name, which takes some minutes.

mod crowd;
mod hit;
mod images;
mod load;
mod process;
mod scale;
mod search;
mod site;
mod switch;

use std::{env, process::ExitCode};

/// Prints one figure beside its limit.
fn figure(what: &str, value: f64, unit: &str, limit: f64) -> bool {
    let kept = value <= limit;
    println!("{what:<62} {value:>9.2} {unit:<3} limit {limit:>7.2}  {}", if kept { "kept" } else { "NOT KEPT" });
    kept
}

fn main() -> ExitCode {
    let named: Vec<_> = env::args().skip(1).collect();
    let wanted = |name: &str| {
        if named.is_empty() {
            !matches!(name, "scale" | "search" | "switch" | "images")
        } else {
            named.iter().any(|own| own == name)
        }
    };
    let corpus = env::var_os("PERENNIAL_CORPUS");
    let mut kept = true;
    if wanted("hit") {
        kept &= hit::measure();
    }
    if wanted("site") || wanted("crowd") {
        match corpus {
            Some(corpus) => {
                if wanted("site") {
                    kept &= site::measure(corpus.as_ref());
                }
                if wanted("crowd") {
                    kept &= crowd::measure(corpus.as_ref());
                }
            }
            None => println!("A site of 750 posts is not measured: PERENNIAL_CORPUS names no folder of real sites."),
        }
    }
    if wanted("scale") {
        kept &= scale::measure();
    }
    if wanted("search") {
        kept &= search::measure();
    }
    if wanted("switch") {
        kept &= switch::measure();
    }
    if wanted("images") {
        kept &= images::measure();
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
