//! Seen: which fields of posts, tags and authors a template looked at, so that a read depends on those and on no others.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde::{Deserialize, Serialize};

use super::{
    permalink::Permalinks,
    read::{Answer, Card, Image, MenuItem, MenuTarget, Post, Term, TermCard},
};

/// What a post shows of itself where it was read with its body.
pub const POST: &[&str] = &[
    "id",
    "kind",
    "slug",
    "url",
    "title",
    "excerpt",
    "published_at",
    "featured",
    "image",
    "tags",
    "authors",
    "primary_tag",
    "primary_author",
    "reading_time",
    "html",
    "words",
    "updated_at",
    "seo_title",
    "seo_description",
    "canonical_url",
];
/// What it shows in a list.
pub const CARD: &[&str] = POST.split_at(14).0;
/// What a tag or an author shows of itself.
pub const TERM: &[&str] = &["id", "name", "slug", "url", "description", "image", "count"];
/// Those of them that no post has.
const OF_TERMS: &[&str] = &["name", "description", "count"];

/// A set of fields, in the order of [`fields`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seen(u32);

fn fields() -> impl Iterator<Item = &'static str> {
    POST.iter().chain(OF_TERMS).copied()
}

impl Seen {
    /// The names of the fields in it.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        fields().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| name)
    }
}

/// Watches what is looked at while a template runs. Its clones watch together.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<AtomicU32>);

impl Watch {
    /// The template looked at these; a name that is no field is nothing that an edit could change.
    pub fn saw(&self, names: &[&str]) {
        for (bit, name) in fields().enumerate() {
            if names.contains(&name) {
                self.0.fetch_or(1 << bit, Ordering::Relaxed);
            }
        }
    }

    pub fn seen(&self) -> Seen {
        Seen(self.0.load(Ordering::Relaxed))
    }
}

/// Writes down what was seen of an answer, so that what is not written cannot make two answers differ.
#[derive(Debug)]
pub(super) struct Writer<'p> {
    seen: Seen,
    permalinks: &'p Permalinks,
    written: Vec<u8>,
}

impl<'p> Writer<'p> {
    pub fn new(seen: Seen, permalinks: &'p Permalinks) -> Self {
        Self { seen, permalinks, written: Vec::new() }
    }

    /// Of posts, tags and authors what was seen, of anything else all.
    pub fn written(mut self, answer: &Answer) -> Vec<u8> {
        match answer {
            Answer::Post(None) | Answer::Term(None) => self.nothing(),
            Answer::Post(Some(post)) => self.post(post),
            Answer::Posts(posts) => posts.iter().for_each(|post| self.post(post)),
            Answer::Cards(cards) => cards.iter().for_each(|card| self.card(card)),
            Answer::Neighbours { newer, older } => [newer, older].into_iter().for_each(|card| match card {
                Some(card) => self.card(card),
                None => self.nothing(),
            }),
            Answer::Term(Some(term)) => self.term(term),
            Answer::Terms(terms) => terms.iter().for_each(|term| self.term(term)),
            Answer::Menu(items) => self.menu(items),
            Answer::Dates(_)
            | Answer::Total(_)
            | Answer::Around { .. }
            | Answer::Setting(_)
            | Answer::At(_)
            | Answer::Rules(_)
            | Answer::Source(_) => self.text(&format!("{answer:?}")),
        }
        self.written
    }

    /// Something that is not there.
    fn nothing(&mut self) {
        self.written.push(0);
    }

    fn post(&mut self, post: &Post) {
        self.card(&post.card);
        for name in self.seen.names() {
            match name {
                "html" => {
                    self.text(&post.html);
                    post.pictures.iter().for_each(|picture| self.image(Some(picture)));
                }
                "words" => self.number(post.words.into()),
                "updated_at" => self.number(post.updated_at),
                "seo_title" => self.optional(post.seo_title.as_deref()),
                "seo_description" => self.optional(post.seo_description.as_deref()),
                "canonical_url" => self.optional(post.canonical_url.as_deref()),
                _ => {}
            }
        }
    }

    /// Which post it is always counts.
    fn card(&mut self, card: &Card) {
        self.written.push(1);
        self.written.extend(card.id.as_bytes());
        for name in self.seen.names() {
            match name {
                "kind" => self.text(card.kind.as_str()),
                "slug" => self.text(&card.slug),
                "url" => self.text(&self.permalinks.post(card)),
                "title" => self.text(&card.title),
                "excerpt" => self.text(&card.excerpt),
                "published_at" => self.number(card.published_at),
                "featured" => self.number(card.featured.into()),
                "image" => self.image(card.image.as_ref()),
                "tags" => self.terms(&card.tags),
                "authors" => self.terms(&card.authors),
                "primary_tag" => self.terms(card.tags.get(..1).unwrap_or_default()),
                "primary_author" => self.terms(card.authors.get(..1).unwrap_or_default()),
                "reading_time" => self.number(card.reading_minutes.into()),
                _ => {}
            }
        }
    }

