//! A PostgreSQL database of a test's own, where a server is at hand.

use std::{env, process::Command, time::SystemTime};

/// Dropped, with all that is in it, at the end.
#[derive(Debug)]
pub struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// On the server that `PERENNIAL_TEST_POSTGRES` names; `None` without one.
    pub fn new() -> Option<Self> {
        let server = env::var("PERENNIAL_TEST_POSTGRES").ok()?;
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock");
        let database = Self { server, name: format!("perennial_{}_{}", std::process::id(), since.as_nanos()) };
        database.tell("CREATE DATABASE");
        Some(database)
    }

    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{}", self.name)
    }

    fn tell(&self, command: &str) {
        let command = format!("{command} {}", self.name);
        let run = Command::new("psql").args([&self.server, "--quiet", "--command", &command]).output();
        let run = run.expect("psql is there where PostgreSQL is");
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A test that failed already says why.
        if !std::thread::panicking() {
            self.tell("DROP DATABASE");
        }
    }
}
