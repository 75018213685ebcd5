//! Dates: which moments a page prints in the site's time zone, and how. A page depends on the texts, not on the zone.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::content::read::{Answer, Fingerprint, Read};

use super::time;

/// Times as RFC 3339, each with the `strftime` pattern it is printed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dates(BTreeSet<(Arc<str>, Arc<str>)>);

impl Dates {
    pub fn insert(&mut self, time: &str, pattern: &str) {
        self.0.insert((time.into(), pattern.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What has to be asked to print them.
    pub fn zone() -> Read {
        Read::Setting { key: "timezone".into() }
    }

    /// The zone's name in the answer; without one, UTC.
    pub fn zone_in(answer: &Answer) -> &str {
        match answer {
            Answer::Setting(Some(zone)) => zone.as_str().unwrap_or_default(),
            _ => "",
        }
    }

    /// Over what a reader sees of them in this zone.
    pub fn fingerprint(&self, zone: &str) -> Fingerprint {
        let texts = self.0.iter().map(|(time, pattern)| time::format(time, pattern, zone).unwrap_or_default());
        Fingerprint::of(texts.collect::<Vec<_>>().join("\0").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(pattern: &str, zone: &str) -> Fingerprint {
        let mut dates = Dates::default();
        dates.insert("2026-11-25T12:00:00Z", pattern);
        dates.fingerprint(zone)
    }

    #[test]
    fn a_zone_makes_a_difference_where_a_reader_sees_one() {
        assert_eq!(fingerprint("%Y-%m-%d", "UTC"), fingerprint("%Y-%m-%d", "Europe/Vienna"));
        assert_ne!(fingerprint("%Y-%m-%d", "UTC"), fingerprint("%Y-%m-%d", "Pacific/Auckland"));
        assert_ne!(fingerprint("%H:%M", "UTC"), fingerprint("%H:%M", "Europe/Vienna"));
    }
}
