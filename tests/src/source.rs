//! Another server, from which pages fetch.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    thread,
};

/// It counts what it is asked and answers with the count. Its thread ends with the test's process.
#[derive(Debug)]
pub struct Source {
    pub address: SocketAddr,
    asked: Arc<AtomicUsize>,
    status: Arc<AtomicU16>,
}

impl Source {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let source = Self { address, asked: Arc::default(), status: Arc::new(AtomicU16::new(200)) };
        let (asked, status) = (source.asked.clone(), source.status.clone());
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let body = (asked.fetch_add(1, Ordering::SeqCst) + 1).to_string();
                let (status, length) = (status.load(Ordering::SeqCst), body.len());
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                // Whoever asked may have left.
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        source
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Answers with this status from now on.
    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }
}
