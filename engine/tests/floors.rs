//! The floors of the engine: each may use those below it, none above; and no file grows beyond what one can oversee.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// From the top down. `boot` and `command` stand above them all.
const FLOORS: [&str; 9] = ["http", "export", "import", "schedule", "cache", "render", "theme", "content", "model"];

/// What lies under the floors, for all of them to use; so it uses none.
const UNDER: [&str; 8] = ["archive", "config", "cores", "disk", "outbound", "proxies", "raster", "telemetry"];

/// Lines in one file.
const LONGEST: usize = 500;

#[test]
fn no_floor_uses_one_above_it() {
    let mut mistakes = Vec::new();
    for (file, text) in sources() {
        let own = module_of(&file);
        let floor = FLOORS.iter().position(|name| *name == own);
        if floor.is_none() && !UNDER.contains(&own) {
            continue;
        }
        for (line, module) in uses(&text) {
            let used = FLOORS.iter().position(|name| *name == module);
            let below = used.is_some() && floor.is_some() && used >= floor;
            if !below && !UNDER.contains(&module.as_str()) {
                mistakes.push(format!("{}:{line} ({own}) uses crate::{module}", file.display()));
            }
        }
    }
    assert!(
        mistakes.is_empty(),
        "Each floor may use only those that stand after it in {}.\nUpwards, send a message that the lower floor owns to a \
         Recipient, or move what is shared down.\n{}",
        FLOORS.join(" → "),
        mistakes.join("\n")
    );
}

#[test]
fn no_source_file_is_longer_than_one_can_oversee() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(file, lines)| format!("{} has {lines}", file.display()))
        .collect();
    assert!(long.is_empty(), "Files have at most {LONGEST} lines; find the seam and split:\n{}", long.join("\n"));
}

#[test]
fn uses_are_found_however_they_are_written() {
    let text = "use crate::cache::{page, state};\nuse crate::{\n    config::Config,\n    http::{answer, desk::Desk},\n};\n\
                // crate::schedule is only talked about\nlet x = crate::theme::route::NOT_FOUND;\n";
    let found: Vec<_> = uses(text).into_iter().map(|(line, module)| format!("{line} {module}")).collect();
    assert_eq!(found, ["1 cache", "3 config", "4 http", "7 theme"]);
}

/// Every file of `src` with its text, its path relative to `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "the sources are not where this test looks");
    found
}

/// The module of the crate's root that a file belongs to.
fn module_of(file: &Path) -> &str {
    let first = file.iter().next().and_then(|part| part.to_str()).unwrap();
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The modules of the crate's root that a file names, each with its line.
fn uses(text: &str) -> Vec<(usize, String)> {
    // Comments make way for blanks, so that lines keep their numbers.
    let code: String = text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let line = |offset: usize| 1 + code[..at + "crate::".len() + offset].matches('\n').count();
        match rest.strip_prefix('{') {
            None => found.push((line(0), word(rest))),
            Some(group) => {
                let mut depth = 1;
                let mut begins = true;
                for (offset, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' => begins = depth == 1,
                        c if begins && !c.is_whitespace() => {
                            found.push((line(1 + offset), word(&group[offset..])));
                            begins = false;
                        }
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
