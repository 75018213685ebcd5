//! Menus as editors write them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One item of a menu. It leads to exactly one of `url`, `post` and `tag`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What readers see; when it is empty, the title of what the item leads to.
    #[serde(default)]
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of a post or page; its slug is accepted too and kept as the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// The id of a tag; its slug is accepted too and kept as the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(default)]
    #[schema(no_recursion)]
    pub children: Vec<Item>,
}
