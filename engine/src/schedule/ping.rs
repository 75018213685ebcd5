//! Pings: search engines and subscribers' hubs are told of what changed, once its pages are fresh. No publish waits for them; what
//! fails is tried again, less and less often.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use actix::Addr;
use arc_swap::ArcSwap;
use sea_orm::{DatabaseConnection, EntityTrait};
use serde_json::json;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};
use uuid::Uuid;

use crate::{
    cache::{
        event::Event,
        keeper::{CacheKeeper, Inspect},
    },
    content::{
        ask::ask,
        library,
        permalink::Permalinks,
        read::{Answer, Key, Kind, Read},
        tag::CacheTag,
    },
    model::site,
    outbound::Outbound,
};

/// Changes that come within this time of each other are told together.
const QUIET: Duration = Duration::from_secs(2);
/// How long pages that are still being made are waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// After the first failure, the second, and so on; after the last it is given up.
const RETRIES: [u64; 5] = [60, 300, 1_800, 7_200, 21_600];
/// The most addresses in one message.
const MOST: usize = 10_000;

/// Where readers of the site get the key that proves a message to be the site's own.
pub const KEY_PATH: &str = "/indexnow.txt";
const FEEDS: [&str; 3] = ["/rss.xml", "/atom.xml", "/feed.json"];

/// Whom to ask and where to tell.
#[derive(Debug)]
pub struct Pings {
    pub readers: DatabaseConnection,
    pub permalinks: Arc<ArcSwap<Permalinks>>,
    pub keeper: Addr<CacheKeeper>,
    pub outbound: Outbound,
    /// Without a trailing slash.
    pub site_url: Arc<str>,
}

