//! What the README promises, measured: a hit against a static answer of the same web framework, and a site of 750 posts.

mod hit;
mod load;
mod process;
mod site;

use std::{env, process::ExitCode};

/// Prints one figure beside its limit.
fn figure(what: &str, value: f64, unit: &str, limit: f64) -> bool {
    let kept = value <= limit;
    println!("{what:<62} {value:>9.2} {unit:<3} limit {limit:>7.2}  {}", if kept { "kept" } else { "NOT KEPT" });
    kept
}

fn main() -> ExitCode {
    let mut kept = hit::measure();
    match env::var_os("PERENNIAL_CORPUS") {
        Some(corpus) => kept &= site::measure(corpus.as_ref()),
        None => println!("A site of 750 posts is not measured: PERENNIAL_CORPUS names no folder of real sites."),
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
