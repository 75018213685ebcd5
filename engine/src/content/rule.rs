//! Rules: redirects for many paths at once, `/old/*` or `/{year}/{slug}.html`-like patterns of whole segments. Pure.

use std::cmp::Ordering;

use serde::Serialize;

use super::pattern::PathPattern;
use crate::model::redirect::{self, Matching};

/// The status that says that something is gone and leads nowhere.
pub const GONE: u16 = 410;

/// A rule leads on to what another rule leads from: this often at most, then it is a circle.
pub const MOST_STEPS: usize = 10;

/// What the name of the rest is in the pattern behind `/old/*`.
const REST: &str = "rest";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub from: String,
    /// Empty where it is [`GONE`].
    pub to: String,
    pub status: u16,
    #[serde(skip)]
    pattern: PathPattern,
}

/// All rules, the most specific first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rules(Vec<Rule>);

/// Where a rule leads a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Led<'r> {
    pub rule: &'r Rule,
    values: Vec<(String, String)>,
}

/// How the path that a redirect leads from is meant.
pub fn matching(from: &str) -> Matching {
    match from {
        from if from.contains('{') => Matching::Pattern,
        from if from.ends_with("/*") => Matching::Prefix,
        _ => Matching::Exact,
    }
}

impl Rule {
    /// The error is a sentence about `from` or `to`.
    pub fn new(from: &str, to: &str, status: u16) -> Result<Self, (&'static str, String)> {
        let pattern = match from.strip_suffix('*') {
            Some(folder) if matching(from) == Matching::Prefix => PathPattern::parse(&format!("{folder}{{{REST}*}}")),
            _ => PathPattern::parse(from),
        };
        let pattern = pattern.map_err(|problem| ("from", format!("This is no pattern: {problem}.")))?;
        let rule = Self { from: from.into(), to: to.into(), status, pattern };
        let unknown = names(to).find(|name| !rule.pattern.names().any(|own| own == *name));
        match unknown {
            Some(name) => Err(("to", format!("{{{name}}} is not in the path that this leads from."))),
            None => Ok(rule),
        }
    }

    /// A path that it leads from.
    pub fn example(&self) -> Option<String> {
        self.pattern.fill(|_| Some("x"))
    }

    /// Whether a path falls under it.
    pub fn covers(&self, path: &str) -> bool {
        self.lead(path).is_some()
    }

    fn lead(&self, path: &str) -> Option<Led<'_>> {
        let bare = self.from.strip_suffix('*').is_some_and(|folder| folder == path);
        let values = match self.pattern.matches(path) {
            // As it stands in the path, with the slash at its end.
            Some(_) if self.is_prefix() => vec![(REST.into(), path.get(self.from.len() - 1..)?.to_owned())],
            Some(matched) => matched.params,
            None if bare => vec![(REST.into(), String::new())],
            None => return None,
        };
        Some(Led { rule: self, values })
    }

    fn is_prefix(&self) -> bool {
        self.from.ends_with("/*")
    }
}

impl Rules {
    pub fn new(rows: impl IntoIterator<Item = redirect::Model>) -> Self {
        let rule = |row: redirect::Model| {
            Rule::new(&row.from_path, &row.to_path, u16::try_from(row.status).unwrap_or(308)).ok()
        };
        let mut rules: Vec<Rule> = rows.into_iter().filter_map(rule).collect();
        rules.sort_by(|a, b| a.pattern.specificity(&b.pattern).then_with(|| longer(&a.from, &b.from)));
        Self(rules)
    }

    /// The first rule that a decoded path falls under.
    pub fn lead(&self, path: &str) -> Option<Led<'_>> {
        self.0.iter().find_map(|rule| rule.lead(path))
    }

    /// Whether following the rules from here comes to an end.
    pub fn ends(&self, path: &str) -> bool {
        let mut at = path.to_owned();
        for _ in 0..MOST_STEPS {
            match self.lead(&at) {
                Some(led) if led.rule.status != GONE => at = led.to(str::to_owned),
                _ => return true,
            }
        }
        false
    }
}