/// The key, made of the site's secret so that it stays the same and tells nothing of it.
pub fn key(secret: &str) -> String {
    blake3::derive_key("perennial indexnow key", secret.as_bytes())
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What changed and has not been told yet.
#[derive(Debug, Default)]
struct Backlog {
    posts: BTreeSet<Uuid>,
    paths: BTreeSet<String>,
    failures: usize,
    due: Option<Instant>,
}

impl Backlog {
    fn take(&mut self, tags: &[CacheTag]) {
        for tag in tags {
            if let Some(id) = tag.as_str().strip_prefix("post:").and_then(|id| id.parse().ok()) {
                self.posts.insert(id);
            } else if let Some(path) = tag.as_str().strip_prefix("path:") {
                self.paths.insert(path.to_owned());
            }
        }
        if !(self.posts.is_empty() && self.paths.is_empty()) && self.failures == 0 {
            self.due = Some(Instant::now() + QUIET);
        }
    }

    fn failed(&mut self, target: &str, problem: &str) {
        match RETRIES.get(self.failures) {
            Some(seconds) => {
                tracing::warn!(target: "ping", %problem, "{target} could not be told what changed; again in {seconds} s");
                self.failures += 1;
                self.due = Some(Instant::now() + Duration::from_secs(*seconds));
            }
            None => {
                tracing::warn!(target: "ping", %problem, "{target} could not be told what changed, many times; given up");
                *self = Self::default();
            }
        }
    }
}

/// How a message was taken.
enum Told {
    Yes,
    /// It will not be taken at another time either.
    Refused(u16),
    No(String),
}

impl Pings {
    /// Tells until nothing can happen any more.
    pub async fn run(self, mut events: Receiver<Event>) {
        let (mut engines, mut hub) = (Backlog::default(), Backlog::default());
        loop {
            let due = [engines.due, hub.due].into_iter().flatten().min();
            let alarm = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = events.recv() => match event {
                    Ok(Event::Change { tags, .. }) => {
                        engines.take(&tags);
                        hub.take(&tags);
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
                () = alarm => {
                    self.rest().await;
                    self.tell(&mut engines, &mut hub).await;
                }
            }
        }
    }

    /// Waits until no page is being made any more.
    async fn rest(&self) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if !matches!(self.keeper.send(Inspect(Box::new(|state, _| state.is_at_rest()))).await, Ok(false)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn tell(&self, engines: &mut Backlog, hub: &mut Backlog) {
        let Ok(settings) = library::settings(&self.readers).await else { return };
        let now = Instant::now();
        let is_due = |backlog: &Backlog| backlog.due.is_some_and(|due| due <= now);
        for (backlog, target, is_hub) in
            [(engines, settings.settings.indexnow, false), (hub, settings.settings.websub_hub, true)]
        {
            if !is_due(backlog) {
                continue;
            }
            let Some(target) = target else {
                *backlog = Backlog::default();
                continue;
            };
            let told =
                if is_hub { self.tell_hub(&target, backlog).await } else { self.tell_engines(&target, backlog).await };
            match told {
                Told::Yes => *backlog = Backlog::default(),
                Told::Refused(status) => {
                    tracing::warn!(target: "ping", status, "{target} does not want to be told what changed");
                    *backlog = Backlog::default();
                }
                Told::No(problem) => backlog.failed(&target, &problem),
            }
        }
    }

    async fn tell_engines(&self, target: &str, backlog: &Backlog) -> Told {
        let urls = self.urls(backlog).await;
        let Ok(Some(site)) = site::Entity::find_by_id(site::ID).one(&self.readers).await else {
            return Told::No("the database did not answer".into());
        };
        let host =
            self.site_url.split_once("://").map_or("", |(_, rest)| rest.split(['/', ':']).next().unwrap_or_default());
        let location = format!("{}{KEY_PATH}", self.site_url);
        let message = json!({"host": host, "key": key(&site.secret), "keyLocation": location, "urlList": urls});
        let count = urls.len();
        self.send(target, "application/json; charset=utf-8", message.to_string(), &format!("{count} addresses")).await
    }

    async fn tell_hub(&self, target: &str, backlog: &Backlog) -> Told {
        if backlog.posts.is_empty() {
            return Told::Yes;
        }
        let encoded =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let feeds = FEEDS.iter().map(|feed| format!("&hub.url={}", encoded(&format!("{}{feed}", self.site_url))));
        let message = format!("hub.mode=publish{}", feeds.collect::<String>());
        self.send(target, "application/x-www-form-urlencoded", message, "the feeds").await
    }

    /// The addresses of what changed, as they are now, and of what was led elsewhere or is gone.
    async fn urls(&self, backlog: &Backlog) -> Vec<String> {
        let mut paths = backlog.paths.clone();
        for id in backlog.posts.iter().take(MOST) {
            for kind in [Kind::Post, Kind::Page] {
                let read = Read::Post { kind, by: Key::Id(*id) };
                if let Ok(asked) = ask(&self.readers, &read).await
                    && let Answer::Post(Some(post)) = asked.answer
                {
                    paths.insert(self.permalinks.load().post(&post.card));
                }
            }
        }
        let absolute = |path: String| format!("{}{}", self.site_url, crate::render::address::encode(&path));
        paths.into_iter().take(MOST).map(absolute).collect()
    }

    async fn send(&self, target: &str, content_type: &'static str, message: String, what: &str) -> Told {
        match self.outbound.post(target, &[("content-type", content_type.to_owned())], message).await {
            Ok(response) => match response.status {
                200..300 => {
                    tracing::info!(target: "ping", status = response.status, "{target} was told of {what}");
                    Told::Yes
                }
                status @ (400..=428 | 430..500) => Told::Refused(status),
                status => Told::No(format!("it answered {status}")),
            },
            Err(error) => Told::No(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_sites_own_and_says_nothing_of_its_secret() {
        let (one, other) = (key("secret"), key("another"));
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.chars().all(|c| c.is_ascii_hexdigit()), "{one}");
        assert_eq!(one, key("secret"));
    }

    #[test]
    fn what_fails_is_tried_again_less_and_less_often_and_then_given_up() {
        let mut backlog = Backlog::default();
        backlog.take(&[CacheTag::path("/a/"), CacheTag::settings()]);
        assert_eq!(backlog.paths.len(), 1);
        for expected in 1..=RETRIES.len() {
            backlog.failed("https://hub.test/", "down");
            assert_eq!((backlog.failures, backlog.paths.len()), (expected, 1));
        }
        backlog.failed("https://hub.test/", "down");
        assert!(backlog.paths.is_empty() && backlog.due.is_none());
    }
}
