//! Logs: lines for people, or JSON for machines, on standard error; and the latest complaints, for the admin.

use std::{
    collections::VecDeque,
    fmt::{self, Write as _},
    io::IsTerminal,
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::config::{Config, ConfigError, LogFormat};

/// So many of the latest warnings and errors are remembered.
const REMEMBERED: usize = 100;

/// A warning or an error of the log.
#[derive(Clone, Debug)]
pub struct Complaint {
    pub at: SystemTime,
    pub is_error: bool,
    /// The message, and what was said with it.
    pub text: String,
}

/// There is one log in a process, and so one memory of it.
static COMPLAINTS: Mutex<VecDeque<Complaint>> = Mutex::new(VecDeque::new());

/// The latest warnings and errors since the process started, the newest first.
pub fn complaints() -> Vec<Complaint> {
    COMPLAINTS.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
}

/// Sends what happens to standard error from now on. Libraries only speak up when something is wrong.
pub fn start(config: &Config) -> Result<(), ConfigError> {
    // What is not asked for is decided once for each place in the code: a hit pays one look at a number for it.
    let decisions = if config.debug_cache { ",cache=debug,fetch=debug" } else { "" };
    // The scheduler complains when the process ends before its own tasks do, and of nothing else.
    let filter = format!("warn,tokio_cron_scheduler=off,perennial={level}{decisions}", level = config.log);
    let filter = EnvFilter::try_new(filter).map_err(|_| ConfigError::Value {
        origin: "PERENNIAL_LOG".into(),
        name: "log",
        value: config.log.clone(),
        problem: "it is error, warn, info, debug or trace".into(),
    })?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let registry = tracing_subscriber::registry().with(filter).with(Memory);
    // Another subscriber is only there in tests, which have their own.
    let _ = match config.log_format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    };
    Ok(())
}

/// Remembers what the log complains of.
struct Memory;

impl<S: Subscriber> Layer<S> for Memory {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = *event.metadata().level();
        if level > Level::WARN {
            return;
        }
        let mut text = Sentence::default();
        event.record(&mut text);
        let complaint = Complaint {
            at: SystemTime::now(),
            is_error: level == Level::ERROR,
            text: format!("{}{}", text.message, text.fields),
        };
        let mut complaints = COMPLAINTS.lock().unwrap_or_else(PoisonError::into_inner);
        if complaints.len() == REMEMBERED {
            complaints.pop_front();
        }
        complaints.push_back(complaint);
    }
}

#[derive(Default)]
struct Sentence {
    message: String,
    fields: String,
}

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
