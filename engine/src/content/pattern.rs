//! Path patterns: how a route, or a redirect, says which paths are its own.

use std::{cmp::Ordering, fmt};

/// `/`, `/{slug}/`, `/tag/{tag}/page/{n}/`, `/docs/{parts*}/`, `/feed.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    segments: Vec<Segment>,
    trailing_slash: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Param(String),
    /// Takes everything that is left, at least one segment; always the last.
    Rest(String),
}

/// A path that a pattern recognises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    pub params: Vec<(String, String)>,
    /// Whether the path ends as the pattern does; if not, the pattern's spelling is the page's one address.
    pub canonical: bool,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("a path begins with a slash")]
    NoSlash,
    #[error("{0:?} is not a segment: write text, {{name}}, or {{name*}} as the last one")]
    Segment(String),
    #[error("{{{0}}} occurs twice")]
    Twice(String),
    #[error("{{{0}*}} takes the rest of the path, so nothing can follow it")]
    RestNotLast(String),
}

impl PathPattern {
    pub fn parse(path: &str) -> Result<Self, PatternError> {
        let inner = path.strip_prefix('/').ok_or(PatternError::NoSlash)?;
        let (inner, trailing_slash) = match inner.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (inner, inner.is_empty()),
        };
        let mut segments: Vec<Segment> = Vec::new();
        for text in inner.split('/').filter(|_| !inner.is_empty()) {
            if let Some(Segment::Rest(name)) = segments.last() {
                return Err(PatternError::RestNotLast(name.clone()));
            }
            let segment = Segment::parse(text)?;
            if let Some(name) = segment.name()
                && segments.iter().any(|other| other.name() == Some(name))
            {
                return Err(PatternError::Twice(name.into()));
            }
            segments.push(segment);
        }
        Ok(Self { segments, trailing_slash })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(Segment::name)
    }

    /// `path` is decoded and begins with a slash.
    pub fn matches(&self, path: &str) -> Option<Matched> {
        let inner = path.strip_prefix('/')?;
        let (mut rest, slash) = match inner.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (inner, inner.is_empty()),
        };
        let mut params = Vec::new();
        let mut done = rest.is_empty();
        for segment in &self.segments {
            if done {
                return None;
            }
            let (text, after) = rest.split_once('/').unwrap_or((rest, ""));
            match segment {
                Segment::Literal(literal) if literal == text => {}
                Segment::Literal(_) => return None,
                Segment::Param(_) if text.is_empty() => return None,
                Segment::Param(name) => params.push((name.clone(), text.to_owned())),
                Segment::Rest(name) => {
                    params.push((name.clone(), rest.to_owned()));
                    return Some(Matched { params, canonical: slash == self.trailing_slash });
                }
            }
            done = !rest.contains('/');
            rest = after;
        }
        done.then_some(Matched { params, canonical: slash == self.trailing_slash })
    }

    /// The path for these values, or `None` when one is missing or is not one segment.
    pub fn fill<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Literal(literal) => path.push_str(literal),
                Segment::Param(name) => {
                    path.push_str(value(name).filter(|text| !text.is_empty() && !text.contains('/'))?)
                }
                Segment::Rest(name) => path.push_str(value(name).filter(|text| !text.is_empty())?),
            }
        }
        if self.trailing_slash || path.is_empty() {
            path.push('/');
        }
        Some(path)
    }

    /// `Less` is the more specific pattern, which is asked first.
    pub fn specificity(&self, other: &Self) -> Ordering {
        let ranks = |pattern: &Self| pattern.segments.iter().map(Segment::rank).collect::<Vec<_>>();
        ranks(self).cmp(&ranks(other))
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self, PatternError> {
        let refused = || PatternError::Segment(text.into());
        let Some(inner) = text.strip_prefix('{') else {
            return if text.is_empty() || text.contains(['{', '}', '*', '?', '#']) {
                Err(refused())
            } else {
                Ok(Self::Literal(text.into()))
            };
        };
        let inner = inner.strip_suffix('}').ok_or_else(refused)?;
        let (name, rest) = inner.strip_suffix('*').map_or((inner, false), |name| (name, true));
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(refused());
        }
        Ok(if rest { Self::Rest(name.into()) } else { Self::Param(name.into()) })
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Param(name) | Self::Rest(name) => Some(name),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Param(_) => 1,
            Self::Rest(_) => 2,
        }
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => write!(f, "/{text}")?,
                Segment::Param(name) => write!(f, "/{{{name}}}")?,
                Segment::Rest(name) => write!(f, "/{{{name}*}}")?,
            }
        }
        f.write_str(if self.trailing_slash || self.segments.is_empty() { "/" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn params(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
        PathPattern::parse(pattern).unwrap().matches(path).map(|matched| matched.params)
    }

    #[test]
    fn a_pattern_takes_its_paths_and_no_others() {
        assert_eq!(params("/", "/"), Some(vec![]));
        assert_eq!(params("/", "/a/"), None);
        assert_eq!(params("/{slug}/", "/hello/"), Some(vec![("slug".into(), "hello".into())]));
        assert_eq!(params("/{slug}/", "/a/b/"), None);
        assert_eq!(params("/{slug}/", "/"), None);
        assert_eq!(params("/{slug}/", "//"), None);
        assert_eq!(params("/docs/{parts*}/", "/docs/a/b/"), Some(vec![("parts".into(), "a/b".into())]));
        assert_eq!(params("/docs/{parts*}/", "/docs/"), None);
        assert_eq!(params("/rss.xml", "/rss.xml"), Some(vec![]));
    }

    #[test]
    fn another_trailing_slash_is_the_same_page_by_another_spelling() {
        let pattern = PathPattern::parse("/{slug}/").unwrap();
        assert!(!pattern.matches("/hello").unwrap().canonical);
        assert!(pattern.matches("/hello/").unwrap().canonical);
        assert!(PathPattern::parse("/rss.xml").unwrap().matches("/rss.xml").unwrap().canonical);
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for bad in ["x", "/{}", "/a{b}", "/{a}/{a}", "/{a*}/b", "/a//b"] {
            assert!(PathPattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_more_specific_pattern_comes_first() {
        let mut patterns = ["/{rest*}", "/{slug}/", "/tag/{tag}/", "/about/"].map(|p| PathPattern::parse(p).unwrap());
        patterns.sort_by(PathPattern::specificity);
        assert_eq!(patterns.map(|p| p.to_string()), ["/about/", "/tag/{tag}/", "/{slug}/", "/{rest*}"]);
    }

    proptest! {
        #[test]
        fn what_is_filled_in_is_found_again(tag in "[a-z0-9é.-]{1,12}", n in 1u32..999) {
            let pattern = PathPattern::parse("/tag/{tag}/page/{n}/").unwrap();
            let n = n.to_string();
            let path = pattern.fill(|name| Some(if name == "n" { n.as_str() } else { tag.as_str() })).unwrap();
            let matched = pattern.matches(&path).unwrap();
            prop_assert!(matched.canonical);
            prop_assert_eq!(matched.params, vec![("tag".to_owned(), tag.clone()), ("n".to_owned(), n.clone())]);
        }
    }
}
