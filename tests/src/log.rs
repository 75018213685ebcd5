//! What a running site says on standard error, line by line, while it runs.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

/// Grows until the process ends.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<(Mutex<Lines>, Condvar)>);

#[derive(Debug, Default)]
struct Lines {
    lines: Vec<String>,
    ended: bool,
}

impl Log {
    /// Takes down what comes until the stream ends.
    pub fn of(stream: impl Read + Send + 'static) -> Self {
        let log = Self::default();
        let writer = log.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                writer.change(|lines| lines.lines.push(line));
            }
            writer.change(|lines| lines.ended = true);
        });
        log
    }

    /// The first line, past or to come, in which `find` finds something. Panics when the process ends without it.
    pub fn find<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let (lines, changed) = &*self.0;
        let until = Instant::now() + Duration::from_secs(30);
        let mut lines = lines.lock().expect("no reader of the log panics");
        loop {
            if let Some(found) = lines.lines.iter().find_map(|line| find(line)) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!lines.ended && !left.is_zero(), "the log does not say {what}:\n{}", lines.lines.join("\n"));
            lines = changed.wait_timeout(lines, left).expect("no reader of the log panics").0;
        }
    }

    /// Waits for a line that holds `text`.
    pub fn says(&self, text: &str) -> String {
        self.find(text, |line| line.contains(text).then(|| line.to_owned()))
    }

    /// All lines up to now.
    pub fn lines(&self) -> Vec<String> {
        self.0.0.lock().expect("no reader of the log panics").lines.clone()
    }

    fn change(&self, change: impl FnOnce(&mut Lines)) {
        change(&mut self.0.0.lock().expect("no reader of the log panics"));
        self.0.1.notify_all();
    }
}
