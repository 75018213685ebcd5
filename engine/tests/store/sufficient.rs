//! The promise the page cache builds on: an answer changes only by a change that touches its tags and its span.

use perennial::content::{
    change::Change,
    command::{
        author::{CreateAuthor, UpdateAuthor},
        media::AddMedia,
        menu::PutMenu,
        merge::MergeTag,
        post::{PostPatch, Restore, Trash, Unpublish},
        redirect::{DeleteRedirect, PutRedirect},
        tag::{CreateTag, DeleteTag, UpdateTag},
    },
    error::StoreError,
    menu::Item,
    read::{Answer, Answered, Fields, Filter, Key, Kind, Limit, Order, PageNumber, Read, Window},
    time::Time,
};
use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use crate::{
    reads::{posts, window},
    site::{START, Site, on_sqlite, publish, save, titled},
};

const POSTS: usize = 4;
const TERMS: usize = 3;

/// Something an editor does to one of a few posts, tags and authors.
#[derive(Clone, Debug)]
enum Step {
    /// Saves an edit and publishes it.
    Edit(usize, Edit),
    Save(usize, Edit),
    Publish(usize),
    Unpublish(usize),
    Trash(usize),
    Restore(usize),
    RenameTag(usize, usize),
    DeleteTag(usize),
    MergeTag(usize, usize),
    RenameAuthor(usize, usize),
    Menu(usize, usize),
    Redirect(usize, usize),
    DeleteRedirect(usize),
    Media(usize),
}

#[derive(Clone, Debug)]
enum Edit {
    Title(usize),
    Text(usize),
    Excerpt(usize),
    Slug(usize),
    Path(Option<usize>),
    Tags(Vec<usize>),
    Authors(Vec<usize>),
    Featured(bool),
    Date(i64),
    Image(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..4_usize).prop_map(Edit::Title),
        (0..4_usize).prop_map(Edit::Text),
        (0..4_usize).prop_map(Edit::Excerpt),
        (0..6_usize).prop_map(Edit::Slug),
        proptest::option::of(0..3_usize).prop_map(Edit::Path),
        vec(0..TERMS, 0..3).prop_map(Edit::Tags),
        vec(0..TERMS, 0..3).prop_map(Edit::Authors),
        any::<bool>().prop_map(Edit::Featured),
        (0..5_i64).prop_map(Edit::Date),
        (0..2_usize).prop_map(Edit::Image),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..POSTS, edit()).prop_map(|(post, edit)| Step::Edit(post, edit)),
        1 => (0..POSTS, edit()).prop_map(|(post, edit)| Step::Save(post, edit)),
        3 => (0..POSTS).prop_map(Step::Publish),
        1 => (0..POSTS).prop_map(Step::Unpublish),
        1 => (0..POSTS).prop_map(Step::Trash),
        1 => (0..POSTS).prop_map(Step::Restore),
        1 => (0..TERMS, 0..TERMS + 2).prop_map(|(tag, name)| Step::RenameTag(tag, name)),
        1 => (0..TERMS).prop_map(Step::DeleteTag),
        1 => (0..TERMS, 0..TERMS).prop_map(|(tag, into)| Step::MergeTag(tag, into)),
        1 => (0..TERMS, 0..TERMS + 2).prop_map(|(author, name)| Step::RenameAuthor(author, name)),
        1 => (0..POSTS, 0..TERMS).prop_map(|(post, tag)| Step::Menu(post, tag)),
        1 => (0..6_usize, 0..6_usize).prop_map(|(from, to)| Step::Redirect(from, to)),
        1 => (0..6_usize).prop_map(Step::DeleteRedirect),
        1 => (0..2_usize).prop_map(Step::Media),
    ]
}

/// Words that slugs are made of.
const WORDS: [&str; 6] = ["ash", "birch", "cedar", "elm", "fir", "oak"];

struct Stage {
    site: Site,
    posts: Vec<Uuid>,
    tags: Vec<Uuid>,
    authors: Vec<Uuid>,
}

