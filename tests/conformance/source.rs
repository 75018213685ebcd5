//! The server that the fixture theme fetches from: it answers as a row wants, and notes when it was asked.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::{Duration, Instant},
};

/// How long a row waits for a question.
const PATIENCE: Duration = Duration::from_secs(40);

/// `/value/…` answers 200 with a text, or with how often it was asked. `/switch/…` answers 404, which nobody keeps: so
/// every render asks it, and is slow, or fails, as a row wants.
#[derive(Clone, Debug)]
pub struct Source {
    address: SocketAddr,
    taps: Arc<(Mutex<HashMap<String, Tap>>, Condvar)>,
}

#[derive(Clone, Debug, Default)]
struct Tap {
    text: Option<String>,
    delay: Duration,
    asked: Vec<Instant>,
}

impl Source {
    /// Port 0 is any that is free.
    pub fn start(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .unwrap_or_else(|error| panic!("127.0.0.1:{port}, where the fixture theme fetches from: {error}"));
        let address = listener.local_addr().expect("it listens");
        let source = Self { address, taps: Arc::default() };
        let answering = source.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let source = answering.clone();
                thread::spawn(move || source.answer(stream));
            }
        });
        source
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn say(&self, path: &str, text: &str) {
        self.taps().entry(path.into()).or_default().text = Some(text.into());
    }

    pub fn delay(&self, path: &str, delay: Duration) {
        self.taps().entry(path.into()).or_default().delay = delay;
    }

    /// When it was asked.
    pub fn asked(&self, path: &str) -> Vec<Instant> {
        self.taps().get(path).map(|tap| tap.asked.clone()).unwrap_or_default()
    }

    /// Waits until it has been asked so often.
    pub fn wait_asked(&self, path: &str, times: usize) -> Vec<Instant> {
        let asked = |taps: &mut HashMap<String, Tap>| taps.get(path).is_none_or(|tap| tap.asked.len() < times);
        let waited = self.taps.1.wait_timeout_while(self.taps(), PATIENCE, asked);
        let (taps, _) = waited.expect("nothing panics while it holds the taps");
        let asked = taps.get(path).map(|tap| tap.asked.clone()).unwrap_or_default();
        assert!(asked.len() >= times, "{path} was asked {} times, not {times}", asked.len());
        asked
    }

    fn taps(&self) -> MutexGuard<'_, HashMap<String, Tap>> {
        self.taps.0.lock().expect("nothing panics while it holds the taps")
    }

    /// One request on one connection; who breaks it off is not told.
    fn answer(&self, stream: TcpStream) {
        let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let Some(line) = lines.next() else { return };
        lines.take_while(|line| !line.is_empty()).for_each(drop);
        let path = line.split(' ').nth(1).unwrap_or_default();
        let (body, delay) = self.ask(path);
        thread::sleep(delay);
        let status = if path.starts_with("/switch/") { "404 Not Found" } else { "200 OK" };
        let length = body.len();
        let _ = write!(&stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    }

    fn ask(&self, path: &str) -> (String, Duration) {
        let mut taps = self.taps();
        let tap = taps.entry(path.into()).or_default();
        tap.asked.push(Instant::now());
        self.taps.1.notify_all();
        (tap.text.clone().unwrap_or_else(|| tap.asked.len().to_string()), tap.delay)
    }
}
