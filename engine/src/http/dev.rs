//! What `serve --dev` adds: the theme is read again on every save, browsers reload by themselves, and what is wrong with a
//! template is shown where its page would be.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix::Addr;
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use bytes::Bytes;
use futures_util::stream;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

use crate::{
    cache::keeper::{CacheKeeper, Reload},
    render::{RenderError, filter::escape, renderer::Rendered, stage::Stage},
    theme::{ThemeError, collection::Collection},
};

use super::answer::PRIVATE;

/// An editor writes a file in several steps; they count as one.
const CALM: Duration = Duration::from_millis(60);

/// What browsers load.
const SCRIPT: &str = "\
    const events = new EventSource(\"/__dev/changes\");\n\
    let connected = false;\n\
    events.onopen = () => { if (connected) location.reload(); connected = true; };\n\
    events.onmessage = () => location.reload();\n";
const TAG: &str = "<script src=\"/__dev/reload.js\"></script>\n";

/// Shared by all workers of a server that is used for making a theme.
#[derive(Debug)]
pub struct Dev {
    changes: watch::Sender<u64>,
    /// Why the theme as it is saved cannot be used.
    broken: Mutex<Option<Fault>>,
}

/// What is wrong, as it is shown.
#[derive(Clone, Debug)]
struct Fault {
    place: String,
    problem: String,
    /// The source around it, with a mark.
    source: String,
}

impl Dev {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { changes: watch::Sender::new(0), broken: Mutex::default() })
    }

    /// Watches the folder of this theme for as long as what it gives is held.
    pub fn watch(
        self: &Arc<Self>,
        themes: Collection,
        theme: String,
        folder: &Path,
        keeper: Addr<CacheKeeper>,
    ) -> notify::Result<RecommendedWatcher> {
        let (saved, mut saves) = watch::channel(());
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                saved.send_replace(());
            }
        })?;
        watcher.watch(folder, RecursiveMode::Recursive)?;
        let dev = self.clone();
        tokio::spawn(async move {
            while saves.changed().await.is_ok() {
                while tokio::time::timeout(CALM, saves.changed()).await.is_ok_and(|more| more.is_ok()) {}
                dev.reload(&themes, &theme, &keeper).await;
            }
        });
        Ok(watcher)
    }

    async fn reload(&self, themes: &Collection, theme: &str, keeper: &Addr<CacheKeeper>) {
        let broken = match themes.open(theme).and_then(Stage::build) {
            Ok(stage) => {
                // Without its keeper the process ends.
                let _ = keeper.send(Reload(Arc::new(stage))).await;
                None
            }
            Err(error) => {
                tracing::warn!(%error, "the theme cannot be used as it is saved");
                Some(Fault::of_theme(&error))
            }
        };
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = broken;
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// The page that is shown instead of every other while the theme cannot be read.
    pub fn broken(&self) -> Option<HttpResponse> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Fault::page)
    }

    /// The page that is shown instead of one that cannot be made.
    pub fn failed(&self, path: &str, error: &RenderError) -> HttpResponse {
        Fault::of_page(path, error).page()
    }

    /// A page that reloads itself.
    pub fn with_script(&self, mut rendered: Rendered) -> Rendered {
        if rendered.content_type.starts_with("text/html") {
            let body = rendered.body.identity.iter().chain(TAG.as_bytes()).copied().collect::<Bytes>();
            rendered.body = crate::render::encode::Encoded::of(body, &rendered.content_type);
        }
        rendered
    }
}

pub async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/javascript; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, PRIVATE))
        .body(SCRIPT)
}

/// A line for every change, as it happens.
pub async fn changes(dev: web::Data<Dev>) -> HttpResponse {
    let changes = dev.changes.subscribe();
    let hello = stream::once(std::future::ready(Ok::<_, actix_web::Error>(Bytes::from_static(b": watching\n\n"))));
    let lines = stream::unfold(changes, |mut changes| async {
        changes.changed().await.ok()?;
        let line = format!("data: {}\n\n", *changes.borrow_and_update());
        Some((Ok(Bytes::from(line)), changes))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, PRIVATE))
        .streaming(futures_util::StreamExt::chain(hello, lines))
}

impl Fault {
    fn of_theme(error: &ThemeError) -> Self {
        let source = if let ThemeError::Template { detail, .. } = error { detail.clone() } else { String::new() };
        let text = error.to_string();
        let mut parts = text.splitn(3, ':');
        let place = format!("{}:{}", parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let problem = parts.next().map_or_else(|| text.clone(), |rest| rest.trim().to_owned());
        Self { place, problem, source }
    }

    fn of_page(path: &str, error: &RenderError) -> Self {
        match error {
            RenderError::Template { file, line, problem, detail, .. } => {
                Self { place: format!("templates/{file}:{line}"), problem: problem.clone(), source: detail.clone() }
            }
            other => Self { place: path.to_owned(), problem: other.to_string(), source: String::new() },
        }
    }

    fn page(&self) -> HttpResponse {
        let escaped = |text: &str| {
            let mut out = String::new();
            let written: Result<(), std::fmt::Error> = escape(text, |part| {
                out.push_str(part);
                Ok(())
            });
            written.map(|()| out).unwrap_or_default()
        };
        let (place, problem, source) = (escaped(&self.place), escaped(&self.problem), escaped(&self.source));
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{place}</title>\n\
             <style>body{{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}}\
             pre{{overflow:auto;background:#8881;padding:1rem;border-radius:.5rem;line-height:1.4}}</style>\n\
             <h1>{place}</h1>\n<p>{problem}</p>\n<pre>{source}</pre>\n\
             <p>Mend it and save: this page reloads by itself.</p>\n{TAG}"
        );
        HttpResponse::build(StatusCode::INTERNAL_SERVER_ERROR)
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, PRIVATE))
            .body(page)
    }
}

/// The folder of a theme that can be changed, or why there is none.
pub fn folder(themes: &Collection, theme: &str) -> Result<PathBuf, String> {
    themes.folder(theme).ok_or_else(|| {
        format!(
            "the theme {theme} is built in, so there are no files to watch; \
             make your own with \"perennial theme new NAME\" and set PERENNIAL_THEME to its name"
        )
    })
}
