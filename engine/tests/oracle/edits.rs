//! Random edits, as editors make them, each told in a few words.

use std::collections::BTreeMap;

use perennial::content::{
    change::{Demand, Mode},
    command::{
        author::{CreateAuthor, DeleteAuthor, UpdateAuthor},
        media::AddMedia,
        menu::PutMenu,
        merge::MergeTag,
        post::{
            CreatePost, GoBack, KeepRevision, PostPatch, Publish, Restore, SavePost, Schedule, ScheduleEnd, Trash,
            Unpublish,
        },
        redirect::{DeleteRedirect, PutRedirect},
        redirects::PutRedirects,
        revalidate::Revalidate,
        settings::{PatchSettings, SettingsPatch},
        tag::{CreateTag, DeleteTag, UpdateTag},
        theme::SetThemeSettings,
    },
    menu::Item,
    tag::CacheTag,
    time::Time,
};
use perennial::{model::post::Kind, theme::setting::SettingKind};
use rand::{
    Rng,
    rngs::StdRng,
    seq::{IndexedRandom, IteratorRandom},
};
use serde_json::json;
use uuid::Uuid;

use super::{engine::Engine, weather::Weather};

/// More posts and authors than this are not kept: every address is looked at after every edit.
const MOST: usize = 40;
const MOST_AUTHORS: usize = 8;

const PICTURES: usize = 4;

const TAGS: &[&str] = &["Ivy", "Moss", "Fern", "Oak"];
const WORDS: &[&str] = &["hello", "garden", "river", "stone", "winter", "letter"];

pub struct Editor {
    rng: StdRng,
    posts: Vec<Uuid>,
    tags: Vec<Uuid>,
    authors: Vec<Uuid>,
    redirects: Vec<String>,
    /// Versions of posts that can be gone back to.
    kept: Vec<(Uuid, i64)>,
    addresses: Vec<String>,
    /// Minutes; each post is dated at its own.
    clock: i64,
    weather: Weather,
}

impl Editor {
    pub fn new(rng: StdRng, weather: Weather) -> Self {
        let (posts, tags, authors, redirects, kept, addresses) = Default::default();
        Self { rng, posts, tags, authors, redirects, kept, addresses, clock: 29_000_000, weather }
    }

    /// Addresses that posts have, had or may get.
    pub fn addresses(&mut self) -> Vec<String> {
        std::mem::take(&mut self.addresses)
    }

    pub async fn begin_with_a_post(&mut self, engine: &Engine) {
        if self.authors.len() < 2 {
            self.author(engine).await;
        }
        self.create(engine).await;
        if let Some(id) = self.posts.last() {
            let _ = engine.apply(Publish { id: *id, expected: None }).await;
        }
    }

    /// Makes one edit and says what it was. What the store refuses is an edit that changes nothing.
    pub async fn edit(&mut self, engine: &Engine) -> String {
        let (story, refused) = match self.rng.random_range(0..34) {
            0..2 if self.posts.len() >= MOST => self.drop_oldest(engine).await,
            0..2 => ("create", self.create(engine).await),
            2..5 => self.publish(engine).await,
            5..9 => self.change(engine).await,
            9 => ("unpublish", self.of_a_post(engine, |id| Unpublish { id, expected: None }).await),
            10 => ("trash", self.of_a_post(engine, |id| Trash { id, expected: None }).await),
            11 => ("restore", self.of_a_post(engine, |id| Restore { id, expected: None }).await),
            12 => self.tag(engine).await,
            13 => self.rename_tag(engine).await,
            14 if self.authors.len() < MOST_AUTHORS => ("new author", self.author(engine).await),
            14 => self.remove_author(engine).await,
            15 => self.rename_author(engine).await,
            16 => self.remove_author(engine).await,
            17..19 => self.menu(engine).await,
            19..21 => self.settings(engine).await,
            21 => self.weather(engine).await,
            22 => self.demand(engine).await,
            23 => self.schedule(engine).await,
            24 => self.schedule_end(engine).await,
            25 => self.media(engine).await,
            26..28 => self.theme_setting(engine).await,
            28..30 => self.history(engine).await,
            30 => self.rules(engine).await,
            31 => self.look(engine).await,
            _ => self.redirect(engine).await,
        };
        if refused { format!("{story} (refused)") } else { story.to_owned() }
    }

