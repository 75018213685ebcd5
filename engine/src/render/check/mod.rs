//! The check of a theme: everything that would trouble readers or whoever runs the site, found before the theme is used.
//!
//! What can be read off the files is read off them; then the theme renders a site made to be difficult, and what comes out is
//! looked at. The same rules hold on the command line, for uploads and for the switch to another theme.

mod assets;
mod finding;
mod fixture;
mod manifest;
mod markup;
mod names;
mod source;
mod tour;
mod words;

use std::sync::Arc;

pub use self::finding::{Finding, Level, Report};

use crate::theme::{Theme, ThemeError, files::Files};

use super::stage::Stage;

/// Looks at the theme in these files, and renders with it. Has to run inside a runtime.
pub async fn check(files: &Files) -> Report {
    let mut report = Report::default();
    let stage = match Theme::read(files).and_then(Stage::build) {
        Ok(stage) => Arc::new(stage),
        Err(error) => {
            report.add(fatal(&error));
            return report;
        }
    };
    let sources = stage.theme.templates.iter().filter(|(name, _)| stage.theme.own.contains(*name));
    let templates: Vec<_> = sources.map(|(name, text)| source::Template::read(name, text)).collect();
    manifest::look(&stage.theme, files, &templates, &mut report);
    names::look(&stage, &templates, &mut report);
    words::look(&stage.theme, &templates, &mut report);
    assets::look(&stage.theme, files, &templates, &mut report);
    source::look(&templates, &mut report);
    if report.worst() != Some(Level::Fatal) {
        tour::look(&stage, &mut report).await;
    }
    report.sort();
    report
}

/// What keeps a theme from being read at all.
fn fatal(error: &ThemeError) -> Finding {
    let text = error.to_string();
    let mut parts = text.splitn(3, ':');
    let (file, line) = (parts.next().unwrap_or_default(), parts.next().and_then(|line| line.parse().ok()));
    let problem = match (line, parts.next()) {
        (Some(_), Some(rest)) => rest.trim(),
        _ => text.strip_prefix(file).unwrap_or(&text).trim_start_matches([':', ' ']),
    };
    let mend = "Nothing can be rendered before this is mended.";
    Finding::new(Level::Fatal, "unreadable", file, line.unwrap_or(1), problem, mend)
}
