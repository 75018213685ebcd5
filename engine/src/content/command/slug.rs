//! Slugs: the words of a URL, made from a title or chosen by an editor.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use super::{Txn, exists};
use crate::content::{error::StoreError, read::Kind};

/// The longest slug, in characters. Slugs are ASCII.
const LONGEST: usize = 200;

/// What a title without letters becomes.
const UNTITLED: &str = "untitled";

/// Where a slug must be the only one.
#[derive(Clone, Copy)]
pub(super) enum Space {
    Posts(Kind),
    Tags,
    Authors,
}

/// A slug made of any text, with room for a number after it.
pub(super) fn of_text(text: &str) -> String {
    let slug = slug::slugify(text);
    let cut: String = slug.chars().take(LONGEST - 8).collect();
    let cut = cut.trim_end_matches('-');
    if cut.is_empty() { UNTITLED.into() } else { cut.into() }
}

/// A slug as an editor typed it, in the form slugs have.
pub(super) fn chosen(text: &str) -> Result<String, StoreError> {
    let slug = slug::slugify(text);
    if slug.is_empty() {
        return Err(StoreError::invalid("slug", "Use letters, digits and hyphens."));
    }
    super::within("slug", &slug, LONGEST)?;
    Ok(slug)
}

/// The slug, or the first of `slug-2`, `slug-3` … that nobody but `owner` has.
pub(super) async fn free(txn: &Txn, space: Space, slug: &str, owner: Option<Uuid>) -> Result<String, StoreError> {
    let mut candidate = slug.to_owned();
    let mut number = 2;
    while taken(txn, space, &candidate, owner).await? {
        candidate = format!("{slug}-{number}");
        number += 1;
    }
    Ok(candidate)
}

/// Refuses a slug that somebody else has.
pub(super) async fn claim(txn: &Txn, space: Space, slug: &str, owner: Option<Uuid>) -> Result<(), StoreError> {
    match taken(txn, space, slug, owner).await? {
        true => Err(StoreError::SlugTaken(slug.into())),
        false => Ok(()),
    }
}

async fn taken(txn: &Txn, space: Space, slug: &str, owner: Option<Uuid>) -> Result<bool, StoreError> {
    let holder = |table: &'static str| -> SelectStatement {
        Query::select()
            .column("id")
            .from(table)
            .and_where(Expr::col("slug").eq(slug))
            .and_where_option(owner.map(|owner| Expr::col("id").ne(owner)))
            .to_owned()
    };
    let query = match space {
        Space::Tags => holder("tag"),
        Space::Authors => holder("author"),
        Space::Posts(kind) => {
            // A post and a page may share a slug only where the theme gives them different paths.
            let kinds = match txn.permalinks.post == txn.permalinks.page {
                true => vec![Kind::Post, Kind::Page],
                false => vec![kind],
            };
            holder("post").and_where(Expr::col("kind").is_in(kinds)).and_where(Expr::col("trashed_at").eq(0)).to_owned()
        }
    };
    exists(txn.db(), &query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_slug() {
        assert_eq!(of_text("Hello, Wörld!"), "hello-world");
        assert_eq!(of_text("  "), "untitled");
        assert_eq!(of_text("…!"), "untitled");
        assert_eq!(of_text(&"long ".repeat(100)).len(), 192);
    }

    #[test]
    fn a_chosen_slug_is_brought_into_form() {
        assert_eq!(chosen("Über uns").unwrap(), "uber-uns");
        assert_eq!(chosen("/").unwrap_err().code(), "invalid");
        assert_eq!(chosen(&"a".repeat(201)).unwrap_err().code(), "invalid");
    }
}
