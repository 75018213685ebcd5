//! `serve --dev`: a theme as whoever makes it sees it.

use std::{fs, io::Read};

use perennial_tests::{Start, binary::perennial};
use tempfile::tempdir;

#[test]
fn a_new_theme_works_and_has_nothing_to_mend() {
    let folder = tempdir().unwrap();
    let made = perennial(folder.path(), &["theme", "new", "mine"], &[]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let checked = perennial(folder.path(), &["theme", "check", "themes/mine"], &[]);
    assert_eq!(
        (checked.code, checked.stdout.as_str()),
        (Some(0), "Nothing to mend: the theme may serve a site.\n"),
        "{checked:?}"
    );
    for (name, problem) in [("mine", "already"), ("../mine", "no name")] {
        let again = perennial(folder.path(), &["theme", "new", name], &[]);
        assert!(again.code == Some(1) && again.stderr.contains(problem), "{again:?}");
    }
}

#[test]
fn a_save_is_seen_at_once_and_a_mistake_is_shown_with_its_line_until_it_is_mended() {
    let start = Start::default();
    assert_eq!(start.run(&["theme", "new", "mine"]).code, Some(0));
    let site = start.with("PERENNIAL_THEME", "mine").arguments(&["serve", "--dev"]).start();
    let file = site.folder().join("themes/mine/templates/home.html");
    let template = fs::read_to_string(&file).unwrap();
    let page = site.get("/");
    assert!(
        page.status == 200 && page.text().ends_with("<script src=\"/__dev/reload.js\"></script>\n"),
        "{}",
        page.text()
    );
    assert_eq!(page.cache(), "BYPASS");
    assert!(site.get("/__dev/reload.js").text().contains("/__dev/changes"));
    let mut changes = site.request("GET", "/__dev/changes").send().unwrap();
    let mut line = [0; 64];
    let read = changes.read(&mut line).unwrap();
    assert_eq!(&line[..read], b": watching\n\n");

    let save = |text: &str| fs::write(&file, text).unwrap();
    save(&template.replace("{{ site.title }}", "Saved"));
    let read = changes.read(&mut line).unwrap();
    assert!(line[..read].starts_with(b"data: "), "a browser is told");
    assert!(site.get("/").text().contains("<h1>Saved</h1>"));

    save(&template.replace("{{ site.title }}", "{{ site.title | }}"));
    let broken = site.wait_for("the mistake", || Some(site.get("/")).filter(|page| page.status == 500)).text();
    assert!(broken.contains("<h1>templates/home.html:5</h1>") && broken.contains("{{ site.title | }}"), "{broken}");
    assert!(broken.contains('^') && broken.contains("/__dev/reload.js"), "{broken}");

    save(&template.replace("{{ site.title }}", "{{ site.title.shout() }}"));
    let failing = site.wait_for("another mistake", || Some(site.get("/").text()).filter(|page| page.contains("shout")));
    assert!(failing.contains("<h1>templates/home.html:5</h1>") && failing.contains('^'), "{failing}");

    save(&template);
    site.wait_for("the mended page", || (site.get("/").status == 200).then_some(()));
}

#[test]
fn a_built_in_theme_cannot_be_watched_and_readers_get_nothing_of_this() {
    let folder = tempdir().unwrap();
    let run = perennial(folder.path(), &["serve", "--dev"], &[("PERENNIAL_LISTEN", "127.0.0.1:0")]);
    assert!(run.code == Some(1) && run.stderr.contains("perennial theme new"), "{run:?}");
    let site = Start::default().start();
    assert_eq!(site.get("/__dev/reload.js").status, 404);
    assert!(!site.get("/").text().contains("__dev"));
}