    fn term(&mut self, term: &Term) {
        self.written.push(1);
        self.written.extend(term.card.id.as_bytes());
        for name in self.seen.names() {
            match name {
                "name" => self.text(&term.card.name),
                // Its address is made of these, whichever family it belongs to.
                "slug" | "url" => self.text(&term.card.slug),
                "description" => self.text(&term.description),
                "image" => self.optional(term.image.as_deref()),
                "count" => self.number(i64::try_from(term.count).unwrap_or(i64::MAX)),
                _ => {}
            }
        }
    }

    /// Where an item leads, whatever that is made of.
    fn menu(&mut self, items: &[MenuItem]) {
        self.number(i64::try_from(items.len()).unwrap_or(i64::MAX));
        for item in items {
            self.text(&item.label);
            match &item.target {
                MenuTarget::Url(url) => self.text(url),
                MenuTarget::Post(card) => self.text(&self.permalinks.post(card.as_ref())),
                MenuTarget::Tag(tag) => self.text(&self.permalinks.tag(tag.id, &tag.slug)),
            }
            self.menu(&item.children);
        }
    }

    fn terms(&mut self, terms: &[TermCard]) {
        self.number(i64::try_from(terms.len()).unwrap_or(i64::MAX));
        for term in terms {
            self.written.extend(term.id.as_bytes());
            self.text(&term.name);
            self.text(&term.slug);
        }
    }

    fn image(&mut self, image: Option<&Image>) {
        let Some(Image { url, alt, width, height, color, focus }) = image else { return self.nothing() };
        self.written.push(1);
        self.text(url);
        self.text(alt);
        self.number(width.map_or(-1, i64::from));
        self.number(height.map_or(-1, i64::from));
        self.optional(color.as_deref());
        self.number(focus.map_or(-1, |focus| i64::from(focus.x) << 8 | i64::from(focus.y)));
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                self.written.push(1);
                self.text(text);
            }
            None => self.nothing(),
        }
    }

    /// Its length first: two texts never run into each other.
    fn text(&mut self, text: &str) {
        self.written.extend(text.len().to_le_bytes());
        self.written.extend(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.written.extend(number.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::content::{
        read::{Answered, Fingerprint, Kind},
        span::Span,
    };

    fn seen(names: &[&str]) -> Seen {
        let watch = Watch::default();
        watch.saw(names);
        watch.seen()
    }

    fn card(title: &str) -> Card {
        Card {
            id: Uuid::nil(),
            kind: Kind::Post,
            slug: "a".into(),
            path: None,
            title: title.into(),
            excerpt: "e".into(),
            published_at: 0,
            featured: false,
            image: None,
            tags: Vec::new(),
            authors: Vec::new(),
            reading_minutes: 1,
        }
    }

    fn fingerprint(card: Card, names: &[&str]) -> Fingerprint {
        let answered =
            Answered { answer: Answer::Cards(vec![Arc::new(card)]), tags: Arc::default(), span: Span::default() };
        answered.fingerprint(seen(names), &Permalinks::default())
    }

    #[test]
    fn every_field_has_a_bit_of_its_own() {
        for name in fields() {
            assert_eq!(seen(&[name]).names().collect::<Vec<_>>(), [name]);
        }
        assert_eq!(CARD.last(), Some(&"reading_time"));
        assert_eq!(seen(&["nonsense"]), Seen::default());
    }

    #[test]
    fn what_was_not_seen_makes_no_difference() {
        assert_eq!(fingerprint(card("One"), &["url"]), fingerprint(card("Two"), &["url"]));
        assert_ne!(fingerprint(card("One"), &["title"]), fingerprint(card("Two"), &["title"]));
        assert_ne!(
            fingerprint(card("One"), &[]),
            fingerprint(Card { id: Uuid::max(), ..card("One") }, &[]),
            "which post it is always counts"
        );
    }

    #[test]
    fn an_address_is_seen_as_the_theme_makes_it() {
        let dated = Permalinks { post: "/{year}/{slug}/".parse().unwrap(), ..Permalinks::default() };
        let later = Card { published_at: 400 * 86_400_000, ..card("One") };
        let answer = |card| Answered {
            answer: Answer::Cards(vec![Arc::new(card)]),
            tags: Arc::default(),
            span: Span::default(),
        };
        let url = seen(&["url"]);
        assert_eq!(fingerprint(card("One"), &["url"]), fingerprint(later.clone(), &["url"]));
        assert_ne!(answer(card("One")).fingerprint(url, &dated), answer(later).fingerprint(url, &dated));
    }

    #[test]
    fn texts_do_not_run_into_each_other() {
        let one = Card { slug: "ab".into(), title: "c".into(), ..card("") };
        let two = Card { slug: "a".into(), title: "bc".into(), ..card("") };
        assert_ne!(fingerprint(one, &["slug", "title"]), fingerprint(two, &["slug", "title"]));
    }
}
