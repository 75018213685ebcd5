//! Logs: lines for people, or JSON for machines, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, ConfigError, LogFormat};

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
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    // Another subscriber is only there in tests, which have their own.
    let _ = match config.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    Ok(())
}
