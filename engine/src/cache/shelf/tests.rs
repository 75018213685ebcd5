//! A shelf in a folder: what comes back, what does not, and what has to go.

use bytes::Bytes;
use minijinja::Value;
use tempfile::TempDir;

use crate::{
    content::read::Fingerprint,
    render::{encode::Encoded, inner::Entry},
};

use super::*;

const URL: &str = "https://site.example";

fn owner() -> Owner<'static> {
    Owner { site: Uuid::from_u128(7), url: URL }
}

fn open(folder: &TempDir, quota: u64) -> (Shelf, Contents) {
    Shelf::in_folder(folder.path(), &owner(), quota, |_| true).unwrap()
}

fn put(shelf: &Shelf, path: &str, body: &str) -> Facts {
    let encoded = Encoded::of(Bytes::from(body.repeat(200)), "text/html");
    let facts = Facts {
        revision: 3,
        status: 200,
        route: "post".into(),
        hash: encoded.hash.clone(),
        bytes: encoded.bytes(),
        made_at: 1,
        modified_at: 1,
        fresh_until: Some(5),
        expires_at: 9,
        took_ms: 1,
    };
    let payload = Arc::new(Document::new(200, "text/html", None, encoded, 1, false).unwrap());
    let page = Shelved { payload, facts: facts.clone(), reads: Vec::new(), tags: Vec::new() };
    shelf.put(PageKey::of_path(path), Box::new(page));
    shelf.settle(Duration::from_secs(10));
    facts
}

fn load(shelf: &Shelf, path: &str, facts: &Facts) -> Option<Document> {
    shelf.load(&PageKey::of_path(path), facts)
}

fn files(folder: &Path, kind: Kind) -> Vec<PathBuf> {
    let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    inside(folder.join(owner().name()).join(kind.word())).flat_map(inside).collect()
}

#[test]
fn pages_come_back_as_they_were_with_their_lifetimes_and_equal_bodies_lie_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, _) = open(&folder, u64::MAX);
    let (one, other) = (put(&shelf, "/one/", "same "), put(&shelf, "/other/", "same "));
    assert_eq!(files(folder.path(), Kind::Body).len(), 1);
    let document = load(&shelf, "/one/", &one).unwrap();
    assert_eq!(document.body, Encoded::of(Bytes::from("same ".repeat(200)), "text/html"));
    drop(shelf);
    let (shelf, contents) = open(&folder, u64::MAX);
    assert_eq!(contents.pages.len(), 2);
    assert!(contents.pages.iter().all(|(_, made)| made.facts == one));

    shelf.remove(PageKey::of_path("/one/"));
    put(&shelf, "/other/", "another ");
    assert!(load(&shelf, "/other/", &other).is_none(), "the older version is not given out");
    assert_eq!(files(folder.path(), Kind::Body).len(), 1, "a body goes with the last page that has it");
}

#[test]
fn what_is_broken_or_another_page_s_is_a_miss_and_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, _) = open(&folder, u64::MAX);
    let (one, two) = (put(&shelf, "/one/", "one "), put(&shelf, "/two/", "two "));
    let bodies = files(folder.path(), Kind::Body);
    let (first, second) = (std::fs::read(&bodies[0]).unwrap(), std::fs::read(&bodies[1]).unwrap());
    std::fs::write(&bodies[0], second).unwrap();
    std::fs::write(&bodies[1], first).unwrap();
    assert!(load(&shelf, "/one/", &one).is_none() && load(&shelf, "/two/", &two).is_none(), "bodies changed places");
    put(&shelf, "/one/", "one ");
    assert!(load(&shelf, "/one/", &one).is_some(), "what was broken is written again");

    let record = files(folder.path(), Kind::Page).pop().unwrap();
    let mut bytes = std::fs::read(&record).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&record, bytes).unwrap();
    drop(shelf);
    let (_, contents) = open(&folder, u64::MAX);
    assert_eq!(contents.pages.len(), 1);
    assert!(!record.exists());
    assert_eq!(files(folder.path(), Kind::Body).len(), 1, "the body that lost its record was swept");
}

#[test]
fn the_pages_of_another_site_or_address_are_not_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, _) = open(&folder, u64::MAX);
    let facts = put(&shelf, "/one/", "one ");
    for other in [Owner { url: "https://other.example", ..owner() }, Owner { site: Uuid::from_u128(8), ..owner() }] {
        let (shelf, contents) = Shelf::in_folder(folder.path(), &other, u64::MAX, |_| true).unwrap();
        assert!(contents.pages.is_empty() && load(&shelf, "/one/", &facts).is_none());
    }
    assert_eq!(open(&folder, u64::MAX).1.pages.len(), 1, "nor removed");
}

#[test]
fn a_full_shelf_loses_what_nobody_came_to_for_longest() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, _) = open(&folder, u64::MAX);
    put(&shelf, "/one/", "one ");
    let used: u64 = [Kind::Page, Kind::Body]
        .iter()
        .flat_map(|kind| files(folder.path(), *kind))
        .map(|file| std::fs::metadata(file).unwrap().len())
        .sum();
    drop(shelf);
    let (shelf, _) = open(&folder, used * 5 / 2);
    let (two, three) = (put(&shelf, "/two/", "two "), put(&shelf, "/three/", "three "));
    assert!(load(&shelf, "/two/", &two).is_some() && load(&shelf, "/three/", &three).is_some());
    assert_eq!((files(folder.path(), Kind::Page).len(), files(folder.path(), Kind::Body).len()), (2, 2));
}

#[test]
fn a_page_is_confirmed_only_as_it_was_shelved() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, _) = open(&folder, u64::MAX);
    let facts = put(&shelf, "/one/", "one ");
    shelf.confirm(PageKey::of_path("/one/"), facts.clone(), Vec::new(), 2_000);
    shelf.confirm(PageKey::of_path("/one/"), Facts { made_at: 2, ..facts }, Vec::new(), 3_000);
    shelf.settle(Duration::from_secs(10));
    drop(shelf);
    assert_eq!(open(&folder, u64::MAX).1.pages[0].1.facts.revision, 2_000);
}

#[test]
fn inner_entries_come_back_until_they_are_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (shelf, _) = open(&folder, u64::MAX);
    let entry = Arc::new(Entry {
        value: Value::from_safe_string("<b>part</b>".into()),
        fingerprint: Fingerprint::of(b"part"),
        bytes: 11,
        reads: Vec::new(),
        tags: Default::default(),
        revision: 5,
        made_after: 5,
        fresh_until: Some(77),
        period: Some(60),
        theme: None,
    });
    let keep = |name: &str, expired| shelf.keep(Keeping::Keep { name: name.into(), entry: entry.clone(), expired });
    keep("cached:a", false);
    keep("cached:b", true);
    keep("cached:c", false);
    shelf.keep(Keeping::Forget("cached:c".into()));
    shelf.settle(Duration::from_secs(10));
    let (_, contents) = open(&folder, u64::MAX);
    let mut kept: Vec<_> = contents.inner.into_iter().map(|kept| (kept.name.clone(), kept.expired, kept)).collect();
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    let names: Vec<_> = kept.iter().map(|(name, expired, _)| (name.as_str(), *expired)).collect();
    assert_eq!(names, [("cached:a", false), ("cached:b", true)]);
    let restored = kept.remove(0).2.into_entry();
    assert_eq!((restored.value.to_string(), restored.fresh_until), ("<b>part</b>".into(), Some(77)));
    assert!(restored.value.is_safe());
}
