//! Routes: which template makes the page at a path, and how long it stays good.

use crate::content::{
    pattern::{Matched, PathPattern},
    permalink::{Pattern, Permalinks},
};

use super::{
    ThemeError,
    manifest::{Params, Prerender, PrerenderWord, Revalidate, RouteTable, Source, YEAR},
};

/// A URL pattern with a template and a freshness policy.
#[derive(Clone, Debug)]
pub struct Route {
    pub name: String,
    pub path: PathPattern,
    pub template: String,
    pub content_type: String,
    pub params: Option<Params>,
    /// May a value that `params` does not know be rendered on its first visit?
    pub dynamic_params: bool,
    pub prerender: Prerender,
    pub freshness: Freshness,
    /// Added to every page of the route.
    pub tags: Vec<String>,
    /// Query keys that are part of a page's identity.
    pub query: Vec<String>,
}

/// How long a page stays good, in seconds from its render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Stale after this; `None`: until what it read changes; zero: never stored.
    pub revalidate: Option<u64>,
    /// May not be served after this, unless making a new one fails.
    pub expire: u64,
}

impl Freshness {
    pub fn is_dynamic(self) -> bool {
        self.revalidate == Some(0)
    }
}

/// A theme's routes, the most specific first.
#[derive(Clone, Debug)]
pub struct Routes(Vec<Route>);

/// The path of the page that stands for everything that was not found.
pub const NOT_FOUND: &str = "/404";

impl Routes {
    pub(super) fn build(tables: Vec<RouteTable>) -> Result<Self, ThemeError> {
        let mut routes: Vec<Route> = Vec::new();
        for table in tables {
            if routes.iter().any(|route| route.name == table.name) {
                return Err(refuse(&table, "another route has this name"));
            }
            routes.push(Route::try_from(table)?);
        }
        routes.sort_by(|a, b| a.path.specificity(&b.path));
        Ok(Self(routes))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    pub fn named(&self, name: &str) -> Option<&Route> {
        self.0.iter().find(|route| route.name == name)
    }

    /// Every route that takes this decoded path, the most specific first.
    pub fn matching<'r>(&'r self, path: &'r str) -> impl Iterator<Item = (&'r Route, Matched)> {
        self.0.iter().filter_map(move |route| route.path.matches(path).map(|matched| (route, matched)))
    }

    /// The route whose pages are the posts (or pages, tags, authors) themselves.
    pub fn of(&self, source: Source) -> Option<&Route> {
        self.0.iter().find(|route| route.params == Some(Params::Source(source)))
    }

    /// Paths without parameters at which readers find a page.
    pub fn fixed(&self) -> Vec<String> {
        let pages = self.0.iter().filter(|route| {
            let is_page = route.content_type.starts_with("text/html") && !route.is_dynamic();
            is_page && route.params.is_none() && route.path.to_string() != NOT_FOUND
        });
        pages.filter_map(|route| route.path.fill(|_| None)).collect()
    }

    /// Which posts, pages, tags and authors have pages of their own.
    pub fn routed(&self) -> [(&'static str, bool); 4] {
        [("posts", Source::Posts), ("pages", Source::Pages), ("tags", Source::Tags), ("authors", Source::Authors)]
            .map(|(name, source)| (name, self.of(source).is_some()))
    }

    pub(super) fn permalinks(&self) -> Permalinks {
        let mut permalinks = Permalinks::default();
        let pattern = |source| self.of(source).and_then(|route| route.path.to_string().parse::<Pattern>().ok());
        for (source, slot) in [
            (Source::Posts, &mut permalinks.post),
            (Source::Pages, &mut permalinks.page),
            (Source::Tags, &mut permalinks.tag),
            (Source::Authors, &mut permalinks.author),
        ] {
            if let Some(pattern) = pattern(source) {
                *slot = pattern;
            }
        }
        permalinks
    }
}

impl TryFrom<RouteTable> for Route {
    type Error = ThemeError;

    fn try_from(table: RouteTable) -> Result<Self, ThemeError> {
        let path = PathPattern::parse(&table.path).map_err(|error| refuse(&table, error))?;
        let revalidate = match table.revalidate {
            Revalidate::Never(false) => None,
            Revalidate::Never(true) => return Err(refuse(&table, "revalidate is a number of seconds, or false")),
            Revalidate::Seconds(seconds) => Some(seconds),
        };
        let expire = table.expire.unwrap_or_else(|| YEAR.max(revalidate.unwrap_or(0)));
        if revalidate.is_some_and(|revalidate| revalidate > expire) {
            return Err(refuse(
                &table,
                "revalidate is longer than expire, so pages would expire before they are stale",
            ));
        }
        if let Some(tag) = table.tags.iter().find(|tag| crate::content::tag::CacheTag::word(tag).is_none()) {
            return Err(refuse(&table, format!("the tag {tag:?} is empty or longer than 256 characters")));
        }
        let named = |name: &str| path.names().any(|own| own == name);
        if let Some(Params::Table(rows)) = &table.params
            && let Some(row) =
                rows.iter().find(|row| row.len() != path.names().count() || !row.keys().all(|name| named(name)))
        {
            return Err(refuse(&table, format!("params row {row:?} does not give exactly the names of the path")));
        }
        let enumerable = table.params.is_some() || path.names().next().is_none();
        let default = if enumerable { PrerenderWord::All } else { PrerenderWord::None };
        Ok(Self {
            content_type: table.content_type.clone().unwrap_or_else(|| content_type_of(&table.template)),
            name: table.name,
            path,
            template: table.template,
            params: table.params,
            dynamic_params: table.dynamic_params,
            prerender: table.prerender.unwrap_or(Prerender::Word(default)),
            freshness: Freshness { revalidate, expire },
            tags: table.tags,
            query: table.query,
        })
    }
}

impl Route {
    /// Rendered per request and never stored.
    pub fn is_dynamic(&self) -> bool {
        self.freshness.is_dynamic()
    }
}

impl Prerender {
    /// How many pages of the route are made without a visitor.
    pub fn count(self) -> usize {
        match self {
            Self::Newest(count) => count,
            Self::Word(PrerenderWord::All) => usize::MAX,
            Self::Word(PrerenderWord::None) => 0,
        }
    }
}

fn refuse(table: &RouteTable, problem: impl ToString) -> ThemeError {
    ThemeError::Route { route: table.name.clone(), problem: problem.to_string() }
}

fn content_type_of(template: &str) -> String {
    match template.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "xml" => "application/xml; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    }
    .to_owned()
}