impl Stage {
    async fn set(site: Site) -> Self {
        let (mut posts, mut tags, mut authors) = (Vec::new(), Vec::new(), Vec::new());
        for word in WORDS.iter().take(TERMS) {
            tags.push(site.apply(CreateTag { name: (*word).into(), ..Default::default() }).await);
            authors.push(site.apply(CreateAuthor { name: (*word).into(), ..Default::default() }).await);
        }
        for (n, word) in WORDS.iter().take(POSTS).enumerate() {
            let names = [WORDS[0].to_owned(), WORDS[n % TERMS].to_owned()];
            let fields =
                PostPatch { tags: Some(names.into()), authors: Some(vec![authors[n % TERMS]]), ..titled(word) };
            posts.push(site.published(fields).await);
        }
        Self { site, posts, tags, authors }
    }

    /// Takes a step; one that cannot be taken changes nothing.
    async fn take(&self, step: &Step) -> Change {
        let expected = None;
        let change = match *step {
            Step::Edit(n, ref edit) => {
                let saved = self.change(save(self.posts[n], self.fields(edit))).await;
                assert!(saved.unwrap_or_default().tags.is_empty(), "readers see nothing of a save");
                self.change(publish(self.posts[n])).await
            }
            Step::Save(n, ref edit) => self.change(save(self.posts[n], self.fields(edit))).await,
            Step::Publish(n) => self.change(publish(self.posts[n])).await,
            Step::Unpublish(n) => self.change(Unpublish { id: self.posts[n], expected }).await,
            Step::Trash(n) => self.change(Trash { id: self.posts[n], expected }).await,
            Step::Restore(n) => self.change(Restore { id: self.posts[n], expected }).await,
            Step::RenameTag(n, word) => {
                let (name, slug) = (Some(WORDS[word].to_uppercase()), Some(WORDS[word].into()));
                self.change(UpdateTag { id: self.tags[n], name, slug, ..Default::default() }).await
            }
            Step::DeleteTag(n) => self.change(DeleteTag { id: self.tags[n], expected }).await,
            Step::MergeTag(n, into) => {
                self.change(MergeTag { id: self.tags[n], into: self.tags[into], expected }).await
            }
            Step::RenameAuthor(n, word) => {
                let slug = Some(WORDS[word].into());
                self.change(UpdateAuthor { id: self.authors[n], slug, ..Default::default() }).await
            }
            Step::Menu(post, tag) => {
                let (post, tag) = (self.posts[post].to_string(), self.tags[tag].to_string());
                let items = vec![
                    Item { post: Some(post), ..Default::default() },
                    Item { label: "Tag".into(), tag: Some(tag), ..Default::default() },
                ];
                self.change(PutMenu { name: "main".into(), expected, items }).await
            }
            Step::Redirect(from, to) => {
                let path = |word: usize| format!("/{}/", WORDS[word]);
                self.change(PutRedirect { from: path(from), to: path(to), status: 308 }).await
            }
            Step::DeleteRedirect(word) => self.change(DeleteRedirect { from: format!("/{}/", WORDS[word]) }).await,
            Step::Media(n) => {
                let (mime, alt) = ("image/png".into(), "A picture".into());
                let (name, hash, storage_key) = (format!("{n}.png"), n.to_string(), format!("{n}.png"));
                let (width, height) = (Some(640), Some(480));
                self.change(AddMedia { hash, name, mime, bytes: 1, width, height, alt, storage_key, color: None }).await
            }
        };
        change.unwrap_or_default()
    }

    async fn change<C: perennial::content::command::Command>(&self, command: C) -> Result<Change, StoreError> {
        Ok(self.site.try_apply(command).await?.change.unwrap_or_default())
    }

    fn fields(&self, edit: &Edit) -> PostPatch {
        let word = |n: &usize| Some(WORDS[*n].to_owned());
        let none = PostPatch::default();
        match edit {
            Edit::Title(n) => PostPatch { title: word(n), ..none },
            Edit::Text(n) => PostPatch { markdown: word(n), ..none },
            Edit::Excerpt(n) => PostPatch { excerpt: Some(word(n)), ..none },
            Edit::Slug(n) => PostPatch { slug: word(n), ..none },
            Edit::Path(n) => PostPatch { path: Some(n.map(|n| format!("/{}/", WORDS[n]))), ..none },
            Edit::Tags(names) => PostPatch { tags: Some(names.iter().filter_map(word).collect()), ..none },
            Edit::Authors(n) => {
                let mut authors: Vec<Uuid> = n.iter().map(|n| self.authors[*n]).collect();
                authors.dedup();
                PostPatch { authors: Some(authors), ..none }
            }
            Edit::Featured(yes) => PostPatch { featured: Some(*yes), ..none },
            Edit::Date(day) => PostPatch { published_at: Some(Some(Time(START + day))), ..none },
            Edit::Image(n) => PostPatch { feature_image: Some(Some(format!("/media/{n}.png"))), ..none },
        }
    }

