//! `theme.toml`: what a theme says of itself.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use serde::Deserialize;

use super::{ThemeError, csp::Csp, setting::Setting};

pub const FILE: &str = "theme.toml";

/// One year, in seconds: how long a page may be used when a route does not say.
pub const YEAR: u64 = 31_536_000;

const MOST_WIDTHS: usize = 8;
const WIDTHS: std::ops::RangeInclusive<u32> = 16..=4_000;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub theme: About,
    #[serde(default)]
    pub routes: Vec<RouteTable>,
    #[serde(default)]
    pub settings: BTreeMap<String, Setting>,
    /// Named slots for menus, each with a label.
    #[serde(default)]
    pub menus: BTreeMap<String, String>,
    #[serde(default)]
    pub csp: Csp,
    #[serde(default)]
    pub images: Images,
}

/// `[images]`: how wide pictures are in the theme's pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Images {
    /// The widths in pixels that pictures are made in, for screens to choose from.
    pub widths: Vec<u32>,
    /// How wide a picture in a text is shown, as HTML's `sizes` says it.
    pub sizes: String,
}

impl Default for Images {
    fn default() -> Self {
        Self { widths: vec![400, 800, 1_200, 1_600, 2_000], sizes: "100vw".into() }
    }
}

impl Images {
    /// Each width is made of each picture, so there are not many, and none that no screen has.
    pub(super) fn check(&self) -> Result<(), ThemeError> {
        let refuse = |problem: &str| Err(ThemeError::Manifest { line: 1, problem: format!("[images]: {problem}") });
        if !(1..=MOST_WIDTHS).contains(&self.widths.len()) || self.widths.iter().any(|width| !WIDTHS.contains(width)) {
            return refuse("name 1 to 8 widths, each from 16 to 4000 pixels");
        }
        if self.sizes.contains(['"', '<', '>']) {
            return refuse(
                "sizes is what HTML's attribute of that name holds, such as \"(min-width: 48rem) 44rem, 100vw\"",
            );
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub name: String,
    pub version: String,
    /// Versions of Perennial that it is written for, such as `>=0.1, <0.2`.
    pub engine: Option<String>,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub license: String,
}

impl About {
    /// Refuses a theme that is written for other versions.
    pub(super) fn suits_this_engine(&self) -> Result<(), ThemeError> {
        let own = env!("CARGO_PKG_VERSION");
        let Some(range) = &self.engine else { return Ok(()) };
        let refuse = |problem| ThemeError::Manifest { line: 1, problem };
        let wanted = VersionReq::parse(range).map_err(|error| {
            refuse(format!("engine = {range:?} is no range of versions ({error}); write \">=0.1, <0.2\""))
        })?;
        let suits = Version::parse(own).is_ok_and(|own| wanted.matches(&own));
        let other =
            || refuse(format!("it is written for Perennial {range}, and this is {own}; use another version of it"));
        if suits { Ok(()) } else { Err(other()) }
    }
}

/// One `[[routes]]` table as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    pub name: String,
    pub path: String,
    pub template: String,
    pub content_type: Option<String>,
    pub params: Option<Params>,
    #[serde(default = "yes")]
    pub dynamic_params: bool,
    pub prerender: Option<Prerender>,
    #[serde(default)]
    pub revalidate: Revalidate,
    pub expire: Option<u64>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub query: Vec<String>,
}

/// Where the known values of a route's parameters come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Params {
    Source(Source),
    Table(Vec<BTreeMap<String, String>>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Posts,
    Pages,
    Tags,
    Authors,
}

/// What is made at start and after a theme switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Prerender {
    Newest(usize),
    Word(PrerenderWord),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrerenderWord {
    All,
    None,
}

/// `false`: until what it read changes; a number: seconds; `0`: rendered per request and never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Revalidate {
    Never(bool),
    Seconds(u64),
}

impl Default for Revalidate {
    fn default() -> Self {
        Self::Never(false)
    }
}

impl Manifest {
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        let mut manifest: Self = toml::from_str(text).map_err(|error| ThemeError::Manifest {
            line: error.span().map_or(1, |span| 1 + text.get(..span.start).unwrap_or_default().matches('\n').count()),
            problem: error.message().to_owned(),
        })?;
        for (name, setting) in &mut manifest.settings {
            setting.place = text.find(&format!("[settings.{name}]")).unwrap_or_default();
        }
        Ok(manifest)
    }
}

fn yes() -> bool {
    true
}