impl Led<'_> {
    /// Where it leads, with what stood in the path put in its places, each spelled by `spell`.
    pub fn to(&self, spell: impl Fn(&str) -> String) -> String {
        let value =
            |name: &str| self.values.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
        let target = match self.rule.is_prefix() {
            true => self.rule.to.replacen('*', &format!("{{{REST}}}"), 1),
            false => self.rule.to.clone(),
        };
        let mut to = String::new();
        let mut rest = target.as_str();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, opened)| Some((before, opened.split_once('}')?)))
        {
            to.push_str(before);
            to.push_str(&spell(value(name)));
            rest = after;
        }
        to.push_str(rest);
        to
    }
}

fn longer(a: &str, b: &str) -> Ordering {
    b.len().cmp(&a.len()).then_with(|| a.cmp(b))
}

/// The names in braces.
fn names(to: &str) -> impl Iterator<Item = &str> {
    to.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::redirect::Origin;

    fn rules(rules: &[(&str, &str)]) -> Rules {
        Rules::new(rules.iter().map(|(from, to)| redirect::Model {
            from_path: (*from).into(),
            to_path: (*to).into(),
            status: 308,
            kind: Origin::Manual,
            matching: matching(from),
        }))
    }

    fn to(own: &[(&str, &str)], path: &str) -> Option<String> {
        rules(own).lead(path).map(|led| led.to(str::to_owned))
    }

    #[test]
    fn what_stands_in_the_path_is_carried_along() {
        let own =
            [("/blog/{year}/{slug}/", "/{slug}/"), ("/old/{rest*}", "/new/{rest}"), ("/docs/*", "https://d.test/*")];
        assert_eq!(to(&own, "/blog/2020/hello/").as_deref(), Some("/hello/"));
        assert_eq!(to(&own, "/old/a/b").as_deref(), Some("/new/a/b"));
        assert_eq!(to(&own, "/docs/a/b/").as_deref(), Some("https://d.test/a/b/"));
        assert_eq!(to(&own, "/docs/").as_deref(), Some("https://d.test/"));
        assert_eq!(to(&own, "/doc/"), None);
        assert_eq!(to(&[("/a/*", "/b/")], "/a/x/").as_deref(), Some("/b/"), "all of them may lead to one page");
        let led = rules(&own).lead("/old/a b").map(|led| led.to(|value| value.replace(' ', "%20")));
        assert_eq!(led.as_deref(), Some("/new/a%20b"));
    }

    #[test]
    fn the_most_specific_rule_wins() {
        let own = [("/*", "/all/"), ("/a/*", "/below-a/"), ("/a/{x}/c/", "/named/"), ("/a/b/*", "/below-b/")];
        assert_eq!(to(&own, "/a/b/c/").as_deref(), Some("/below-b/"));
        assert_eq!(to(&own, "/a/q/c/").as_deref(), Some("/named/"));
        assert_eq!(to(&own, "/a/q/").as_deref(), Some("/below-a/"));
        assert_eq!(to(&own, "/z/").as_deref(), Some("/all/"));
    }

    #[test]
    fn a_rule_that_makes_no_sense_says_why() {
        assert_eq!(Rule::new("/a/{b", "/", 308).unwrap_err().0, "from");
        assert_eq!(Rule::new("/a/{b*}/c", "/", 308).unwrap_err().0, "from");
        assert_eq!(Rule::new("/a/{b}/", "/{c}/", 308).unwrap_err().0, "to");
    }

    #[test]
    fn circles_have_no_end() {
        let ends = |own: &[(&str, &str)], path: &str| rules(own).ends(path);
        assert!(!ends(&[("/a/{x*}", "/a/b/{x}")], "/a/x"), "it grows for ever");
        assert!(!ends(&[("/a/*", "/b/*"), ("/b/*", "/a/*")], "/a/x"));
        assert!(ends(&[("/a/*", "/b/*"), ("/b/*", "/c/*")], "/a/x"));
    }

    proptest! {
        #[test]
        fn no_path_takes_a_rule_long(path in "(/[a-z{}*]{0,3}){1,200}", from in "(/[a-z]{1,2}|/\\{[a-z]\\}){1,6}/\\*?") {
            let own = [(from.as_str(), "/x/")];
            if Rule::new(&from, "/x/", 308).is_ok() {
                let _ = to(&own, &path);
            }
        }
    }
}
