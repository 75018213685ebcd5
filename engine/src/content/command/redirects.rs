//! Many redirects at once: all of them, or none and what is wrong with each.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    Command, Txn,
    redirect::{PutRedirect, put_by_hand},
};
use crate::content::error::StoreError;

/// So many at once.
const MOST: usize = 10_000;
/// So many mistakes are named.
const NAMED: usize = 50;

#[derive(Clone, Debug)]
pub struct PutRedirects {
    /// Each with the line that it stands in.
    pub lines: Vec<(usize, PutRedirect)>,
}

impl Command for PutRedirects {
    /// How many there were.
    type Output = usize;

    async fn run(self, txn: &mut Txn) -> Result<usize, StoreError> {
        let count = self.lines.len();
        if count > MOST {
            return Err(StoreError::invalid("csv", "Import at most 10,000 redirects at once."));
        }
        let mut wrong = BTreeMap::new();
        for (line, redirect) in &self.lines {
            match put_by_hand(txn, redirect).await {
                Ok(()) => {}
                Err(StoreError::Invalid(fields)) if wrong.len() < NAMED => {
                    let told: Vec<_> = fields.iter().map(|(field, message)| format!("{field}: {message}")).collect();
                    wrong.insert(format!("line {line}"), told.join(" "));
                }
                Err(StoreError::Invalid(_)) => break,
                Err(other) => return Err(other),
            }
        }
        if !wrong.is_empty() {
            return Err(StoreError::Invalid(wrong));
        }
        txn.audit("import", "redirect", "", json!({ "count": count })).await?;
        Ok(count)
    }
}
