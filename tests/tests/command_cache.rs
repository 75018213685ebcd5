//! `perennial cache`: what an operator sees and does on the command line of a running server.

use perennial_tests::{Finished, Site, perennial};
use serde_json::{Value, json};

struct Operator<'s> {
    site: &'s Site,
    settings: [(&'static str, String); 2],
}

impl<'s> Operator<'s> {
    fn of(site: &'s Site, scopes: &str) -> Self {
        let made = perennial(site.folder(), &["token", "create", "--name", "cli", "--scopes", scopes], &[]);
        let token = made.stdout.trim().to_owned();
        Self { site, settings: [("PERENNIAL_TOKEN", token), ("PERENNIAL_LISTEN", site.address().to_string())] }
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        let settings: Vec<_> = self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        perennial(self.site.folder(), &[&["cache"], arguments].concat(), &settings)
    }

    #[track_caller]
    fn done(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
        run.stdout
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat())).expect("JSON")
    }
}

#[test]
fn an_operator_looks_at_the_cache() {
    let site = Site::empty();
    let editor = site.signed_in();
    editor.published(json!({"title": "Roses", "slug": "roses", "markdown": "Red."}));
    site.warm("/roses/");
    let operator = Operator::of(&site, "admin");
    let list = operator.done(&["list"]);
    let row = list.lines().find(|line| line.ends_with("  /roses/")).expect("the page");
    assert!(row.starts_with("fresh") && row.contains(" 200 "), "{row}");
    let found = operator.json(&["list", "-q", "roses"]);
    assert_eq!((found.as_array().map(Vec::len), &found[0]["path"]), (Some(1), &json!("/roses/")));
    assert_eq!(operator.done(&["list", "--state", "failed"]).lines().last(), Some("0 pages"));

    let explained = operator.done(&["explain", "/roses/"]);
    assert!(
        explained.contains("state         fresh\n") && explained.contains("\n  post(slug=\"roses\")"),
        "{explained}"
    );
    assert_eq!(operator.json(&["explain", "/roses/"])["route"], "post");
    let nothing = operator.run(&["explain", "/no/route/at/all/"]);
    assert_eq!((nothing.code, nothing.stderr.lines().count()), (Some(1), 1), "{nothing:?}");
}

#[test]
fn an_operator_has_pages_made_again() {
    let site = Site::empty();
    let editor = site.signed_in();
    for slug in ["roses", "tulips"] {
        editor.published(json!({"title": slug, "slug": slug, "markdown": "Red.", "tags": ["Flowers"]}));
        site.warm(&format!("/{slug}/"));
    }
    let operator = Operator::of(&site, "revalidate");
    let cache = |slug: &str| site.get(&format!("/{slug}/")).cache().to_owned();

    let foretold = operator.done(&["revalidate", "--path", "/roses", "--dry-run"]);
    assert_eq!(foretold, "/roses/\n1 page would be made again when the next reader comes\n");
    assert_eq!(cache("roses"), "HIT", "nothing has changed");
    assert_eq!(
        operator.done(&["revalidate", "--path", "/roses/"]),
        "1 page will be made again when the next reader comes\n"
    );
    assert_eq!((cache("roses").as_str(), cache("tulips").as_str()), ("MISS", "HIT"));
    operator.done(&["revalidate", "--path", "/", "--subtree", "--mode", "stale"]);
    assert_eq!((cache("roses").as_str(), cache("tulips").as_str()), ("STALE", "STALE"));
    let done = operator.json(&["revalidate", "--path", "/tulips/", "--path", "/roses/", "--mode", "refresh"]);
    assert!(
        done["results"].as_array().is_some_and(|pages| pages.iter().all(|page| page["state"] == "fresh")),
        "{done}"
    );

    let long = "t".repeat(257);
    let warned = operator.run(&["revalidate", "--tag", &long, "--tag", "post"]);
    assert!(warned.code == Some(0) && warned.stderr.contains(&long), "{warned:?}");
}

#[test]
fn what_goes_wrong_is_said() {
    let site = Site::empty();
    let operator = Operator::of(&site, "revalidate");
    assert_eq!(operator.run(&["revalidate"]).code, Some(2), "which pages?");
    assert_eq!(operator.run(&["explain"]).code, Some(2));
    for (run, says) in [
        (operator.run(&["list"]), "scopes"),
        (operator.run(&["list", "--token", "prn_wrong"]), "not valid"),
        (operator.run(&["list", "--server", "http://127.0.0.1:1"]), "no server answers at http://127.0.0.1:1"),
        (perennial(site.folder(), &["cache", "list"], &[]), "PERENNIAL_TOKEN"),
    ] {
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.lines().count()), (Some(1), "", 1), "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
    }
}
