//! Whole trees: small ones that lie beside the tests, and real sites where the environment names a folder of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    plan::{Plan, Taken, plan},
    report::{Fate, Item},
    site::{Flavour, Site},
    tree::{Resource, Tree},
};
use crate::content::{command::post::ImportPost, permalink::Permalinks, read::Kind};

/// 2027-01-01.
const NOW: i64 = 1_798_761_600_000;

pub(super) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import").join(name)
}

/// A folder of real sites that the environment names.
pub(super) fn corpus(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("PERENNIAL_CORPUS").map(|folder| Path::new(&folder).join(name));
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: no corpus");
    }
    folder
}

fn planned(folder: &Path) -> Plan {
    let tree = Tree::open(folder, None).unwrap();
    let site = Site::recognise(&tree.files, |file| tree.text(file).ok());
    let media_url = |resource: &Resource| Some(format!("/media/hash/{}", resource.name()));
    let plan = plan(&tree, &site, &Taken::default(), &Permalinks::default(), NOW, &media_url);
    is_sound(&tree, &plan);
    plan
}

/// Each file is in the report once, and no two texts share an address or a slug.
#[track_caller]
fn is_sound(tree: &Tree, plan: &Plan) {
    let files: Vec<_> = plan.report.items.iter().map(|item| &item.file).collect();
    assert_eq!(files, tree.files.iter().collect::<Vec<_>>());
    let urls: BTreeSet<_> = urls(plan).into_values().collect();
    assert_eq!(urls.len(), plan.posts.len());
    let slugs: BTreeSet<_> = plan.posts.iter().map(|planned| &planned.post.slug).collect();
    assert_eq!(slugs.len(), plan.posts.len());
}

fn urls(plan: &Plan) -> BTreeMap<&str, &str> {
    plan.report.items.iter().filter_map(|item| Some((item.file.as_str(), url_of(item)?))).collect()
}

fn url_of(item: &Item) -> Option<&str> {
    match &item.fate {
        Fate::Imported { url, .. } => Some(url),
        _ => None,
    }
}

fn item<'a>(plan: &'a Plan, file: &str) -> &'a Item {
    plan.report.items.iter().find(|item| item.file == file).unwrap()
}

fn post<'a>(plan: &'a Plan, file: &str) -> &'a ImportPost {
    let found = plan.posts.iter().find(|planned| plan.report.items[planned.item].file == file);
    &found.unwrap().post
}

fn names(terms: &[crate::content::command::post::ImportTerm]) -> Vec<&str> {
    terms.iter().map(|term| term.name.as_str()).collect()
}

/// Milliseconds as people read them.
fn when(millis: Option<i64>) -> String {
    millis.map(|millis| jiff::Timestamp::from_millisecond(millis).unwrap().to_string()).unwrap_or_default()
}

