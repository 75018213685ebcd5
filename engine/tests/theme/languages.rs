//! The theme in other languages.

use std::{collections::BTreeMap, fs};

use perennial::content::command::{
    post::ImportPost,
    settings::{PatchSettings, SettingsPatch},
};

use crate::site::{THEMES, on_each_theme, post, term};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../themes");

#[test]
fn words_and_dates_follow_the_language_of_the_site() {
    on_each_theme(async |site| {
        site.apply(ImportPost { tags: term("Garten"), ..post(60) }).await;
        let patch = SettingsPatch { language: Some("de-AT".into()), ..SettingsPatch::default() };
        site.apply(PatchSettings { expected: None, patch }).await;
        let html = site.page("/post-60/").await;
        assert!(html.contains(r#"<html lang="de-AT""#) && html.contains(">Zum Inhalt<"));
        assert!(html.contains(">2. März 2026<") && html.contains("1 Min. Lesezeit"));
        assert!(site.page("/archive/").await.contains(">2. März<"));
        assert!(site.page("/tags/").await.contains("1 Beitrag<"));
        assert!(site.page("/archive/1/").await.contains("<h1>Archiv, Seite 1</h1>"));
    });
}

#[test]
fn a_language_that_the_theme_does_not_know_reads_english() {
    on_each_theme(async |site| {
        let patch = SettingsPatch { language: Some("is".into()), ..SettingsPatch::default() };
        site.apply(PatchSettings { expected: None, patch }).await;
        assert!(site.page("/").await.contains(r#"<html lang="is""#));
        assert!(site.page("/").await.contains(">Skip to content<"));
    });
}

#[test]
fn every_locale_has_every_text_of_the_templates() {
    for theme in THEMES {
        let mut texts = vec!["post".to_owned(), "posts".to_owned(), "%-d %B %Y".to_owned(), "%-d %b".to_owned()];
        let mut folders = vec![format!("{FOLDER}/{theme}/templates")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path().display().to_string()),
                    false => texts.extend(translated(&fs::read_to_string(entry.path()).unwrap())),
                }
            }
        }
        assert!(texts.len() > 20, "the templates' texts were found");
        for entry in fs::read_dir(format!("{FOLDER}/{theme}/locales")).unwrap().map(Result::unwrap) {
            let text = fs::read_to_string(entry.path()).unwrap();
            let known: BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
            for text in &texts {
                assert!(known.contains_key(text), "{}: {text}", entry.path().display());
            }
        }
    }
}

/// Every `"text" | t`.
fn translated(template: &str) -> impl Iterator<Item = String> {
    template.match_indices("\" | t").filter_map(|(end, _)| {
        let before = template.get(..end)?;
        Some(before.rsplit_once('"')?.1.to_owned())
    })
}