    async fn of_a_post<C: perennial::content::command::Command>(
        &mut self,
        engine: &Engine,
        command: impl Fn(Uuid) -> C,
    ) -> bool {
        match self.posts.choose(&mut self.rng) {
            Some(id) => engine.apply(command(*id)).await.is_err(),
            None => true,
        }
    }

    async fn create(&mut self, engine: &Engine) -> bool {
        let fields = self.fields();
        let kind = if self.rng.random_bool(0.15) { Kind::Page } else { Kind::Post };
        match engine.apply(CreatePost { kind, fields }).await {
            Ok(created) => {
                self.posts.push(created.output);
                false
            }
            Err(_) => true,
        }
    }

    async fn drop_oldest(&mut self, engine: &Engine) -> (&'static str, bool) {
        let id = self.posts.remove(0);
        ("trash the oldest", engine.apply(Trash { id, expected: None }).await.is_err())
    }

    /// Another server's answer changes, and it says so.
    async fn weather(&mut self, engine: &Engine) -> (&'static str, bool) {
        self.weather.turn();
        ("other weather", revalidate(engine, CacheTag::word("weather").unwrap()).await)
    }

    /// Pages are made again although nothing changed.
    async fn demand(&mut self, engine: &Engine) -> (&'static str, bool) {
        let tag = ["newest", "settings", "posts:post", "route:post", "path:/", "tags"].choose(&mut self.rng).unwrap();
        ("a demand", revalidate(engine, CacheTag::word(tag).unwrap()).await)
    }

    /// A picture comes to the library, perhaps one that posts show already.
    async fn media(&mut self, engine: &Engine) -> (&'static str, bool) {
        let n = self.rng.random_range(0..PICTURES);
        let (name, mime, storage_key) = (format!("{n}.png"), "image/png".into(), format!("{n}.png"));
        let (width, height) = (Some(640), Some(480));
        let media = AddMedia {
            hash: n.to_string(),
            name,
            mime,
            bytes: 1,
            width,
            height,
            alt: "A picture".into(),
            storage_key,
            color: None,
        };
        ("a picture", engine.apply(media).await.is_err())
    }

    async fn schedule(&mut self, engine: &Engine) -> (&'static str, bool) {
        let at = self.later();
        let refused = self.of_a_post(engine, |id| Schedule { id, expected: None, at }).await;
        engine.pass_to(at + 500).await;
        ("publish at a time", refused)
    }

    async fn schedule_end(&mut self, engine: &Engine) -> (&'static str, bool) {
        let at = self.later();
        let refused = self.of_a_post(engine, |id| ScheduleEnd { id, expected: None, at: Some(at) }).await;
        engine.pass_to(at + 500).await;
        ("take back at a time", refused)
    }

    /// A moment after now.
    fn later(&mut self) -> i64 {
        Time::now().0 + self.rng.random_range(1_000..100_000)
    }

    async fn publish(&mut self, engine: &Engine) -> (&'static str, bool) {
        ("publish", self.of_a_post(engine, |id| Publish { id, expected: None }).await)
    }

