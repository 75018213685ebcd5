//! What becomes of a site whose theme is wrong: all at start, or one page while it serves.

use std::{fs, thread, time::Instant};

use perennial_tests::{Site, Start, Theme, perennial};
use tempfile::tempdir;

/// A theme whose second line of a template is not closed.
fn unclosed() -> Theme {
    Theme::default().route("home", "/", "", "<h1>Hello</h1>\n{% if site.title %}\n")
}

#[test]
fn a_theme_with_a_syntax_error_refuses_to_start_and_names_file_and_line() {
    let folder = tempdir().unwrap();
    unclosed().write(&folder.path().join("themes"));
    let run = perennial(folder.path(), &[], &[("PERENNIAL_THEME", "mine"), ("PERENNIAL_LISTEN", "127.0.0.1:0")]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let last = run.stderr.lines().next_back().expect("a line");
    assert!(last.starts_with("perennial: templates/home.html:"), "{last}");
}

#[test]
fn theme_check_names_file_and_line_of_what_it_refuses() {
    let folder = tempdir().unwrap();
    let check = |theme: &Theme| {
        let themes = folder.path().join("themes");
        theme.write(&themes);
        let run = perennial(folder.path(), &["theme", "check", "themes/mine"], &[]);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
        run.stdout
    };
    assert!(check(&unclosed()).contains("templates/home.html:"));
    let line = check(&Theme::default().route("home", "/", "", "one\ntwo\n{{ oops( }}\n"));
    assert!(line.contains("templates/home.html:3: "), "{line}");
    let line = check(&Theme::default().route("home", "/", "revalidat = 5", "x"));
    assert!(line.contains("theme.toml:") && line.contains("revalidat"), "{line}");
    let lines = check(&Theme::default().route("home", "/", "", "Hello"));
    assert!(lines.contains("error   templates/home.html:1: ") && lines.contains("(no_lang)"), "{lines}");
    let json = perennial(folder.path(), &["theme", "check", "themes/mine", "--format", "json"], &[]);
    assert_eq!(json.code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!((&report["passes"], &report["findings"][0]["level"]), (&false.into(), &"error".into()));
    let missing = tempdir().unwrap();
    let run = perennial(missing.path(), &["theme", "check", "."], &[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("theme.toml"), "{run:?}");
}

#[test]
fn theme_check_finds_nothing_to_mend_in_the_default_theme() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../themes/default");
    let run = perennial(tempdir().unwrap().path(), &["theme", "check", default], &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    assert_eq!(run.stdout, "Nothing to mend: the theme may serve a site.\n");
}

#[test]
fn an_unknown_theme_is_named_with_the_folder_that_lacks_it() {
    let folder = tempdir().unwrap();
    let run = perennial(folder.path(), &[], &[("PERENNIAL_THEME", "nowhere"), ("PERENNIAL_LISTEN", "127.0.0.1:0")]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("nowhere") && run.stderr.contains("themes"), "{run:?}");
}

#[test]
fn a_template_that_never_ends_costs_its_own_page_only() {
    costs_its_own_page(&["{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"]);
}

#[test]
fn a_template_that_prints_without_end_costs_its_own_page_only() {
    costs_its_own_page(&["{% for a in range(100000) %}{{ 'x' * 1000000 }}{% endfor %}"]);
}

#[test]
fn a_template_that_calls_itself_costs_its_own_page_only() {
    costs_its_own_page(&[
        "{% include 'wrong-0.html' %}",
        "{% macro again(n) %}{{ again(n + 1) }}{% endmacro %}{{ again(0) }}",
    ]);
}

#[test]
fn a_template_that_fails_costs_its_own_page_only() {
    costs_its_own_page(&["{{ 1 // 0 }}", "{{ fail('no such thing') }}", "{{ site.nothing.at.all }}", "{{ nothing }}"]);
}

/// Readers of other pages notice nothing while and after these templates run, and the operator is told which page it is.
fn costs_its_own_page(wrong: &[&str]) {
    let right = Theme::default().route("right", "/right/{n}/", "params = []", "{{ params.n }} {{ render.id }}");
    let theme = wrong.iter().enumerate().fold(right, |theme, (n, template)| {
        theme.route(&format!("wrong-{n}"), &format!("/wrong/{n}/{{any}}/"), "params = []", template)
    });
    let site = Start::default().theme(&theme).start();
    let before = site.get("/right/1/");
    for n in 0..wrong.len() {
        // More than there are threads to render with.
        thread::scope(|scope| {
            let readers: Vec<_> = (0..4)
                .map(|any| {
                    scope.spawn({
                        let site = &site;
                        move || site.get(&format!("/wrong/{n}/{any}/"))
                    })
                })
                .collect();
            let begun = Instant::now();
            assert_eq!(site.get("/right/1/").text(), before.text());
            assert!(begun.elapsed().as_secs() < 2, "a page that is there took {:?}", begun.elapsed());
            for answer in readers.into_iter().map(|reader| reader.join().expect("an answer")) {
                assert!(answer.status >= 500, "{}", answer.status);
                assert!(answer.header("cache-control").contains("no-store"));
                assert!(!answer.text().contains(".html"), "readers are not shown the template: {}", answer.text());
            }
        });
        site.log().says(&format!("/wrong/{n}/"));
    }
    site.wait_for("a new page", || (site.get("/right/2/").status == 200).then_some(()));
}

#[test]
fn the_theme_in_the_folder_wins_over_the_one_that_is_built_in() {
    let folder = tempdir().unwrap();
    Theme::default().route("home", "/", "", "Of the folder").write(&folder.path().join("themes"));
    fs::rename(folder.path().join("themes/mine"), folder.path().join("themes/default")).unwrap();
    let themes = folder.path().join("themes").display().to_string();
    let site = Start::default().with("PERENNIAL_THEMES_DIR", &themes).start();
    assert_eq!(site.get("/").text(), "Of the folder");
    assert_eq!(site.get("/feed.json").status, 200, "what every site needs is there without it");
    assert!(Site::empty().get("/").text().contains("<html"));
}
