//! Spans: the stretch of a list's order by date within which a post must come or go to change an answer.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a post stands among all posts, ties broken by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Milliseconds since the epoch.
    pub published_at: i64,
    pub id: Uuid,
}

/// From the older end to the newer, both included. Without an end it goes on for ever: the default is everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub oldest: Option<Position>,
    pub newest: Option<Position>,
}

/// Where posts came into lists, and where they left them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moves {
    /// Nobody took it down, or it is about no date at all.
    #[default]
    Anywhere,
    At(Vec<Position>),
}

impl Span {
    fn holds(&self, position: &Position) -> bool {
        self.oldest.is_none_or(|oldest| oldest <= *position) && self.newest.is_none_or(|newest| *position <= newest)
    }
}

impl Moves {
    /// Whether an answer that hangs on this span can be another now.
    pub fn concern(&self, span: &Span) -> bool {
        match self {
            Self::Anywhere => true,
            Self::At(positions) => positions.iter().any(|position| span.holds(position)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(published_at: i64, id: u128) -> Position {
        Position { published_at, id: Uuid::from_u128(id) }
    }

    #[test]
    fn a_span_holds_its_ends_and_what_is_between() {
        let span = Span { oldest: Some(at(10, 1)), newest: Some(at(20, 1)) };
        for (position, within) in
            [(at(10, 1), true), (at(20, 1), true), (at(15, 9), true), (at(10, 0), false), (at(20, 2), false)]
        {
            assert_eq!(Moves::At(vec![position]).concern(&span), within, "{position:?}");
        }
    }

    #[test]
    fn without_an_end_it_goes_on() {
        let newer = Span { oldest: Some(at(10, 1)), newest: None };
        assert!(Moves::At(vec![at(99, 0)]).concern(&newer) && !Moves::At(vec![at(9, 0)]).concern(&newer));
        assert!(Moves::At(vec![at(-5, 0)]).concern(&Span::default()));
    }

    #[test]
    fn what_moved_anywhere_concerns_everything_and_what_moved_nowhere_nothing() {
        let span = Span { oldest: Some(at(10, 1)), newest: Some(at(20, 1)) };
        assert!(Moves::Anywhere.concern(&span));
        assert!(!Moves::At(Vec::new()).concern(&Span::default()));
    }
}