    /// All that a page could ask.
    fn reads(&self) -> Vec<Read> {
        let mut reads = vec![Read::Tags, Read::Authors, Read::Menu { name: "main".into() }];
        for id in &self.posts {
            reads.push(Read::Post { kind: Kind::Post, by: Key::Id(*id) });
            reads.push(Read::Neighbours { id: *id });
            reads.push(Read::Related { id: *id, limit: 2 });
        }
        for word in WORDS {
            reads.push(Read::Post { kind: Kind::Post, by: Key::Slug(word.into()) });
            reads.push(Read::Tag { slug: word.into() });
            reads.push(Read::Author { slug: word.into() });
            reads.push(Read::At { path: format!("/{word}/") });
        }
        let word = |n: usize| Some(String::from(WORDS[n]));
        for filter in [
            posts(),
            Filter { featured: Some(true), ..posts() },
            Filter { tag: word(0), ..posts() },
            Filter { tag: word(1), featured: Some(true), ..posts() },
            Filter { author: word(0), ..posts() },
            Filter { tag: word(0), author: word(1), ..posts() },
        ] {
            reads.push(Read::Total(filter.clone()));
            for (order, page) in [
                (Order::NewestFirst, PageNumber::FromFirst(1)),
                (Order::NewestFirst, PageNumber::FromFirst(2)),
                (Order::NewestFirst, PageNumber::FromOldest(None)),
                (Order::NewestFirst, PageNumber::FromOldest(Some(1))),
                (Order::Title, PageNumber::FromFirst(1)),
                (Order::RecentlyUpdated, PageNumber::FromFirst(1)),
            ] {
                let window =
                    Window { filter: filter.clone(), order, limit: Limit::Posts(2), page, fields: Fields::Card };
                reads.push(Read::Around(window.clone()));
                reads.push(Read::Posts(window));
            }
        }
        for fields in [Fields::Dates, Fields::Full] {
            let page = PageNumber::FromFirst(1);
            reads.push(Read::Posts(Window {
                filter: posts(),
                order: Order::NewestFirst,
                limit: Limit::Posts(9),
                page,
                fields,
            }));
        }
        reads
    }

    /// How many posts a tag and an author have is kept beside them: it is how many their lists show.
    async fn check_counts(&self) {
        for word in WORDS {
            let slug = || String::from(word);
            for (term, filter) in [
                (Read::Tag { slug: slug() }, Filter { tag: Some(slug()), ..posts() }),
                (Read::Author { slug: slug() }, Filter { author: Some(slug()), ..posts() }),
            ] {
                let Answer::Term(counted) = self.site.ask(&term).await.answer else { panic!("not a term") };
                let all = Window { limit: Limit::Posts(9), ..window(filter, PageNumber::FromFirst(1)) };
                let Answer::Cards(shown) = self.site.ask(&Read::Posts(all)).await.answer else { panic!("not cards") };
                let counted = counted.map_or(0, |term| term.count);
                assert_eq!(counted, shown.len() as u64, "{term:?}");
            }
        }
    }

    async fn answers(&self, reads: &[Read]) -> Vec<Answered> {
        let mut answers = Vec::with_capacity(reads.len());
        for read in reads {
            answers.push(self.site.ask(read).await);
        }
        answers
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_changes_that_a_change_does_not_touch(steps in vec(step(), 20..40)) {
        on_sqlite(async |site| {
            let stage = Stage::set(site).await;
            let reads = stage.reads();
            // As the page cache does: what was not touched is not asked again, and keeps the tags and the span it had.
            let mut held = stage.answers(&reads).await;
            for step in &steps {
                let change = stage.take(step).await;
                stage.check_counts().await;
                let after = stage.answers(&reads).await;
                for ((read, old), new) in reads.iter().zip(&mut held).zip(after) {
                    if change.touches(&old.tags, &old.span) {
                        *old = new;
                        continue;
                    }
                    assert!(
                        old.answer == new.answer,
                        "{step:?} changed {read:?}\nfrom {:?}\nto {:?}\nwithout one of {:?} in {:?}\nit announced {change:?}",
                        old.answer, new.answer, old.tags, old.span,
                    );
                }
            }
        });
    }
}
