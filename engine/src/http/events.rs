//! Events: what happens to pages and content, sent to whoever watches as it happens (server-sent events).

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::{
    runtime::Handle,
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    time::{Instant, Interval, interval_at},
};

use crate::{
    cache::event::{BACKLOG, Event, Events},
    content::time::Time,
};

/// How many events a watcher can miss and still be told of when it comes back.
const KEPT: usize = 512;

/// Proxies and browsers drop a connection on which nothing is said for long.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Numbers events and remembers the latest, so that a watcher who was away for a moment misses none.
#[derive(Clone, Debug)]
pub struct Journal {
    /// Sets this process's numbers apart from those of the one before.
    run: i64,
    kept: Arc<Mutex<Kept>>,
    closed: Arc<watch::Sender<bool>>,
}

#[derive(Debug)]
struct Kept {
    last: u64,
    lines: VecDeque<Line>,
    watchers: broadcast::Sender<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    number: u64,
    text: Bytes,
}

/// One watcher's place.
struct Watching {
    missed: VecDeque<Line>,
    lines: broadcast::Receiver<Line>,
    closed: watch::Receiver<bool>,
    beat: Interval,
}

impl Journal {
    /// Begins to write down what is sent to `events`.
    pub fn start(events: &Events, runtime: &Handle) -> Self {
        let (watchers, _) = broadcast::channel(BACKLOG);
        let kept = Kept { last: 0, lines: VecDeque::new(), watchers };
        let journal =
            Self { run: Time::now().0, kept: Arc::new(Mutex::new(kept)), closed: Arc::new(watch::Sender::new(false)) };
        let (writer, mut events) = (journal.clone(), events.subscribe());
        runtime.spawn(async move {
            loop {
                match events.recv().await {
                    Ok(event) => writer.write(&event),
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "events were sent faster than written down")
                    }
                    Err(RecvError::Closed) => return,
                }
            }
        });
        journal
    }

    /// Ends every watcher's connection, so that the server can end.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// All events after the one with this id, if it is still known, and from then on each as it happens.
    pub fn watch(&self, last_id: Option<&str>) -> impl Stream<Item = Result<Bytes, actix_web::Error>> + use<> {
        let (missed, lines) = {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            (self.missed(&kept, last_id), kept.watchers.subscribe())
        };
        let beat = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
        let watching = Watching { missed, lines, closed: self.closed.subscribe(), beat };
        // A first line at once: whoever connects knows that the connection stands.
        let hello = stream::once(std::future::ready(Ok(Bytes::from_static(b": connected\n\n"))));
        hello.chain(stream::unfold(watching, |mut watching| async {
            let text = watching.next().await?;
            Some((Ok(text), watching))
        }))
    }

    fn write(&self, event: &Event) {
        let Ok(data) = serde_json::to_string(event) else { return };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        let text = format!("id: {}-{}\nevent: {}\ndata: {data}\n\n", self.run, kept.last, event.name());
        let line = Line { number: kept.last, text: text.into() };
        kept.lines.push_back(line.clone());
        if kept.lines.len() > KEPT {
            kept.lines.pop_front();
        }
        let _ = kept.watchers.send(line); // Nobody may be watching.
    }

    fn missed(&self, kept: &Kept, last_id: Option<&str>) -> VecDeque<Line> {
        let seen = last_id.and_then(|id| id.split_once('-')).filter(|(run, _)| *run == self.run.to_string());
        match seen.and_then(|(_, number)| number.parse::<u64>().ok()) {
            Some(seen) => kept.lines.iter().filter(|line| line.number > seen).cloned().collect(),
            None => VecDeque::new(),
        }
    }
}

impl Watching {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(line) = self.missed.pop_front() {
            return Some(line.text);
        }
        loop {
            tokio::select! {
                biased;
                line = self.lines.recv() => match line {
                    Ok(line) => {
                        self.beat.reset();
                        return Some(line.text);
                    }
                    Err(RecvError::Lagged(_)) => {} // A slow watcher misses some.
                    Err(RecvError::Closed) => return None,
                },
                _ = self.closed.wait_for(|closed| *closed) => return None,
                _ = self.beat.tick() => return Some(Bytes::from_static(b": still here\n\n")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn post(version: i64) -> Event {
        Event::Post { id: Uuid::nil(), version, status: "draft".into() }
    }

    async fn take(stream: &mut (impl Stream<Item = Result<Bytes, actix_web::Error>> + Unpin)) -> String {
        String::from_utf8(stream.next().await.unwrap().unwrap().to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn a_watcher_who_comes_back_is_told_what_it_missed() {
        let (events, _) = broadcast::channel(16);
        let journal = Journal::start(&events, &Handle::current());
        let mut first = Box::pin(journal.watch(None));
        assert_eq!(take(&mut first).await, ": connected\n\n");
        for version in 1..=3 {
            events.send(post(version)).unwrap();
        }
        let line = take(&mut first).await;
        assert!(line.contains("event: post\ndata: {") && line.contains("\"version\":1"), "{line}");
        let id = line.lines().next().unwrap().strip_prefix("id: ").unwrap();
        take(&mut first).await;
        take(&mut first).await;

        let mut second = Box::pin(journal.watch(Some(id)));
        take(&mut second).await;
        assert!(take(&mut second).await.contains("\"version\":2"));
        let mut stranger = Box::pin(journal.watch(Some("0-1")));
        take(&mut stranger).await;
        events.send(post(4)).unwrap();
        assert!(take(&mut stranger).await.contains("\"version\":4"));

        journal.close();
        assert!(first.next().await.is_some(), "what was sent before arrives");
        assert!(first.next().await.is_none());
    }
}