    /// Saves one field, and most of the time publishes it.
    async fn change(&mut self, engine: &Engine) -> (&'static str, bool) {
        let all = self.fields();
        let (story, fields) = match self.rng.random_range(0..8) {
            0 => ("another title", PostPatch { title: all.title, ..PostPatch::default() }),
            1..3 => ("another body", PostPatch { markdown: all.markdown, ..PostPatch::default() }),
            3 => ("other tags", PostPatch { tags: all.tags, ..PostPatch::default() }),
            4 => ("another slug", PostPatch { slug: all.slug, ..PostPatch::default() }),
            6 => ("another picture", PostPatch { feature_image: all.feature_image, ..PostPatch::default() }),
            5 => ("another date", PostPatch { published_at: all.published_at, ..PostPatch::default() }),
            _ => ("other authors", PostPatch { authors: all.authors, featured: all.featured, ..PostPatch::default() }),
        };
        let Some(id) = self.posts.choose(&mut self.rng).copied() else { return (story, true) };
        let refused = engine.apply(SavePost { id, expected: None, fields }).await.is_err();
        if self.rng.random_bool(0.8) {
            let _ = engine.apply(Publish { id, expected: None }).await;
        }
        (story, refused)
    }

    /// A version is kept, or an earlier one comes back and is published.
    async fn history(&mut self, engine: &Engine) -> (&'static str, bool) {
        if self.kept.is_empty() || self.rng.random_bool(0.4) {
            let Some(id) = self.posts.choose(&mut self.rng).copied() else { return ("keep a version", true) };
            let kept = engine.apply(KeepRevision { id, expected: None }).await;
            let refused = kept.is_err();
            self.kept.extend(kept.ok().map(|version| (id, version.output)));
            return ("keep a version", refused);
        }
        let (id, to) = self.kept.swap_remove(self.rng.random_range(0..self.kept.len()));
        let refused = engine.apply(GoBack { id, expected: None, to }).await.is_err();
        let _ = engine.apply(Publish { id, expected: None }).await;
        ("back to a version", refused)
    }

    fn fields(&mut self) -> PostPatch {
        self.clock += self.rng.random_range(1..3_000);
        let word = WORDS.choose(&mut self.rng).unwrap();
        let n = self.rng.random_range(0..6);
        let slug = format!("{word}-{n}");
        self.addresses.push(format!("/{slug}/"));
        let tags = TAGS.iter().filter(|_| self.rng.random_bool(0.4)).map(|tag| (*tag).to_owned()).collect();
        let authors = self.authors.iter().filter(|_| self.rng.random_bool(0.5)).copied().collect();
        let past = self.rng.random_range(0..200_000);
        let [picture, shown] = [(); 2].map(|()| format!("/media/{}.png", self.rng.random_range(0..PICTURES)));
        PostPatch {
            title: Some(format!("The {word} & <{n}>")),
            slug: Some(slug),
            markdown: Some(format!(
                "A *{word}* of {}.\n\n![Seen]({shown})\n\n## Part\n\n```rust\nfn {word}() {{}}\n```\n",
                self.clock
            )),
            excerpt: Some(self.rng.random_bool(0.3).then(|| format!("About {word} {n}."))),
            tags: Some(tags),
            authors: Some(authors),
            featured: Some(self.rng.random_bool(0.2)),
            feature_image: Some(self.rng.random_bool(0.4).then_some(picture)),
            published_at: Some(Some(Time((self.clock - past) * 60_000))),
            ..PostPatch::default()
        }
    }

    async fn tag(&mut self, engine: &Engine) -> (&'static str, bool) {
        if self.tags.len() > 2 && self.rng.random_bool(0.5) {
            let id = self.tags.remove(0);
            if self.rng.random_bool(0.5) {
                let into = self.tags[0];
                return ("merge a tag", engine.apply(MergeTag { id, into, expected: None }).await.is_err());
            }
            return ("delete a tag", engine.apply(DeleteTag { id, expected: None }).await.is_err());
        }
        let name = format!("{} {}", TAGS.choose(&mut self.rng).unwrap(), self.rng.random_range(0..9));
        let created = engine.apply(CreateTag { name, slug: None, description: None }).await;
        let refused = created.is_err();
        self.tags.extend(created.ok().map(|created| created.output));
        ("new tag", refused)
    }

