//! Assets: whether what templates name is there, whether anything uses what is there, and what it weighs.

use std::io::Write;

use crate::theme::{Theme, files::Files};

use super::{
    finding::{Finding, Level, Report},
    source::Template,
};

/// What one file may weigh on its way to a reader, in bytes.
const STYLE: usize = 12 << 10;
const SCRIPT: usize = 3 << 10;
const OTHER: usize = 150 << 10;

pub fn look(theme: &Theme, files: &Files, templates: &[Template<'_>], report: &mut Report) {
    for template in templates {
        for (name, line) in template.calls("asset") {
            if theme.assets.named(name).is_none() {
                let problem = format!("There is no file assets/{name}.");
                let mend = "Add it, or name one that is there.";
                report.add(Finding::new(Level::Error, "missing_asset", template.file(), line, problem, mend));
            }
        }
    }
    let texts: Vec<_> = theme.assets.iter().filter_map(|(_, asset)| std::str::from_utf8(&asset.body).ok()).collect();
    for (name, asset) in theme.assets.iter() {
        let file = format!("assets/{name}");
        let mut add = |level, rule, line, problem: String, mend: String| {
            report.add(Finding::new(level, rule, file.clone(), line, problem, mend));
        };
        let quoted = |text: &str| text.contains(&format!("\"{name}\"")) || text.contains(&format!("'{name}'"));
        let in_template = theme.templates.values().any(|text| quoted(text));
        if !in_template && !texts.iter().any(|text| text.contains(name.as_str()) || text.contains(&asset.url)) {
            add(Level::Warning, "unused_asset", 1, "Nothing uses this file.".into(), "Take it out, or use it.".into());
        }
        let (most, weight) = match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "css" => (STYLE, packed(&asset.body)),
            "js" => (SCRIPT, packed(&asset.body)),
            _ => (OTHER, asset.body.len()),
        };
        if weight > most {
            let problem = format!("Readers load {} KiB for this file.", weight.div_ceil(1024));
            let mend = format!("Bring it below {} KiB: every reader waits for it.", most / 1024);
            add(Level::Warning, "heavy_asset", 1, problem, mend);
        }
        // As it is written, for its lines.
        if let (true, Ok(text)) = (name.ends_with(".css"), files.text(&file)) {
            for (at, _) in text.match_indices("url(").chain(text.match_indices("@import")) {
                let rest = text.get(at..).unwrap_or_default();
                let address = rest.trim_start_matches("@import").trim_start().trim_start_matches("url(");
                let address = address.trim_start_matches(['"', '\'']);
                if let Some(origin) = origin(address).filter(|origin| !theme.csp.allows(origin)) {
                    let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
                    add(Level::Warning, "external_origin", line, external(&origin), EXTERNAL.into());
                }
            }
        }
    }
}

pub const EXTERNAL: &str = "Bring the file into assets/, or declare the origin in [csp] of theme.toml.";

pub fn external(origin: &str) -> String {
    format!("Readers' browsers are sent to {origin}.")
}

/// The origin of an address that begins here and leads to another server.
pub fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = match address.strip_prefix("//") {
        Some(rest) => ("https", rest),
        None => address.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?,
    };
    let host = rest.split(['/', '?', '#', '"', '\'', ')', ' ']).next().filter(|host| !host.is_empty())?;
    Some(format!("{scheme}://{host}"))
}

fn packed(body: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    // Into memory, which does not fail.
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.map_or(body.len(), |packed| packed.len())
}
