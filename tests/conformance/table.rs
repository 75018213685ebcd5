//! The printed table: a line for each row, then what failed, then numbers in the form that Rust's tests give them.

use std::time::Duration;

use crate::row::{Outcome, Row};

/// The rows as `cargo nextest` asks for them.
pub fn list(rows: &[Row]) {
    for row in rows {
        println!("{}: test", row.id);
    }
}

/// Prints what became of each row; false when one failed.
pub fn print(rows: &[Row], outcomes: &[Outcome]) -> bool {
    println!("\n{:<8} {:<8} {:>6}  given | request | expectation", "row", "result", "ms");
    for (row, outcome) in rows.iter().zip(outcomes) {
        let (result, took, note) = match outcome {
            Outcome::Passed(took) => ("pass", milliseconds(*took), String::new()),
            Outcome::Failed(took, _) => ("FAIL", milliseconds(*took), String::new()),
            Outcome::NotYet(missing) => ("not yet", "-".into(), format!(" [not yet: {missing}]")),
            Outcome::Skipped(why) => ("skipped", "-".into(), format!(" [skipped: {why}]")),
        };
        println!("{:<8} {result:<8} {took:>6}  {} | {} | {}{note}", row.id, row.given, row.request, row.expect);
    }
    for (row, outcome) in rows.iter().zip(outcomes) {
        if let Outcome::Failed(_, reason) = outcome {
            println!("\n{} failed: {reason}", row.id);
        }
    }
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    let passed = count(|outcome| matches!(outcome, Outcome::Passed(_)));
    let failed = count(|outcome| matches!(outcome, Outcome::Failed(..)));
    let not_yet = count(|outcome| matches!(outcome, Outcome::NotYet(_)));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    println!("\n{} rows: {passed} pass, {failed} fail, {not_yet} not yet, {skipped} skipped", rows.len());
    let result = if failed == 0 { "ok" } else { "FAILED" };
    println!("test result: {result}. {passed} passed; {failed} failed; {} ignored;", not_yet + skipped);
    failed == 0
}

fn milliseconds(took: Duration) -> String {
    took.as_millis().to_string()
}
