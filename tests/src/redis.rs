//! A Redis server of a test's own, where the program is at hand.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// It keeps nothing on disk, and ends when it is dropped.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    process: Option<Child>,
}

impl Redis {
    /// `None`, and a line that says so, where there is no `redis-server`.
    pub fn start() -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("skipped: no redis-server");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut redis = Self { port, process: None };
        redis.begin();
        Some(redis)
    }

    /// Starts it, empty, on the port that it had.
    pub fn begin(&mut self) {
        let port = self.port.to_string();
        let settings = ["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        let process = Command::new("redis-server").args(settings).stdout(Stdio::null()).spawn();
        self.process = Some(process.expect("it was there a moment ago"));
        let until = Instant::now() + Duration::from_secs(20);
        while self.tell("PING").is_none() {
            assert!(Instant::now() < until, "Redis does not answer");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends it as a power cut would.
    pub fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            // Either fails only when the process has ended before.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Leaves every question unanswered, with its connections open.
    pub fn hang(&self) {
        let process = self.process.as_ref().expect("it runs");
        kill_process(Pid::from_child(process), Signal::STOP).expect("the process is there");
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// The first part of its answer to a command.
    pub fn tell(&self, command: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.write_all(format!("{command}\r\n").as_bytes()).ok()?;
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer[..length]).into_owned())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.end();
    }
}