#[test]
fn a_zola_site() {
    let plan = planned(&fixture("zola"));
    assert_eq!(plan.report.format, Flavour::Zola);
    let first = post(&plan, "content/first.md");
    assert_eq!((first.title.as_str(), first.kind, first.published), ("The first post", Kind::Post, true));
    assert_eq!(first.path.as_deref(), Some("/2020/03/04/First.Post/"));
    assert_eq!(when(first.published_at), "2020-03-04T00:00:00Z");
    assert_eq!((names(&first.tags), names(&first.authors)), (vec!["News", "Rust"], vec!["Ann", "Bob"]));
    assert_eq!(first.excerpt.as_deref(), Some("What it is about."));
    assert_eq!(first.aliases, ["/2020/03/04/First.Post.html", "/old/first/"]);
    assert_eq!(
        first.markdown,
        "See [the other](/2021/05/06/other/#part), [it again](/2021/05/06/other/?x=1#part), \
         [https://old.example/old/first](/2020/03/04/First.Post/) and\n<https://elsewhere.example/>. \
         In code nothing changes: `@/bundle/index.md`.\n\n![A logo](/media/hash/logo.svg) ![Gone](gone.png)\n"
    );
    assert_eq!(item(&plan, "content/first.md").notes, ["content/gone.png is missing"]);
    let other = post(&plan, "content/bundle/index.md");
    assert_eq!(when(other.updated_at), "2021-06-01T00:00:00Z");
    assert_eq!(other.excerpt.as_deref(), Some("Summary."));
    assert!(other.markdown.ends_with("![A cat](/media/hash/cat.png) and <img src=\"/media/hash/cat.png\" alt=\"\">\n"));
    let idea = post(&plan, "content/2022-02-02-idea.md");
    assert!(!idea.published && idea.markdown.contains("::embed{url=\"https://www.youtube.com/watch?v=abc\"}"));
    assert_eq!(item(&plan, "content/2022-02-02-idea.md").notes, ["the shortcode \"unknown\" was kept as text"]);
    let about = post(&plan, "content/about.md");
    assert_eq!((about.kind, about.path.as_deref(), about.slug.as_deref()), (Kind::Page, None, Some("about")));
    let reasons: Vec<_> = plan
        .report
        .items
        .iter()
        .filter_map(|item| match &item.fate {
            Fate::Skipped { reason } => Some((item.file.as_str(), reason.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(reasons.len(), 5, "{reasons:?}");
    assert!(
        reasons
            .iter()
            .any(|(file, reason)| *file == "content/broken.md" && reason.contains("front matter cannot be read"))
    );
    assert_eq!(item(&plan, "content/bundle/cat.png").fate, Fate::Merged { url: "/media/hash/cat.png".into() });
}

#[test]
fn the_last_part_of_an_address_may_repeat() {
    let plan = planned(&fixture("zola"));
    let same = post(&plan, "content/same/first.md");
    assert_eq!((same.path.as_deref(), same.slug.as_deref()), (Some("/2020/03/04/first.post/"), Some("first-2")));
}

#[test]
fn a_hugo_site() {
    let plan = planned(&fixture("hugo"));
    assert_eq!(plan.report.format, Flavour::Hugo);
    let file = "content/post/2019-1-2-some-file.md";
    let one = post(&plan, file);
    assert_eq!(one.path.as_deref(), Some("/2020/01/own-slug/"));
    assert_eq!(
        (when(one.published_at), when(one.updated_at)),
        ("2020-01-02T09:00:00Z".into(), "2020-02-02T23:00:00Z".into())
    );
    assert_eq!(names(&one.tags), ["c", "a", "b"]);
    assert_eq!(one.aliases, ["/elsewhere/", "/2020/01/before.html"]);
    assert_eq!(
        one.markdown,
        "::embed{url=\"https://www.youtube.com/watch?v=abc\"}\n\n> [!WARNING]\n> Hot\n\n{{< plotly >}} and [a link](/plain.html).\n"
    );
    assert_eq!(
        item(&plan, file).notes,
        ["the field \"mystery\" has no place here", "the shortcode \"plotly\" was kept as text"]
    );
    assert_eq!(post(&plan, "content/post/plain.html").path.as_deref(), Some("/plain.html"));
    let named = post(&plan, "content/post/published-2014-12-19-named.md");
    assert_eq!((named.title.as_str(), when(named.published_at).as_str()), ("Named", "2014-12-18T23:00:00Z"));
    let ahead = post(&plan, "content/post/bundle/index.md");
    assert!(!ahead.published);
    assert_eq!(ahead.feature_image.as_deref(), Some("/media/hash/cover.png"));
    assert!(matches!(item(&plan, "content/post/deleted-2014-12-19-gone.md").fate, Fate::Skipped { .. }));
}

#[test]
fn a_jekyll_site() {
    let plan = planned(&fixture("jekyll"));
    assert_eq!(plan.report.format, Flavour::Jekyll);
    let file = "_posts/2020-01-02-Hello-World.markdown";
    let hello = post(&plan, file);
    // One in the morning in London is the evening before in Los Angeles.
    assert_eq!(hello.path.as_deref(), Some("/news/2020/01/02/Hello-World/"));
    assert_eq!((hello.title.as_str(), names(&hello.tags)), ("Hello World", vec!["foo", "bar"]));
    assert_eq!(hello.aliases, ["/hello/"]);
    assert_eq!(
        hello.markdown,
        "`{{ x }}` in https://code.example/r, {% include x.md %}, [next](/news/2020/02/05/next/),\n\
         [again](/news/2020/02/05/next/#a) and [lost]({% link _docs/lost.md %}).\n\n```ruby\nputs 1\n```\n"
    );
    assert_eq!(
        item(&plan, file).notes,
        ["{% include x.md %} was kept as text", "{% link _docs/lost.md %} was kept as text"]
    );
    assert!(!post(&plan, "_posts/2020-2-5-next.md").published);
    assert!(!post(&plan, "_drafts/thought.md").published);
    assert_eq!(post(&plan, "_posts/2020-03-04-traversal.md").path.as_deref(), Some("/news/2020/03/04/traversal/"));
    assert_eq!(
        item(&plan, "_posts/2020-03-04-traversal.md").notes,
        ["its permalink leads out of the site and was refused"]
    );
    let hash = post(&plan, "life/_posts/2020-04-04-hash-#1.md");
    assert_eq!((hash.path.as_deref(), names(&hash.tags)), (Some("/news/2020/04/04/hash-1/"), vec!["life", "2013"]));
    assert_eq!(post(&plan, "about.md").kind, Kind::Page);
    for file in ["_posts/no-date.md", "_posts/2020-03-03-no-front-matter.md"] {
        assert!(matches!(item(&plan, file).fate, Fate::Skipped { .. }), "{file}");
    }
}

#[test]
fn the_rust_blog() {
    let Some(folder) = corpus("md-zola-rust-blog") else { return };
    let plan = planned(&folder);
    let totals = &plan.report.totals;
    assert_eq!((totals.posts, totals.pages, totals.drafts, totals.redirects, totals.authors), (750, 0, 0, 740, 167));
    assert_eq!((totals.images_found, totals.images_missing), (163, 68));
    assert!(totals.links_made_internal > 700, "{}", totals.links_made_internal);
    let inside = urls(&plan).into_values().filter(|url| url.starts_with("/inside-rust/")).count();
    assert_eq!(inside, 363);
    assert!(!plan.posts.iter().any(|planned| planned.post.markdown.contains("](@/")));
    let sections =
        plan.report.items.iter().filter(|item| item.file.ends_with("_index.md") || item.file.ends_with("latest.md"));
    assert_eq!(sections.filter(|item| matches!(item.fate, Fate::Skipped { .. })).count(), 4);
}

#[test]
fn the_lets_encrypt_blog() {
    let Some(folder) = corpus("md-hugo-letsencrypt-blog") else { return };
    let plan = planned(&folder);
    let totals = &plan.report.totals;
    assert_eq!((totals.posts, totals.pages, totals.drafts, totals.redirects, totals.authors), (121, 0, 0, 1, 33));
    let notes: Vec<_> = plan.report.items.iter().flat_map(|item| &item.notes).collect();
    let about = |text: &str| notes.iter().filter(|note| note.contains(text)).count();
    assert_eq!((about("is missing"), about("plotly"), about("\"data_file\""), about("its address was")), (71, 1, 1, 2));
}

#[test]
fn the_jekyll_sites() {
    let Some(folder) = corpus("md-jekyll-jekyllrb") else { return };
    let news = planned(&folder.join("docs"));
    assert_eq!((news.report.totals.posts, news.report.totals.drafts, news.report.totals.redirects), (102, 0, 1));
    assert!(urls(&news).into_values().all(|url| url.starts_with("/news/20")));
    let history =
        news.report.items.iter().flat_map(|item| &item.notes).filter(|note| note.contains("_docs/history.md"));
    assert_eq!(history.count(), 3);
    let odd = planned(&folder.join("test/source"));
    assert_eq!((odd.report.totals.posts, odd.report.totals.drafts), (51, 1));
    assert_eq!(odd.report.items.iter().filter(|item| matches!(item.fate, Fate::Skipped { .. })).count(), 4);
}
