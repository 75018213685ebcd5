//! The site that themes are tried on: it is made to be difficult.

use std::sync::Arc;

use crate::content::{
    command::{
        self, Command, Txn, Who,
        media::AddMedia,
        menu::PutMenu,
        post::{ImportPost, ImportTerm},
        settings::{PatchSettings, SettingsPatch},
    },
    database::Database,
    error::StoreError,
    menu::Item,
    permalink::Permalinks,
    read::Kind,
};

/// 1 January 2026, in milliseconds, and a day.
const NEW_YEAR: i64 = 1_767_225_600_000;
const DAY: i64 = 86_400_000;

const MANY: i64 = 500;

/// What a page that prints without escaping would hold as an element, or an element as an attribute.
pub const PLANTED: &str = "planted";
const HOSTILE: &str = "Tricky <i class=\"planted\">\" planted=\"1\" ' planted='1' {{ 1 }} & </title></script>";

/// How the site grows.
#[derive(Clone, Copy, Debug)]
pub enum Scene {
    Empty,
    OnePost,
    Many,
    /// The same, read from right to left.
    RightToLeft,
}

impl Scene {
    pub const ALL: [Self; 4] = [Self::Empty, Self::OnePost, Self::Many, Self::RightToLeft];

    pub fn words(self) -> &'static str {
        match self {
            Self::Empty => "on a site without posts",
            Self::OnePost => "on a site with one post",
            Self::Many => "on a site with many and difficult posts",
            Self::RightToLeft => "on a site in Arabic",
        }
    }
}

/// Lets the site grow to this scene, from the one before.
pub async fn play(
    scene: Scene,
    db: &Database,
    permalinks: &Arc<Permalinks>,
    menus: Vec<String>,
) -> Result<(), StoreError> {
    command::apply(db, permalinks.clone(), Who::System, NEW_YEAR, Act { scene, menus }).await.map(drop)
}

struct Act {
    scene: Scene,
    menus: Vec<String>,
}

impl Command for Act {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        match self.scene {
            Scene::Empty => Ok(()),
            Scene::OnePost => post(0, "A plain post").run(txn).await.map(drop),
            Scene::Many => {
                huge_image().run(txn).await?;
                for n in 1..MANY {
                    post(n, &format!("Post number {n}")).run(txn).await?;
                }
                for post in difficult() {
                    post.run(txn).await?;
                }
                for name in self.menus {
                    PutMenu { name, expected: None, items: items() }.run(txn).await?;
                }
                let said = |text: &str| Some(text.to_owned());
                let patch = SettingsPatch { title: said(HOSTILE), description: said(HOSTILE), ..Default::default() };
                PatchSettings { expected: None, patch }.run(txn).await
            }
            Scene::RightToLeft => {
                let patch = SettingsPatch { language: Some("ar".into()), ..Default::default() };
                PatchSettings { expected: None, patch }.run(txn).await
            }
        }
    }
}

fn post(n: i64, title: &str) -> ImportPost {
    let term = |name: &str, description: &str| ImportTerm {
        name: name.into(),
        description: description.into(),
        ..ImportTerm::default()
    };
    ImportPost {
        source: format!("check:{n}:{title}"),
        kind: Kind::Post,
        published: true,
        title: title.into(),
        slug: None,
        path: None,
        markdown: format!("The text of post {n}, with *words* and a [link](/).\n\n## A heading\n\n- A list\n"),
        excerpt: None,
        tags: vec![term(["Notes", "Letters", "Maps"].get(n.unsigned_abs() as usize % 3).unwrap_or(&"Notes"), "")],
        authors: vec![term("Ada Lane", "Writes.")],
        feature_image: None,
        feature_image_alt: None,
        featured: n % 50 == 7,
        seo_title: None,
        seo_description: None,
        canonical_url: None,
        published_at: Some(NEW_YEAR - n * DAY),
        updated_at: None,
        aliases: Vec::new(),
    }
}

/// The newest posts, so that every list shows them.
fn difficult() -> Vec<ImportPost> {
    let hostile =
        |name: &str| ImportTerm { name: name.into(), slug: Some("tricky".into()), description: HOSTILE.into() };
    let word = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(6);
    let headings: String = (0..100).map(|n| format!("## Heading {n}\n\nText.\n\n")).collect();
    let everything = "A note.[^1]\n\n[^1]: Below.\n\n> [!NOTE]\n> A callout.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
                      ```rust\nfn main() {}\n```\n\n$x^2$ and\n\n- [x] done\n";
    let posts = [
        ImportPost {
            tags: vec![hostile(HOSTILE)],
            authors: vec![hostile(HOSTILE)],
            excerpt: Some(HOSTILE.into()),
            ..post(1, HOSTILE)
        },
        ImportPost { markdown: format!("{word}\n\n`{word}`"), ..post(2, &word) },
        ImportPost {
            markdown: "هذا نص من اليمين إلى اليسار.".into(), ..post(3, "مقال عن الحديقة")
        },
        ImportPost { markdown: String::new(), tags: Vec::new(), authors: Vec::new(), ..post(4, "Nothing at all") },
        ImportPost { markdown: headings, ..post(5, "A hundred headings") },
        ImportPost { markdown: everything.into(), ..post(6, "Everything that a text can hold") },
        ImportPost {
            feature_image: Some(format!("/media/{HUGE}")),
            feature_image_alt: Some(HOSTILE.into()),
            featured: true,
            ..post(7, "A huge image")
        },
        ImportPost { kind: Kind::Page, slug: Some("about-this-site".into()), ..post(8, "A page") },
    ];
    (1..).zip(posts).map(|(n, post)| ImportPost { published_at: Some(NEW_YEAR + n * DAY), ..post }).collect()
}

const HUGE: &str = "0000000000000000/huge.png";

fn huge_image() -> AddMedia {
    AddMedia {
        hash: "0".repeat(64),
        name: "huge.png".into(),
        mime: "image/png".into(),
        bytes: 1 << 20,
        width: Some(20_000),
        height: Some(30_000),
        alt: String::new(),
        storage_key: HUGE.into(),
        color: Some("#808080".into()),
    }
}

fn items() -> Vec<Item> {
    let item = |label: &str, url: &str| Item { label: label.into(), url: Some(url.into()), ..Item::default() };
    vec![item("Home", "/"), Item { children: vec![item("Below", "/#below")], ..item(HOSTILE, "/#tricky") }]
}
