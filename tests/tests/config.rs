//! What an operator is told when something about the configuration is wrong.

use std::{fs, net::TcpListener};

use perennial_tests::{Finished, Site, Start, perennial};
use tempfile::tempdir;

/// It did not start, and one sentence says why.
fn refused(run: &Finished) -> &str {
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    let sentence = run.stderr.strip_suffix('\n').expect("a line");
    assert!(!sentence.contains('\n'), "one sentence, not {sentence}");
    sentence.strip_prefix("perennial: ").expect("it says who speaks")
}

#[test]
fn a_value_that_cannot_be_used_stops_the_start_with_one_sentence() {
    let folder = tempdir().unwrap();
    for (name, value) in [
        ("PERENNIAL_LISTEN", "8080"),
        ("PERENNIAL_LISTEN", "127.0.0.1:70000"),
        ("PERENNIAL_SITE_URL", "example.org"),
        ("PERENNIAL_SITE_URL", "https://example.org/blog"),
        ("PERENNIAL_DATABASE_URL", "mysql://localhost/site"),
        ("PERENNIAL_CACHE_URL", "nowhere"),
        ("PERENNIAL_CACHE_MEMORY", "lots"),
        ("PERENNIAL_MEDIA_URL", "media"),
        ("PERENNIAL_LOG", "loud,,=="),
        ("PERENNIAL_LOG_FORMAT", "xml"),
        ("PERENNIAL_DEBUG_CACHE", "perhaps"),
    ] {
        let run = perennial(folder.path(), &[], &[(name, value)]);
        let sentence = refused(&run);
        assert!(sentence.contains(name) && sentence.contains(value), "{name}={value}: {sentence}");
    }
}

#[test]
fn a_password_in_a_url_is_never_repeated() {
    let folder = tempdir().unwrap();
    for url in ["mysql://me:secret@localhost/site", "postgres://me:secret@127.0.0.1:port/site"] {
        let run = perennial(folder.path(), &["migrate"], &[("PERENNIAL_DATABASE_URL", url)]);
        assert!(!refused(&run).contains("secret"));
    }
}

#[test]
fn a_settings_file_with_an_unknown_name_is_refused_with_the_names_there_are() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("perennial.toml"), "lisen = \"127.0.0.1:0\"\n").unwrap();
    let run = perennial(folder.path(), &[], &[]);
    let sentence = refused(&run);
    assert!(sentence.starts_with("perennial.toml: "), "{sentence}");
    assert!(sentence.contains("\"lisen\"") && sentence.contains("listen"), "{sentence}");
}

#[test]
fn a_settings_file_that_cannot_be_read_is_refused() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("perennial.toml"), "listen = \n").unwrap();
    assert!(refused(&perennial(folder.path(), &["migrate"], &[])).starts_with("perennial.toml: "));
    let missing = perennial(folder.path(), &["--config", "other.toml", "migrate"], &[]);
    assert!(refused(&missing).starts_with("other.toml: "));
}

#[test]
fn the_environment_wins_over_the_file_and_flags_win_over_both() {
    let folder = tempdir().unwrap();
    let there = |name: &str| folder.path().join(name).join("perennial.db").is_file();
    fs::write(folder.path().join("perennial.toml"), "data_dir = \"of-file\"\n").unwrap();
    let environment = [("PERENNIAL_DATA_DIR", "of-environment")];
    let runs = [
        ("of-file", perennial(folder.path(), &["migrate"], &[])),
        ("of-environment", perennial(folder.path(), &["migrate"], &environment)),
        ("of-flag", perennial(folder.path(), &["--data-dir", "of-flag", "migrate"], &environment)),
    ];
    for (name, run) in runs {
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(there(name), "{name}");
    }
    assert!(!there("data"));
}

#[test]
fn an_address_that_is_taken_is_named() {
    let folder = tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = perennial(folder.path(), &[], &[("PERENNIAL_LISTEN", &address)]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let last = run.stderr.lines().next_back().expect("a line");
    assert!(last.starts_with("perennial: ") && last.contains(&address), "{last}");
    assert!(last.contains("PERENNIAL_LISTEN"), "it says how to mend it: {last}");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let run = perennial(folder.path(), &[], &[("PERENNIAL_DATA_DIR", "file/data")]);
    let sentence = refused(&run);
    assert!(sentence.contains("file/data") && sentence.contains("PERENNIAL_DATA_DIR"), "{sentence}");
}

#[test]
fn a_cache_folder_that_cannot_be_made_is_named_once() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let settings = [("PERENNIAL_CACHE_URL", "fs:file/cache"), ("PERENNIAL_LISTEN", "127.0.0.1:0")];
    let sentence = refused(&perennial(folder.path(), &[], &settings)).to_owned();
    assert_eq!(sentence.matches("file/cache").count(), 1, "{sentence}");
    assert_eq!(sentence.matches("os error").count(), 1, "{sentence}");
}

#[test]
fn a_health_check_tells_a_site_that_is_ready_from_one_that_is_not_there() {
    let site = Site::empty();
    let address = site.address().to_string();
    let check = || perennial(site.folder(), &["healthcheck"], &[("PERENNIAL_LISTEN", &address)]);
    let ready = check();
    assert_eq!((ready.code, ready.stderr.as_str()), (Some(0), ""), "{ready:?}");
    site.stop();
    assert!(refused(&check()).contains(&address));
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    let folder = tempdir().unwrap();
    for arguments in [&["serv"][..], &["serve", "--lisen", "x"], &["theme"]] {
        let run = perennial(folder.path(), arguments, &[]);
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains("Usage"), "{run:?}");
    }
}

#[test]
fn the_log_is_lines_for_people_without_colours_when_nobody_looks() {
    let site = Site::empty();
    site.log().says("is served at");
    assert!(site.log().lines().iter().all(|line| !line.contains('\u{1b}')), "{:?}", site.log().lines());
}

#[test]
fn the_log_is_json_for_machines_when_asked() {
    let site = Start::default().with("PERENNIAL_LOG_FORMAT", "json").start();
    let log = site.log();
    site.stop();
    let lines = log.lines();
    assert!(lines.len() >= 3, "{lines:?}");
    for line in lines {
        let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(entry["timestamp"].is_string() && entry["level"].is_string(), "{line}");
        assert!(entry["fields"]["message"].is_string(), "{line}");
    }
}
