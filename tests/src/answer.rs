//! An answer as a reader gets it.

use std::io::Read;

use reqwest::{blocking::Response, header::HeaderMap};

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// As it came over the wire.
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads an answer to its end; fails when the connection breaks before.
    pub fn of(response: Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes()?.to_vec() })
    }

    /// Empty where there is none; a header that comes twice is a mistake.
    pub fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map_or("", |value| value.to_str().expect("headers are text"));
        assert!(values.next().is_none(), "the header {name} comes twice");
        value
    }

    /// `HIT`, `MISS`, …
    pub fn cache(&self) -> &str {
        self.header("x-perennial-cache")
    }

    pub fn etag(&self) -> &str {
        self.header("etag")
    }

    /// The body without its content coding.
    pub fn decoded(&self) -> Vec<u8> {
        let body = self.body.as_slice();
        let mut decoded = Vec::new();
        let size = match self.header("content-encoding") {
            "" => return self.body.clone(),
            "br" => brotli::Decompressor::new(body, 4096).read_to_end(&mut decoded),
            "gzip" => flate2::read::GzDecoder::new(body).read_to_end(&mut decoded),
            "zstd" => return zstd::decode_all(body).expect("valid zstd"),
            other => panic!("nobody asked for {other}"),
        };
        size.expect("the body is what its content-encoding says");
        decoded
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.decoded()).expect("pages are text")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.decoded()).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }
}
