//! The run: which rows are tried, several at once, and what becomes of each.

use std::{
    any::Any,
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use crate::{
    lab::Lab,
    row::{Outcome, Row, Server, Test},
    server::{self, Host},
};

/// Rows mostly wait, for periods to end or for a slow source.
const THREADS: usize = 8;

/// What the command line asks for. It is that of every Rust test, as far as it makes sense here.
#[derive(Debug)]
pub struct Choice {
    /// Beginnings of ids; none means all.
    words: Vec<String>,
    pub list: bool,
    /// Only rows that are not tried yet.
    ignored: bool,
    pub threads: usize,
}

impl Choice {
    pub fn of(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut choice = Self { words: Vec::new(), list: false, ignored: false, threads: THREADS };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => choice.list = true,
                "--ignored" => choice.ignored = true,
                "--format" => drop(arguments.next()),
                "--nocapture" | "--exact" | "--quiet" | "-q" => {}
                "--test-threads" => choice.threads = threads(arguments.next().as_deref())?,
                other => match other.strip_prefix("--test-threads=") {
                    Some(number) => choice.threads = threads(Some(number))?,
                    None if other.starts_with('-') => {
                        return Err(format!(
                            "{other} is unknown; say beginnings of ids (ISR-H ISR-T02), --list, --ignored or --test-threads N"
                        ));
                    }
                    None => choice.words.push(other.to_owned()),
                },
            }
        }
        Ok(choice)
    }

    pub fn takes(&self, row: &Row) -> bool {
        let named = self.words.is_empty() || self.words.iter().any(|word| row.id.starts_with(word));
        named && (!self.ignored || matches!(row.test, Test::NotYet(_)))
    }
}

fn threads(number: Option<&str>) -> Result<usize, String> {
    let number = number.and_then(|number| number.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| "--test-threads is a number from 1 on".into())
}

thread_local! {
    /// What the last panic on this thread said, and where.
    static REASON: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Tries the rows; their outcomes, in the same order.
pub fn all(rows: &[Row], threads: usize) -> Vec<Outcome> {
    panic::set_hook(Box::new(|info| REASON.set(Some(info.to_string()))));
    let shared = OnceLock::new();
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(vec![None; rows.len()]);
    thread::scope(|scope| {
        for _ in 0..threads.min(rows.len()) {
            scope.spawn(|| {
                while let Some((index, row)) = take(&next, rows) {
                    let outcome = one(row, &shared);
                    outcomes.lock().expect("nothing panics while it holds them")[index] = Some(outcome);
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().expect("nothing panics while it holds them");
    outcomes.into_iter().map(|outcome| outcome.expect("every row was taken")).collect()
}

fn take<'r>(next: &AtomicUsize, rows: &'r [Row]) -> Option<(usize, &'r Row)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    rows.get(index).map(|row| (index, row))
}

fn one(row: &Row, shared: &OnceLock<Host>) -> Outcome {
    let test = match row.test {
        Test::Run(test) => test,
        Test::NotYet(missing) => return Outcome::NotYet(missing),
    };
    if matches!(row.server, Server::Own(_)) && server::named().is_some() {
        return Outcome::Skipped("it needs a server of its own");
    }
    let begun = Instant::now();
    // What a row left half done in a server is what other rows have to live with in any case.
    let tried = panic::catch_unwind(AssertUnwindSafe(|| match row.server {
        Server::Shared => test(&Lab::new(shared.get_or_init(Host::shared), row.id)),
        Server::Own(settings) => test(&Lab::new(&Host::start(settings), row.id)),
    }));
    match tried {
        Ok(()) => Outcome::Passed(begun.elapsed()),
        Err(panic) => Outcome::Failed(begun.elapsed(), REASON.take().unwrap_or_else(|| said(&*panic))),
    }
}

/// What a panic of another thread said.
fn said(panic: &dyn Any) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_else(|| "a panic".into())
}
