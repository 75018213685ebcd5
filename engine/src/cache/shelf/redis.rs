//! A shelf in Redis. Every request has a short time; after one that fails, Redis is left alone for a moment, so that an
//! outage costs nothing but the shelf. Records expire when nobody has asked for them for a month.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use redis::{Client, Connection, ConnectionLike, RedisResult, cmd};

use crate::content::change::Revision;

use super::{
    place::{Found, Kind, PlaceError},
    record::Name,
};

/// How long a connection, or one answer, may take.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long Redis is left alone after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// Seconds that a record is kept after somebody wrote it or asked for it.
const KEPT: u64 = 30 * 86_400;

/// Records asked for at once.
const PAGE: usize = 200;

/// Puts a record in place of the one that is there, unless that is newer.
const WRITE: &str = "\
local there = redis.call('HGET', KEYS[1], 'revision')
if there and tonumber(there) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'record', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1";

#[derive(Debug)]
pub struct Redis {
    client: Client,
    /// Names the format and whose pages they are: those of another lie beside these and are not looked at.
    prefix: String,
    /// One connection to write with, and one to read with, so that no reader waits for what is written.
    writes: Link,
    reads: Link,
}

#[derive(Debug, Default)]
struct Link {
    linked: Mutex<Linked>,
    /// The last request failed.
    away: AtomicBool,
}

#[derive(Default)]
struct Linked {
    connection: Option<Connection>,
    /// Set after a failure: not before this moment again.
    retry: Option<Instant>,
}

impl std::fmt::Debug for Linked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Linked").field("retry", &self.retry).finish_non_exhaustive()
    }
}

impl Redis {
    pub fn open(url: &str, site: &str) -> RedisResult<Self> {
        let prefix = format!("perennial:{site}");
        Ok(Self { client: Client::open(url)?, prefix, writes: Link::default(), reads: Link::default() })
    }

    pub fn is_away(&self) -> bool {
        [&self.writes, &self.reads].iter().any(|link| link.away.load(Ordering::Relaxed))
    }

    /// Whether it answers at all.
    pub fn ping(&self) -> Result<(), PlaceError> {
        self.reads.run(&self.client, |redis| cmd("PING").query(redis))
    }

    pub fn read(&self, kind: Kind, name: Name) -> Result<Option<Vec<u8>>, PlaceError> {
        let key = self.key(kind, name);
        self.reads.run(&self.client, |redis| {
            let (record, _): (Option<Vec<u8>>, bool) =
                ::redis::pipe().cmd("HGET").arg(&key).arg("record").cmd("EXPIRE").arg(&key).arg(KEPT).query(redis)?;
            Ok(record)
        })
    }

    pub fn write(&self, kind: Kind, name: Name, bytes: &[u8], revision: Revision) -> Result<(), PlaceError> {
        let key = self.key(kind, name);
        self.writes.run(&self.client, |redis| {
            // A body is what its name says: one that is there need not be sent again.
            if kind == Kind::Body && cmd("EXPIRE").arg(&key).arg(KEPT).query(redis)? {
                return Ok(());
            }
            cmd("EVAL").arg(WRITE).arg(1).arg(&key).arg(revision).arg(bytes).arg(KEPT).query(redis)
        })
    }

    pub fn remove(&self, kind: Kind, name: Name) -> Result<(), PlaceError> {
        self.writes.run(&self.client, |redis| cmd("DEL").arg(self.key(kind, name)).query(redis))
    }

    pub fn each(&self, kind: Kind, mut take: impl FnMut(Found)) -> Result<(), PlaceError> {
        let prefix = format!("{}:{}:", self.prefix, kind.word());
        let mut cursor: u64 = 0;
        loop {
            let (next, records) = self.reads.run(&self.client, |redis| {
                let pattern = format!("{prefix}*");
                let mut scan = cmd("SCAN");
                scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(PAGE);
                let (next, keys): (u64, Vec<String>) = scan.query(redis)?;
                let mut pipe = ::redis::pipe();
                for key in &keys {
                    pipe.cmd("HGET").arg(key).arg("record");
                }
                let records: Vec<Option<Vec<u8>>> = if keys.is_empty() { Vec::new() } else { pipe.query(redis)? };
                Ok((next, keys.into_iter().zip(records).collect::<Vec<_>>()))
            })?;
            for (key, record) in records {
                if let (Some(Ok(name)), Some(bytes)) = (key.strip_prefix(&prefix).map(str::parse), record) {
                    take(Found { name, bytes, visited: 0 });
                }
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }

    fn key(&self, kind: Kind, name: Name) -> String {
        format!("{}:{}:{name}", self.prefix, kind.word())
    }
}

impl Link {
    /// Runs `work` on the connection, which is made if need be, and dropped when something goes wrong.
    fn run<T>(&self, client: &Client, work: impl FnOnce(&mut Connection) -> RedisResult<T>) -> Result<T, PlaceError> {
        let mut link = self.linked.lock().unwrap_or_else(PoisonError::into_inner);
        if link.retry.is_some_and(|at| Instant::now() < at) {
            return Err(PlaceError::Away);
        }
        let connection = link.connection.take().filter(ConnectionLike::is_open);
        let done = connection.map_or_else(|| connect(client), Ok).and_then(|mut redis| Ok((work(&mut redis)?, redis)));
        match done {
            Ok((value, redis)) => {
                link.connection = Some(redis);
                self.away.store(false, Ordering::Relaxed);
                if link.retry.take().is_some() {
                    tracing::info!("Redis answers again");
                }
                Ok(value)
            }
            Err(error) => {
                if link.retry.is_none() {
                    tracing::warn!(%error, "Redis does not answer; pages are made and kept in memory until it does");
                }
                link.retry = Some(Instant::now() + PAUSE);
                self.away.store(true, Ordering::Relaxed);
                Err(error.into())
            }
        }
    }
}

fn connect(client: &Client) -> RedisResult<Connection> {
    let connection = client.get_connection_with_timeout(PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    Ok(connection)
}
