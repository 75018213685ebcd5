//! Presence: who has which post open in the admin. Kept in memory; whoever does not say so again is gone. Pure.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use uuid::Uuid;

use crate::cache::event::Person;

/// How long somebody is taken to be there who says nothing, in milliseconds. Editors say it three times as often.
const GOOD_FOR: i64 = 45_000;

/// By post, then by person.
#[derive(Debug, Default)]
pub struct Presence(Mutex<HashMap<Uuid, BTreeMap<Uuid, Seen>>>);

#[derive(Debug)]
struct Seen {
    name: String,
    at: i64,
}

impl Presence {
    /// Somebody has the post open. Who has it open now, if that is news. `now` in milliseconds.
    pub fn come(&self, post: Uuid, who: Person, now: i64) -> Option<Vec<Person>> {
        self.change(post, now, |people| {
            people.insert(who.id, Seen { name: who.name, at: now });
        })
    }

    /// Somebody has closed it; likewise.
    pub fn leave(&self, post: Uuid, who: Uuid, now: i64) -> Option<Vec<Person>> {
        self.change(post, now, |people| {
            people.remove(&who);
        })
    }

    /// Everybody who is there, by post.
    pub fn all(&self, now: i64) -> BTreeMap<Uuid, Vec<Person>> {
        let mut posts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        posts.values_mut().for_each(|people| people.retain(|_, seen| seen.at + GOOD_FOR > now));
        posts.retain(|_, people| !people.is_empty());
        posts.iter().map(|(post, people)| (*post, named(people))).collect()
    }

    fn change(&self, post: Uuid, now: i64, change: impl FnOnce(&mut BTreeMap<Uuid, Seen>)) -> Option<Vec<Person>> {
        let mut posts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let people = posts.entry(post).or_default();
        let before = named(people);
        people.retain(|_, seen| seen.at + GOOD_FOR > now);
        change(people);
        let after = named(people);
        if people.is_empty() {
            posts.remove(&post);
        }
        (before != after).then_some(after)
    }
}

fn named(people: &BTreeMap<Uuid, Seen>) -> Vec<Person> {
    people.iter().map(|(id, seen)| Person { id: *id, name: seen.name.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Person {
        Person { id: Uuid::from_u128(1), name: "Ada".into() }
    }

    fn bob() -> Person {
        Person { id: Uuid::from_u128(2), name: "Bob".into() }
    }

    #[test]
    fn who_is_there_is_told_when_it_changes() {
        let (presence, post) = (Presence::default(), Uuid::from_u128(9));
        assert_eq!(presence.come(post, ada(), 0), Some(vec![ada()]));
        assert_eq!(presence.come(post, ada(), 15_000), None);
        assert_eq!(presence.come(post, bob(), 20_000), Some(vec![ada(), bob()]));
        assert_eq!(presence.leave(post, ada().id, 21_000), Some(vec![bob()]));
        assert_eq!(presence.leave(post, ada().id, 22_000), None);
        assert_eq!(presence.all(22_000), BTreeMap::from([(post, vec![bob()])]));
    }

    #[test]
    fn whoever_falls_silent_is_gone() {
        let (presence, post) = (Presence::default(), Uuid::from_u128(9));
        presence.come(post, ada(), 0);
        assert_eq!(presence.come(post, bob(), GOOD_FOR), Some(vec![bob()]));
        assert!(presence.all(2 * GOOD_FOR).is_empty());
    }
}
