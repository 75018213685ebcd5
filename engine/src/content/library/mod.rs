//! Library: what editors see of the site, in the shapes the API answers with. Readers never get any of it.

mod access;
mod export;
mod media;
mod overlay;
mod people;
mod post;
mod posts;
mod preview;
mod redirects;
mod revision;
mod site;
mod terms;
mod webhooks;

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ask::AskError;

pub(in crate::content) use self::media::uses_of;
pub use self::{
    access::{InvitationDoc, SESSION_NAME, SessionDoc, invitation, invitations, second_factor, sessions},
    export::{Exported, export, exportable},
    media::{MediaDoc, MediaUse, media, media_list, media_usage, storage_keys},
    people::{
        SignedIn, TokenDoc, TokenHolder, UserDoc, anybody, member, session, token, tokens, user, user_by_email, users,
    },
    post::{EditorPost, PostSummary, post},
    posts::{Hand, PostPage, PostQuery, PostSort, StatusCounts, posts},
    preview::{preview, preview_key},
    redirects::{MissingDoc, RedirectDoc, Step, followed, missing, redirects},
    revision::{RevisionDoc, RevisionSummary, revision, revisions},
    site::{
        AuditLine, ChosenTheme, MenuDoc, MenuName, SettingsDoc, audit, chosen_theme, menu, menus, secret, settings,
        theme_settings,
    },
    terms::{AuthorDoc, TagDoc, author, authors, tag, tags},
    webhooks::{DeliveryDoc, DueDelivery, WebhookDoc, deliveries, due_deliveries, webhook, webhooks},
};

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("The database did not answer: {0}.")]
    Database(#[from] DbErr),
    #[error("What the database holds cannot be read: {0}.")]
    Damaged(#[from] serde_json::Error),
    #[error("This cursor leads nowhere. Start again from the first page.")]
    BadCursor,
    #[error("The text could not be rendered; the log says why.")]
    Panicked,
}

impl From<AskError> for LibraryError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Database(error) => Self::Database(error),
            AskError::Damaged(error) => Self::Damaged(error),
        }
    }
}

/// How many items a page holds when nobody asks for another number, and at most.
const USUAL: u64 = 50;
const MOST: u64 = 1_000;

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageOf<T> {
    pub items: Vec<T>,
    /// What to ask for as `cursor` to go on; absent on the last page.
    pub next: Option<String>,
    /// How many there are on all pages.
    pub total: u64,
}

/// How to go through a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Words to look for.
    pub q: Option<String>,
    /// 50 when it is left out, at most 1,000.
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

impl ListQuery {
    fn limit(&self) -> u64 {
        limit(self.limit)
    }
}

fn limit(asked: Option<u64>) -> u64 {
    asked.unwrap_or(USUAL).clamp(1, MOST)
}

/// Makes a page of rows, of which one more was fetched than fits when there is another page.
fn page<R, T>(
    mut rows: Vec<R>,
    limit: u64,
    total: u64,
    cursor: impl Fn(&R) -> String,
    item: impl FnMut(R) -> T,
) -> PageOf<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(cursor);
    PageOf { items: rows.into_iter().map(item).collect(), next, total }
}

/// A place in a list: the id of the last item shown, and what it was sorted by.
fn cursor(id: Uuid, key: impl std::fmt::Display) -> String {
    format!("{id}~{key}")
}

fn read_cursor(cursor: &str) -> Result<(Uuid, &str), LibraryError> {
    let (id, key) = cursor.split_once('~').ok_or(LibraryError::BadCursor)?;
    Ok((id.parse().map_err(|_| LibraryError::BadCursor)?, key))
}

/// Whether a text in lower case has all these words in it.
fn has_words(text: SimpleExpr, q: Option<&str>) -> Option<SimpleExpr> {
    q.unwrap_or_default()
        .to_lowercase()
        .split_whitespace()
        .map(|word| contains(text.clone(), word))
        .reduce(ExprTrait::and)
}

pub(in crate::content) fn contains(text: SimpleExpr, word: &str) -> SimpleExpr {
    let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    text.like(LikeExpr::new(format!("%{word}%")).escape('\\'))
}

/// Whether a column of JSON holds this text.
pub(in crate::content) fn holding(column: &'static str, text: &str) -> SimpleExpr {
    contains(Expr::col(column).cast_as("text"), text)
}

fn lower(text: SimpleExpr) -> SimpleExpr {
    Func::lower(text).into()
}

/// How many rows a query has.
async fn count<C: ConnectionTrait>(db: &C, rows: sea_orm::sea_query::SelectStatement) -> Result<u64, LibraryError> {
    use sea_orm::sea_query::Query;
    let query = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(rows, "rows").to_owned();
    let count: Option<i64> = db.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(count.unwrap_or_default().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_the_next_one_starts() {
        let full = page(vec![1, 2, 3], 2, 3, |n| n.to_string(), |n| n);
        assert_eq!((full.items, full.next, full.total), (vec![1, 2], Some("2".into()), 3));
        let last = page(vec![3], 2, 3, |n| n.to_string(), |n| n);
        assert_eq!((last.items, last.next), (vec![3], None));
    }

    #[test]
    fn a_cursor_survives_any_key() {
        let id = Uuid::now_v7();
        assert_eq!(read_cursor(&cursor(id, "a~b")).unwrap(), (id, "a~b"));
        assert!(read_cursor("elsewhere").is_err());
    }
}
