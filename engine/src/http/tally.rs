//! Tally: counts how often readers were led elsewhere and where they found nothing, and notes who came to the admin, beside the
//! way of the answer. What is noted is written every few seconds, all at once.

use std::{collections::HashMap, time::Duration};

use actix::Addr;
use actix_web::http::StatusCode;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::content::{
    command::{
        Who,
        sightings::{self, NoteSightings},
        visits::CountVisits,
    },
    store::{Apply, ContentStore},
    time::Time,
};

/// Notes that wait to be counted; of more, some are lost.
const WAITING: usize = 4_096;
/// Different paths that are counted between two writings; others are left out.
const PATHS: usize = 1_000;
/// The longest path that is remembered as missing, in bytes.
const LONGEST: usize = 512;
const PAUSE: Duration = Duration::from_secs(2);

/// Cheap to clone; never waits.
#[derive(Clone, Debug)]
pub struct Tally(mpsc::Sender<Note>);

#[derive(Debug)]
enum Note {
    Led(String),
    Missed(String),
    Session(String),
    Token(Uuid),
}

impl Tally {
    /// Counts until its last clone is gone. Runs inside the runtime of the store.
    pub fn start(store: Addr<ContentStore>) -> Self {
        let (sender, notes) = mpsc::channel(WAITING);
        actix_rt::spawn(count(notes, store));
        Self(sender)
    }

    /// Takes down what became of a request for a decoded path.
    pub fn note(&self, path: &str, status: StatusCode) {
        let note = match status {
            StatusCode::NOT_FOUND if path.len() <= LONGEST => Note::Missed(path.to_owned()),
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
            | StatusCode::GONE => Note::Led(path.to_owned()),
            _ => return,
        };
        self.send(note);
    }

    /// A session, by the hash of its secret, was used that was last seen then.
    pub fn saw_session(&self, hash: &str, last_seen: Option<i64>) {
        if is_over(last_seen) {
            self.send(Note::Session(hash.to_owned()));
        }
    }

    /// A token was used that was last used then.
    pub fn saw_token(&self, id: Uuid, last_used: Option<i64>) {
        if is_over(last_used) {
            self.send(Note::Token(id));
        }
    }

    fn send(&self, note: Note) {
        let _ = self.0.try_send(note); // A figure is not worth waiting for.
    }
}

async fn count(mut notes: mpsc::Receiver<Note>, store: Addr<ContentStore>) {
    let (mut visits, mut seen) = (CountVisits::default(), NoteSightings::default());
    let mut pause = tokio::time::interval(PAUSE);
    loop {
        tokio::select! {
            note = notes.recv() => match note {
                Some(Note::Led(path)) => add(&mut visits.led, path),
                Some(Note::Missed(path)) => add(&mut visits.missed, path),
                Some(Note::Session(hash)) => { seen.sessions.insert(hash); }
                Some(Note::Token(id)) => { seen.tokens.insert(id); }
                None => return write(visits, seen, &store).await,
            },
            _ = pause.tick() => write(std::mem::take(&mut visits), std::mem::take(&mut seen), &store).await,
        }
    }
}

fn add(counted: &mut HashMap<String, u32>, path: String) {
    if counted.len() < PATHS || counted.contains_key(&path) {
        let count = counted.entry(path).or_default();
        *count = count.saturating_add(1);
    }
}

fn is_over(sighting: Option<i64>) -> bool {
    sighting.is_none_or(|at| at + sightings::GOOD_FOR < Time::now().0)
}

async fn write(visits: CountVisits, seen: NoteSightings, store: &Addr<ContentStore>) {
    if !(visits.led.is_empty() && visits.missed.is_empty())
        && let Ok(Err(error)) = store.send(Apply { command: visits, actor: Who::System }).await
    {
        tracing::warn!(%error, "what readers met could not be counted");
    }
    if !(seen.sessions.is_empty() && seen.tokens.is_empty())
        && let Ok(Err(error)) = store.send(Apply { command: seen, actor: Who::System }).await
    {
        tracing::warn!(%error, "who came to the admin could not be noted");
    }
}
