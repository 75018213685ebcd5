//! A page as readers are given it: every variant of its body, its validators, and its state, which alone ever changes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use actix_web::http::header::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::render::encode::Encoded;

use super::state::{Millis, entry::Facts};

/// What a change or a failure says of a page; its age is a matter of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Mark {
    Fresh,
    /// May be given once more while a new one is made.
    Stale,
    /// May not be given unless making a new one fails.
    Expired,
    /// The last good page: making a new one has failed.
    Degraded,
}

/// A rendered page with what its answers are made of.
#[derive(Debug)]
pub struct Document {
    pub status: u16,
    pub content_type: HeaderValue,
    pub location: Option<HeaderValue>,
    pub body: Encoded,
    pub etags: Etags,
    pub last_modified: HeaderValue,
    /// When its bytes last changed.
    pub modified_at: Millis,
    /// Never stored, always made for the request.
    pub dynamic: bool,
}

impl Document {
    /// `None` when a header would not be one.
    pub fn new(
        status: u16,
        content_type: &str,
        location: Option<&str>,
        body: Encoded,
        modified_at: Millis,
        dynamic: bool,
    ) -> Option<Self> {
        Some(Self {
            status,
            content_type: HeaderValue::from_str(content_type).ok()?,
            location: location.map(HeaderValue::from_str).transpose().ok()?,
            etags: Etags::of(&body.hash),
            last_modified: http_date(modified_at)?,
            modified_at,
            body,
            dynamic,
        })
    }
}

impl Document {
    /// The same with another date.
    pub(super) fn redated(&self, modified_at: Millis) -> Self {
        Self {
            content_type: self.content_type.clone(),
            location: self.location.clone(),
            body: self.body.clone(),
            etags: Etags::of(&self.body.hash),
            last_modified: http_date(modified_at).unwrap_or_else(|| self.last_modified.clone()),
            modified_at,
            ..*self
        }
    }
}

fn http_date(at: Millis) -> Option<HeaderValue> {
    let at = UNIX_EPOCH + Duration::from_secs(u64::try_from(at / 1000).unwrap_or(0));
    HeaderValue::from_str(&httpdate::fmt_http_date(at)).ok()
}

/// Strong validators, one for each encoding.
#[derive(Debug)]
pub struct Etags {
    pub identity: HeaderValue,
    pub gzip: HeaderValue,
    pub br: HeaderValue,
    pub zstd: HeaderValue,
}

impl Etags {
    pub fn of(hash: &str) -> Self {
        let value = |suffix: &str| {
            HeaderValue::from_str(&format!("\"{hash}{suffix}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
        };
        Self { identity: value(""), gzip: value("-gz"), br: value("-br"), zstd: value("-zs") }
    }
}

/// A document in the cache, as readers find it.
#[derive(Debug)]
pub struct Page {
    pub document: Arc<Document>,
    pub fresh_until: Option<Millis>,
    pub expires_at: Millis,
    mark: AtomicU8,
    visited: AtomicBool,
}

impl Page {
    pub fn new(document: Arc<Document>, facts: &Facts, mark: Mark) -> Self {
        Self {
            document,
            fresh_until: facts.fresh_until,
            expires_at: facts.expires_at,
            mark: AtomicU8::new(mark as u8),
            visited: AtomicBool::new(false),
        }
    }

    pub fn mark(&self) -> Mark {
        match self.mark.load(Ordering::Acquire) {
            0 => Mark::Fresh,
            1 => Mark::Stale,
            2 => Mark::Expired,
            _ => Mark::Degraded,
        }
    }

    pub(super) fn set_mark(&self, mark: Mark) {
        self.mark.store(mark as u8, Ordering::Release);
    }

    /// Notes a visit; writes only the first time, so that a hot page stays in every core's cache.
    pub fn visit(&self) {
        if !self.visited.load(Ordering::Relaxed) {
            self.visited.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn take_visited(&self) -> bool {
        self.visited.swap(false, Ordering::Relaxed)
    }
}
