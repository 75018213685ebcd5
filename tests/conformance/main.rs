//! The conformance suite: what a page cache has to do, row by row, tried on the real binary from outside.
//!
//! `cargo test -p perennial-tests --test conformance` runs every row; words after `--` choose rows (`-- ISR-H ISR-T02`). With
//! `PERENNIAL_CONFORMANCE_URL` the rows ask that server, which has to serve the theme of this folder; see [`server`].

mod lab;
mod row;
mod rows;
mod run;
mod server;
mod source;
mod table;

use std::process::ExitCode;

use run::Choice;

fn main() -> ExitCode {
    let choice = match Choice::of(std::env::args().skip(1)) {
        Ok(choice) => choice,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::from(2);
        }
    };
    let rows: Vec<_> = rows::all().filter(|row| choice.takes(row)).collect();
    if choice.list {
        table::list(&rows);
        return ExitCode::SUCCESS;
    }
    let outcomes = run::all(&rows, choice.threads);
    if table::print(&rows, &outcomes) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
