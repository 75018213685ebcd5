//! Rows: what is given, what is asked, what is expected, and the test that tries it.

use std::time::Duration;

use crate::lab::Lab;

/// One row of the suite. Its words are its documentation.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub id: &'static str,
    pub given: &'static str,
    pub request: &'static str,
    pub expect: &'static str,
    pub server: Server,
    pub test: Test,
}

/// What tries a row.
#[derive(Clone, Copy, Debug)]
pub enum Test {
    Run(fn(&Lab<'_>)),
    /// Nothing: this has to be there before.
    NotYet(&'static str),
}

/// The server that a row asks.
#[derive(Clone, Copy, Debug)]
pub enum Server {
    /// One for all rows: what a row makes there bears a word of the row's own.
    Shared,
    /// The row's own, started with these settings; it may be stopped and killed.
    Own(&'static [(&'static str, &'static str)]),
}

/// How a row ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    Passed(Duration),
    Failed(Duration, String),
    /// Not tried, and why.
    NotYet(&'static str),
    Skipped(&'static str),
}

pub const fn row(
    id: &'static str,
    given: &'static str,
    request: &'static str,
    expect: &'static str,
    test: fn(&Lab<'_>),
) -> Row {
    Row { id, given, request, expect, server: Server::Shared, test: Test::Run(test) }
}

/// A row that this suite names and does not try before `missing` is there.
pub const fn listed(
    id: &'static str,
    given: &'static str,
    request: &'static str,
    expect: &'static str,
    missing: &'static str,
) -> Row {
    Row { id, given, request, expect, server: Server::Shared, test: Test::NotYet(missing) }
}

impl Row {
    /// On a server that nobody else asks.
    pub const fn alone(self) -> Self {
        self.alone_with(&[])
    }

    pub const fn alone_with(mut self, settings: &'static [(&'static str, &'static str)]) -> Self {
        self.server = Server::Own(settings);
        self
    }
}
