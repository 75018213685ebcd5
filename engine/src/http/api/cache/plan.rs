//! Plans: what a demand for new pages means, and what of it cannot be meant. Pure.

use std::collections::BTreeSet;

use crate::{
    content::tag::{CacheTag, LONGEST},
    http::path::{Canonical, canonical},
    theme::route::Routes,
};

/// The longest path, in characters.
const LONGEST_PATH: usize = 1_024;

/// What somebody asks to be made again.
#[derive(Debug, Default)]
pub struct Wish<'w> {
    pub tags: &'w [String],
    /// Concrete paths, and patterns as the theme writes them.
    pub paths: &'w [String],
    /// Everything below the paths too.
    pub subtree: bool,
}

#[derive(Debug, Default, PartialEq)]
pub struct Plan {
    pub tags: BTreeSet<CacheTag>,
    pub subtrees: Vec<String>,
    /// Concrete paths, in the spelling their route gives them.
    pub paths: Vec<String>,
    /// What was left out, and why.
    pub warnings: Vec<String>,
}

pub fn plan(wish: &Wish<'_>, routes: &Routes) -> Plan {
    let mut plan = Plan::default();
    for word in wish.tags {
        match CacheTag::word(word) {
            Some(tag) => {
                plan.tags.insert(tag);
            }
            None if word.is_empty() => plan.warnings.push("an empty tag was left out".into()),
            None => {
                plan.warnings.push(format!("the tag {word:?} is longer than {LONGEST} characters and was left out"))
            }
        }
    }
    for path in wish.paths {
        if path.contains('{') {
            plan.pattern(path, wish.subtree, routes);
        } else {
            plan.path(path, wish.subtree, routes);
        }
    }
    plan
}

impl Plan {
    fn pattern(&mut self, pattern: &str, subtree: bool, routes: &Routes) {
        let root = pattern.trim_end_matches('/');
        let is_meant = |own: &str| {
            own == pattern
                || (subtree && own.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        };
        let before = self.tags.len();
        let meant = routes.iter().filter(|route| is_meant(&route.path.to_string()));
        self.tags.extend(meant.map(|route| CacheTag::route(&route.name)));
        if self.tags.len() == before && !routes.iter().any(|route| is_meant(&route.path.to_string())) {
            self.warnings.push(format!("no route of the theme has the path {pattern:?}, so it was left out"));
        }
    }

    fn path(&mut self, path: &str, subtree: bool, routes: &Routes) {
        if path.chars().count() > LONGEST_PATH {
            let warning = format!("the path {path:?} is longer than {LONGEST_PATH} characters and was left out");
            return self.warnings.push(warning);
        }
        let Canonical::Path(decoded) = canonical(path) else {
            return self.warnings.push(format!("{path:?} is not the path of a page and was left out"));
        };
        let spelled = spelled(&decoded, routes);
        // A page for the other spelling may be stored too, such as one that leads to this.
        self.tags.extend([CacheTag::path(&decoded), CacheTag::path(&spelled)]);
        if subtree {
            self.subtrees.push(spelled.clone());
        }
        self.paths.push(spelled);
    }
}

/// The path as the most specific route that takes it spells it.
fn spelled(path: &str, routes: &Routes) -> String {
    let Some((route, matched)) = routes.matching(path).next() else { return path.to_owned() };
    let value = |name: &str| matched.params.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    if matched.canonical { None } else { route.path.fill(value) }.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        render::stage::Stage,
        theme::{Theme, files::Files},
    };

    fn routes() -> Routes {
        let theme = Theme::read(&Files::built_in("default")).unwrap();
        Stage::build(theme).unwrap().theme.routes
    }

    fn of(tags: &[&str], paths: &[&str], subtree: bool) -> Plan {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        plan(&Wish { tags: &own(tags), paths: &own(paths), subtree }, &routes())
    }

    fn tags(plan: &Plan) -> Vec<&str> {
        plan.tags.iter().map(CacheTag::as_str).collect()
    }

    #[test]
    fn paths_are_pages_and_patterns_are_routes() {
        assert_eq!(tags(&of(&["posts"], &[], false)), ["posts"]);
        let one = of(&[], &["/hello"], false);
        assert_eq!(tags(&one), ["path:/hello", "path:/hello/"]);
        assert_eq!((one.paths, one.subtrees), (vec!["/hello/".to_owned()], vec![]));
        let all = of(&[], &["/{slug}/"], false);
        assert!(tags(&all).iter().all(|tag| tag.starts_with("route:")) && !all.tags.is_empty(), "{all:?}");
        assert_eq!(of(&[], &["/"], true).subtrees, ["/"]);
    }

    #[test]
    fn what_cannot_be_meant_is_named_in_a_warning() {
        let long = "t".repeat(257);
        let plan = of(&[&long, "ok"], &[&format!("/{}", "p".repeat(1_024)), "/../x", "/none/{of}/these"], false);
        assert_eq!(tags(&plan), ["ok"]);
        assert_eq!(plan.warnings.len(), 4);
        assert!(plan.warnings[0].contains(&long), "{:?}", plan.warnings);
    }
}
