//! Load from one thread: connections that are kept alive, all of which have a request under way at once.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

/// What a browser says of the encodings it takes.
pub const REQUEST: &str = "GET /page/ HTTP/1.1\r\nhost: site.test\r\naccept: text/html\r\naccept-encoding: gzip, deflate, br, zstd\r\n\
                           user-agent: Mozilla/5.0\r\n\r\n";

const CONNECTIONS: usize = 32;

pub struct Load {
    connections: Vec<TcpStream>,
    /// Every answer is as long as the first, and ends as it does.
    expected: Vec<u8>,
}

impl Load {
    pub fn on(server: SocketAddr) -> Self {
        let connect = || {
            let stream = TcpStream::connect(server).expect("a connection");
            stream.set_nodelay(true).expect("an option");
            stream
        };
        let connections: Vec<_> = (0..CONNECTIONS).map(|_| connect()).collect();
        let expected = answer(connect());
        Self { connections, expected }
    }

    pub fn run(&mut self, requests: usize) {
        let mut buffer = vec![0; self.expected.len()];
        for _ in 0..requests / CONNECTIONS {
            for stream in &mut self.connections {
                stream.write_all(REQUEST.as_bytes()).expect("a request");
            }
            for stream in &mut self.connections {
                stream.read_exact(&mut buffer).expect("an answer");
                assert!(
                    buffer.starts_with(b"HTTP/1.1 200 ") && buffer.ends_with(tail(&self.expected)),
                    "another answer"
                );
            }
        }
    }

    /// The answer as it came over the wire.
    pub fn answer(&self) -> &[u8] {
        &self.expected
    }
}

fn tail(answer: &[u8]) -> &[u8] {
    &answer[answer.len() - 64..]
}

/// One whole answer.
fn answer(mut stream: TcpStream) -> Vec<u8> {
    stream.write_all(REQUEST.as_bytes()).expect("a request");
    let mut answer = Vec::new();
    let mut part = [0; 16_384];
    loop {
        let read = stream.read(&mut part).expect("an answer");
        assert!(read > 0, "the connection was closed");
        answer.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        if answer.len() == head.len() + 4 + length.parse::<usize>().expect("a number") {
            return answer;
        }
    }
}
