//! Orders from outside to make pages again.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Command, Txn};
use crate::content::{change::Demand, error::StoreError, tag::CacheTag};

/// Has the pages with these tags, and those below the demand's subtrees, made again although no content changed.
#[derive(Clone, Debug)]
pub struct Revalidate {
    pub tags: BTreeSet<CacheTag>,
    pub demand: Demand,
}

impl Command for Revalidate {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let detail = json!({ "tags": self.tags, "subtrees": self.demand.subtrees });
        self.tags.into_iter().for_each(|tag| txn.tag(tag));
        txn.demand(self.demand);
        txn.audit("revalidate", "pages", "", detail).await
    }
}
