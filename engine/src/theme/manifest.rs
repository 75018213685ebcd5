//! `theme.toml`: what a theme says of itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ThemeError;

pub const FILE: &str = "theme.toml";

/// One year, in seconds: how long a page may be used when a route does not say.
pub const YEAR: u64 = 31_536_000;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub theme: About,
    #[serde(default)]
    pub routes: Vec<RouteTable>,
    #[serde(default)]
    pub settings: BTreeMap<String, SettingTable>,
    /// Named slots for menus, each with a label.
    #[serde(default)]
    pub menus: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    pub name: String,
    pub version: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub license: String,
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

/// One `[settings.<name>]` table: a value that the site's owner may choose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingTable {
    #[serde(rename = "type")]
    pub kind: SettingKind,
    pub default: serde_json::Value,
    pub label: String,
    #[serde(default)]
    pub group: String,
    #[serde(default)]
    pub options: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    Text,
    Textarea,
    Bool,
    Select,
    Color,
    Image,
    Number,
    Url,
}

impl Manifest {
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        toml::from_str(text).map_err(|error| ThemeError::Manifest {
            line: error.span().map_or(1, |span| 1 + text.get(..span.start).unwrap_or_default().matches('\n').count()),
            problem: error.message().to_owned(),
        })
    }
}

fn yes() -> bool {
    true
}