    async fn rename_tag(&mut self, engine: &Engine) -> (&'static str, bool) {
        let Some(id) = self.tags.choose(&mut self.rng).copied() else { return ("rename a tag", true) };
        let n = self.rng.random_range(0..9);
        let slug = self.rng.random_bool(0.4).then(|| format!("leaf-{n}"));
        let command = UpdateTag {
            id,
            expected: None,
            name: Some(format!("Leaf {n}")),
            slug,
            description: Some(format!("{n} leaves")),
        };
        ("rename a tag", engine.apply(command).await.is_err())
    }

    async fn author(&mut self, engine: &Engine) -> bool {
        let name = format!("Ada {}", self.authors.len());
        let created = engine.apply(CreateAuthor { name, slug: None, bio: None, avatar: None }).await;
        let refused = created.is_err();
        self.authors.extend(created.ok().map(|created| created.output));
        refused
    }

    async fn rename_author(&mut self, engine: &Engine) -> (&'static str, bool) {
        let Some(id) = self.authors.choose(&mut self.rng).copied() else { return ("rename an author", true) };
        let name = Some(format!("Bo {}", self.rng.random_range(0..99)));
        let command = UpdateAuthor { id, expected: None, name, slug: None, bio: Some("Writes.".into()), avatar: None };
        ("rename an author", engine.apply(command).await.is_err())
    }

    async fn remove_author(&mut self, engine: &Engine) -> (&'static str, bool) {
        let Some(id) = self.authors.choose(&mut self.rng).copied() else { return ("remove an author", true) };
        let refused = engine.apply(DeleteAuthor { id, expected: None }).await.is_err();
        if !refused {
            self.authors.retain(|other| *other != id);
        }
        ("remove an author", refused)
    }

    async fn menu(&mut self, engine: &Engine) -> (&'static str, bool) {
        let mut items = vec![Item { label: "Home".into(), url: Some("/".into()), ..Item::default() }];
        if let Some(id) = self.posts.choose(&mut self.rng) {
            items.push(Item { post: Some(id.to_string()), ..Item::default() });
        }
        if let Some(id) = self.tags.choose(&mut self.rng) {
            items.push(Item { label: "Leaves".into(), tag: Some(id.to_string()), ..Item::default() });
        }
        ("another menu", engine.apply(PutMenu { name: "main".into(), expected: None, items }).await.is_err())
    }

    async fn settings(&mut self, engine: &Engine) -> (&'static str, bool) {
        let n = self.rng.random_range(0..9);
        let (story, patch) = match self.rng.random_range(0..4) {
            0 => ("another site title", SettingsPatch { title: Some(format!("Site {n}")), ..SettingsPatch::default() }),
            1 => (
                "another description",
                SettingsPatch { description: Some(format!("Words {n}")), ..SettingsPatch::default() },
            ),
            2 => {
                let zone = ["UTC", "Europe/Vienna", "America/New_York"].choose(&mut self.rng).unwrap();
                ("another time zone", SettingsPatch { timezone: Some((*zone).into()), ..SettingsPatch::default() })
            }
            _ => ("another page length", SettingsPatch { posts_per_page: Some(2 + n), ..SettingsPatch::default() }),
        };
        (story, engine.apply(PatchSettings { expected: None, patch }).await.is_err())
    }

    /// What every page shows, or none.
    async fn look(&mut self, engine: &Engine) -> (&'static str, bool) {
        let n = self.rng.random_range(0..9);
        let (story, patch) = match self.rng.random_range(0..4) {
            0 => {
                let language = ["en", "de", "ar"].choose(&mut self.rng).unwrap();
                ("another language", SettingsPatch { language: Some((*language).into()), ..SettingsPatch::default() })
            }
            1 => (
                "another colour",
                SettingsPatch { accent_color: Some(format!("#{n}{n}0000")), ..SettingsPatch::default() },
            ),
            2 => {
                let logo = (n > 3).then(|| format!("/media/{}.png", n % 4));
                ("another logo", SettingsPatch { logo: Some(logo), ..SettingsPatch::default() })
            }
            _ => {
                let hub = (n > 3).then(|| format!("https://hub-{n}.example/"));
                ("another hub", SettingsPatch { websub_hub: Some(hub), ..SettingsPatch::default() })
            }
        };
        (story, engine.apply(PatchSettings { expected: None, patch }).await.is_err())
    }

