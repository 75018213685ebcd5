//! Permalinks: the path at which a post, a page, a tag or an author is read.

use std::{fmt::Write, str::FromStr};

use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use super::read::{Card, Dated, Kind, Post, TermCard};

/// What a path says of something that is not there, such as the first tag of a post without tags. No slug looks like it.
const ABSENT: &str = "-";

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("the permalink \"{0}\" must start with a slash")]
    Relative(String),
    #[error("the permalink \"{0}\" has a brace without its partner")]
    Unbalanced(String),
    #[error("a permalink has no \"{{{0}}}\": use slug, id, year, month, day, primary_tag or primary_author")]
    Unknown(String),
}

/// A path with names to fill in, such as `/{year}/{slug}/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Slug,
    Id,
    Year,
    Month,
    Day,
    PrimaryTag,
    PrimaryAuthor,
}

/// All that the path of a post can be made of.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub id: Uuid,
    pub kind: Kind,
    pub slug: &'a str,
    /// A path of its own, which wins over any pattern.
    pub path: Option<&'a str>,
    /// Milliseconds since the epoch; its date is taken in UTC.
    pub published_at: i64,
    pub primary_tag: Option<&'a str>,
    pub primary_author: Option<&'a str>,
}

/// The patterns of a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permalinks {
    pub post: Pattern,
    pub page: Pattern,
    pub tag: Pattern,
    pub author: Pattern,
}

impl Default for Permalinks {
    fn default() -> Self {
        let below = |folder: &str| Pattern(vec![Part::Text(folder.into()), Part::Slug, Part::Text("/".into())]);
        Self { post: below("/"), page: below("/"), tag: below("/tag/"), author: below("/author/") }
    }
}

impl Permalinks {
    pub fn post<'a>(&self, place: impl Into<Place<'a>>) -> String {
        let place = place.into();
        match (place.path, place.kind) {
            (Some(path), _) => path.to_owned(),
            (None, Kind::Post) => self.post.fill(&place),
            (None, Kind::Page) => self.page.fill(&place),
        }
    }

    pub fn tag(&self, id: Uuid, slug: &str) -> String {
        self.tag.fill(&Place::of_term(id, slug))
    }

    pub fn author(&self, id: Uuid, slug: &str) -> String {
        self.author.fill(&Place::of_term(id, slug))
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(pattern: &str) -> Result<Self, PatternError> {
        if !pattern.starts_with('/') {
            return Err(PatternError::Relative(pattern.into()));
        }
        let unbalanced = || PatternError::Unbalanced(pattern.into());
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((text, opened)) = rest.split_once('{') {
            let (name, after) = opened.split_once('}').ok_or_else(unbalanced)?;
            parts.extend([Part::Text(text.into()), Part::named(name)?]);
            rest = after;
        }
        parts.push(Part::Text(rest.into()));
        let stray = parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}')));
        if stray { Err(unbalanced()) } else { Ok(Self(parts)) }
    }
}

impl Pattern {
    pub fn fill(&self, place: &Place<'_>) -> String {
        let mut path = String::new();
        for part in &self.0 {
            part.write(place, &mut path);
        }
        path
    }

    /// Whether a post moves when its first tag gets another slug.
    pub fn names_primary_tag(&self) -> bool {
        self.0.contains(&Part::PrimaryTag)
    }

    /// Whether a post moves when its first author gets another slug.
    pub fn names_primary_author(&self) -> bool {
        self.0.contains(&Part::PrimaryAuthor)
    }
}

impl Part {
    fn named(name: &str) -> Result<Self, PatternError> {
        Ok(match name {
            "slug" => Self::Slug,
            "id" => Self::Id,
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "primary_tag" => Self::PrimaryTag,
            "primary_author" => Self::PrimaryAuthor,
            _ => return Err(PatternError::Unknown(name.into())),
        })
    }

    fn write(&self, place: &Place<'_>, path: &mut String) {
        let date = || Timestamp::from_millisecond(place.published_at).unwrap_or_default().to_zoned(TimeZone::UTC);
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Text(text) => path.write_str(text),
            Self::Slug => path.write_str(place.slug),
            Self::Id => write!(path, "{}", place.id),
            Self::Year => write!(path, "{:04}", date().year()),
            Self::Month => write!(path, "{:02}", date().month()),
            Self::Day => write!(path, "{:02}", date().day()),
            Self::PrimaryTag => path.write_str(place.primary_tag.unwrap_or(ABSENT)),
            Self::PrimaryAuthor => path.write_str(place.primary_author.unwrap_or(ABSENT)),
        };
    }
}

impl<'a> Place<'a> {
    fn of_term(id: Uuid, slug: &'a str) -> Self {
        let published_at = 0;
        Self { id, kind: Kind::Page, slug, path: None, published_at, primary_tag: None, primary_author: None }
    }
}

impl<'a> From<&'a Card> for Place<'a> {
    fn from(card: &'a Card) -> Self {
        let first = |terms: &'a [TermCard]| terms.first().map(|term| term.slug.as_str());
        Self {
            id: card.id,
            kind: card.kind,
            slug: &card.slug,
            path: card.path.as_deref(),
            published_at: card.published_at,
            primary_tag: first(&card.tags),
            primary_author: first(&card.authors),
        }
    }
}

impl<'a> From<&'a Post> for Place<'a> {
    fn from(post: &'a Post) -> Self {
        Self::from(&post.card)
    }
}

impl<'a> From<&'a Dated> for Place<'a> {
    fn from(dated: &'a Dated) -> Self {
        Self {
            id: dated.id,
            kind: dated.kind,
            slug: &dated.slug,
            path: dated.path.as_deref(),
            published_at: dated.published_at,
            primary_tag: dated.primary_tag.as_deref(),
            primary_author: dated.primary_author.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: Place<'_> = Place {
        id: Uuid::nil(),
        kind: Kind::Post,
        slug: "hello",
        path: None,
        published_at: 1_425_168_000_000 - 1, // the last millisecond of February 2015
        primary_tag: Some("news"),
        primary_author: None,
    };

    fn check(pattern: &str, path: &str) {
        assert_eq!(pattern.parse::<Pattern>().unwrap().fill(&HELLO), path, "{pattern}");
    }

    #[test]
    fn names_are_filled_in() {
        check("/{slug}/", "/hello/");
        check("/{year}/{month}/{day}/{slug}.html", "/2015/02/28/hello.html");
        check("/{primary_tag}/{slug}/", "/news/hello/");
        check("/by/{primary_author}/{id}", "/by/-/00000000-0000-0000-0000-000000000000");
    }

    #[test]
    fn a_path_of_its_own_wins() {
        let moved = Place { path: Some("/2001/old.php"), ..HELLO };
        assert_eq!(Permalinks::default().post(moved), "/2001/old.php");
        assert_eq!(Permalinks::default().post(HELLO), "/hello/");
        assert_eq!(Permalinks::default().tag(Uuid::nil(), "news"), "/tag/news/");
    }

    #[test]
    fn what_cannot_be_a_permalink_says_why() {
        let refused = |pattern: &str| pattern.parse::<Pattern>().unwrap_err();
        assert_eq!(refused("{slug}"), PatternError::Relative("{slug}".into()));
        assert_eq!(refused("/{slug"), PatternError::Unbalanced("/{slug".into()));
        assert_eq!(refused("/slug}"), PatternError::Unbalanced("/slug}".into()));
        assert_eq!(refused("/{title}/"), PatternError::Unknown("title".into()));
    }
}
