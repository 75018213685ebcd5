//! The check of themes: it finds every defect that was planted, at its place, and none in the themes that come with Perennial.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::{fmt::Write, fs, path::Path};

use perennial::{
    render::check::{Level, Report, check},
    theme::files::Files,
};

fn checked(files: Files) -> Report {
    let system = actix_rt::System::with_tokio_rt(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
    });
    system.block_on(async move { check(&files).await })
}

/// A theme with these files.
fn theme(files: &[(&str, &str)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[theme]\nname = \"a\"\nversion = \"1.0.0\"\n[[routes]]\nname = \"home\"\npath = \"/\"\ntemplate = \"home.html\"\n";
    for (name, text) in [("theme.toml", manifest)].iter().chain(files) {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    checked(Files::Folder(folder.path().into()))
}

/// `rule file:line` of each finding of at least this level.
fn places(report: &Report, least: Level) -> Vec<String> {
    let bad = report.0.iter().filter(|finding| finding.level <= least);
    bad.map(|finding| format!("{} {}:{}", finding.rule, finding.file, finding.line)).collect()
}

#[test]
fn the_themes_that_come_with_perennial_have_nothing_to_mend() {
    for name in Files::names_built_in() {
        let report = checked(Files::built_in(&name));
        assert_eq!(report, Report::default(), "{name}");
    }
}

#[test]
fn every_planted_defect_is_found_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/defects"), folder.path());
    let mut heavy = "@import \"https://styles.example/a.css\";\n".to_owned();
    for n in 0..2_000 {
        let hash = blake3::hash(format!("{n}").as_bytes()).to_hex();
        writeln!(heavy, ".c{} {{ margin: {n}px }}", &hash[..16]).unwrap();
    }
    fs::write(folder.path().join("assets/heavy.css"), heavy).unwrap();
    let report = checked(Files::Folder(folder.path().into()));
    assert!(!report.passes());
    let found = places(&report, Level::Advice);
    let missed: Vec<_> = PLANTED.iter().filter(|place| !found.contains(&(**place).to_owned())).collect();
    assert!(missed.is_empty(), "not found: {missed:#?}\nfound: {found:#?}");
    for finding in &report.0 {
        assert!(finding.problem.ends_with('.') && finding.mend.ends_with('.'), "{finding}");
    }
}

const PLANTED: &[&str] = &[
    "missing_route theme.toml:1",
    "undeclared_setting templates/failing.html:9",
    "missing_asset templates/failing.html:10",
    "render templates/failing.html:9",
    "no_head templates/bare.html:1",
    "no_doctype templates/bare.html:1",
    "no_lang templates/bare.html:1",
    "no_title templates/bare.html:1",
    "no_viewport templates/bare.html:1",
    "no_main templates/bare.html:1",
    "broken_json templates/data.json:1",
    "unescaped templates/post.html:14",
    "code_link templates/post.html:19",
    "unused_setting theme.toml:31",
    "undeclared_menu templates/post.html:17",
    "img_alt templates/post.html:16",
    "img_size templates/post.html:16",
    "inline_handler templates/post.html:11",
    "inline_style templates/post.html:8",
    "inline_script templates/post.html:9",
    "external_origin templates/post.html:7",
    "external_origin assets/heavy.css:1",
    "heavy_asset assets/heavy.css:1",
    "unused_asset assets/lonely.css:1",
    "word templates/post.html:17",
    "no_dir templates/post.html:2",
    "h1 templates/post.html:14",
    "double_id templates/post.html:14",
    "nameless templates/post.html:18",
    "license theme.toml:3",
    "unused_template templates/lonely.html:1",
];

#[test]
fn what_cannot_be_rendered_at_all_is_fatal_and_named_with_its_line() {
    let fatal = |home: &str| places(&theme(&[("templates/home.html", home)]), Level::Fatal);
    assert_eq!(fatal("one\n{% if x %}\n").len(), 1);
    assert_eq!(fatal("one\n{{ site.title | shout }}"), ["unknown_name templates/home.html:2"]);
    assert_eq!(
        fatal("{{ site.title is loud }}\n{{ site.title is not defined }}"),
        ["unknown_name templates/home.html:1"]
    );
    assert_eq!(fatal("one\ntwo\n{{ weather() }}"), ["unknown_name templates/home.html:3"]);
    assert_eq!(fatal("{{ heading }}"), ["unknown_name templates/home.html:1"]);
    assert_eq!(fatal("{% include 'partials/none.html' %}"), ["missing_template templates/home.html:1"]);
    assert_eq!(fatal("{% include '../../etc/passwd' %}"), ["path_escape templates/home.html:1"]);
    assert_eq!(fatal("{# {{ nothing }} #}{% set a = 1 %}{% for b in [a] %}{{ b }}{% endfor %}"), [""; 0]);
}

#[test]
fn a_manifest_that_makes_no_sense_is_fatal() {
    for (manifest, words) in [
        ("[theme]\nname = \"a\"\n", "version"),
        ("[theme]\nname = \"a\"\nversion = \"1\"\nengine = \">=9\"\n", "written for Perennial >=9"),
        ("[theme]\nname = \"a\"\nversion = \"1\"\nengine = \"nine\"\n", "no range of versions"),
        (
            "[theme]\nname = \"a\"\nversion = \"1\"\n[[routes]]\nname = \"x\"\npath = \"/\"\ntemplate = \"x.html\"\n",
            "x.html",
        ),
        (
            "[theme]\nname = \"a\"\nversion = \"1\"\n[settings.s]\ntype = \"number\"\nlabel = \"S\"\ndefault = \"x\"\n",
            "default",
        ),
        ("[theme]\nname = \"a\"\nversion = \"1\"\ncolour = 1\n", "colour"),
    ] {
        let report = theme(&[("theme.toml", manifest), ("templates/home.html", "")]);
        let [finding] = report.0.as_slice() else { panic!("{manifest}: {report:?}") };
        assert_eq!((finding.level, finding.file.as_str()), (Level::Fatal, "theme.toml"), "{finding}");
        assert!(finding.problem.contains(words), "{finding}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