    /// A value that the theme allows, or its default again; sometimes one that only an older version may have allowed.
    async fn theme_setting(&mut self, engine: &Engine) -> (&'static str, bool) {
        let theme = engine.theme();
        let Some((name, setting)) = theme.settings.iter().choose(&mut self.rng) else { return ("no setting", true) };
        let n = self.rng.random_range(0..9);
        let value = match setting.kind {
            SettingKind::Bool => json!(n % 2 == 0),
            SettingKind::Select => json!(setting.options.choose(&mut self.rng)),
            SettingKind::Color => json!(format!("#00{n}0{n}0")),
            SettingKind::Number => json!(setting.min.unwrap_or(0.0) + f64::from(n)),
            SettingKind::Image => json!(format!("/media/{}.png", n % 4)),
            SettingKind::Url => json!(format!("/{n}/")),
            SettingKind::Post => json!(self.posts.choose(&mut self.rng)),
            SettingKind::Tag | SettingKind::Text | SettingKind::Textarea => json!(format!("words-{n}")),
        };
        let value = match self.rng.random_range(0..10) {
            0 => None,
            1 => Some(json!({ "of an older version": n })),
            _ => Some(value),
        };
        let values = BTreeMap::from([(name.clone(), value)]);
        let command = SetThemeSettings { theme: theme.name.clone(), expected: None, values };
        ("another theme setting", engine.apply(command).await.is_err())
    }

    /// Rules for many paths, one or all of a file.
    async fn rules(&mut self, engine: &Engine) -> (&'static str, bool) {
        let n = self.rng.random_range(0..6);
        let word = WORDS.choose(&mut self.rng).unwrap();
        self.addresses.extend([format!("/moss/{n}/"), format!("/leaf/{word}/{n}/")]);
        let rule = |(from, to, status): &(&str, &str, u16)| PutRedirect {
            from: (*from).into(),
            to: (*to).into(),
            status: *status,
        };
        let chosen = RULES.choose(&mut self.rng).unwrap();
        match self.rng.random_range(0..4) {
            0 => {
                let lines = (1..).zip(RULES.iter().rev().map(rule)).collect();
                ("rules of a file", engine.apply(PutRedirects { lines }).await.is_err())
            }
            1 => ("no rule any more", engine.apply(DeleteRedirect { from: chosen.0.into() }).await.is_err()),
            _ => ("a rule", engine.apply(rule(chosen)).await.is_err()),
        }
    }

    async fn redirect(&mut self, engine: &Engine) -> (&'static str, bool) {
        if !self.redirects.is_empty() && self.rng.random_bool(0.4) {
            let from = self.redirects.remove(0);
            return ("no redirect any more", engine.apply(DeleteRedirect { from }).await.is_err());
        }
        let from = format!("/old/{}/", self.rng.random_range(0..9));
        self.addresses.push(from.clone());
        self.redirects.push(from.clone());
        let to = format!("/{}-{}/", WORDS.choose(&mut self.rng).unwrap(), self.rng.random_range(0..6));
        ("a redirect", engine.apply(PutRedirect { from, to, status: 301 }).await.is_err())
    }
}

const RULES: &[(&str, &str, u16)] = &[
    ("/moss/*", "/old/{rest}", 302),
    ("/moss/*", "", 410),
    ("/leaf/{name}/{n}/", "/{name}-{n}/", 301),
    ("/leaf/{name}/{n}/", "/moss/{n}/", 308),
    ("/old/*", "/nowhere/{rest}", 301),
];

async fn revalidate(engine: &Engine, tag: CacheTag) -> bool {
    let demand = Demand { mode: Mode::Expire, subtrees: Vec::new() };
    engine.apply(Revalidate { tags: [tag].into(), demand }).await.is_err()
}
