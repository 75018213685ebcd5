//! Progress of long work: one line that is rewritten on a terminal, a line now and then elsewhere.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

const ON_TERMINAL: Duration = Duration::from_millis(100);
const ELSEWHERE: Duration = Duration::from_secs(5);

pub struct Progress {
    what: &'static str,
    is_terminal: bool,
    last: Option<Instant>,
}

impl Progress {
    /// `what` is counted, such as "posts". Lines go to standard error, so that standard output holds the result alone.
    pub fn of(what: &'static str) -> Self {
        Self { what, is_terminal: io::stderr().is_terminal(), last: None }
    }

    /// Shows how far the work is, at most a few times a second.
    pub fn show(&mut self, done: usize, total: usize) {
        let pause = if self.is_terminal { ON_TERMINAL } else { ELSEWHERE };
        let is_due = self.last.is_none_or(|last| last.elapsed() >= pause);
        if !is_due && done < total {
            return;
        }
        self.last = Some(Instant::now());
        let what = self.what;
        let mut out = io::stderr().lock();
        // Nothing is lost when nobody can see it.
        let _ = if self.is_terminal {
            let end = if done == total { "\n" } else { "" };
            write!(out, "\r{done} of {total} {what}\x1b[K{end}").and_then(|()| out.flush())
        } else {
            writeln!(out, "{done} of {total} {what}")
        };
    }
}
