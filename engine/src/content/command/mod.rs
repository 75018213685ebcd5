//! Commands: every way to change the site, one transaction each.

pub mod author;
pub mod invitation;
pub mod media;
pub mod membership;
pub mod menu;
pub mod merge;
pub mod people;
pub mod post;
pub mod preview;
pub mod redirect;
pub mod redirects;
pub mod revalidate;
pub mod second_factor;
pub mod settings;
pub mod setup;
pub mod sightings;
mod slug;
pub mod tag;
pub mod theme;
mod txn;
pub mod visits;
pub mod webhook;

use std::{fmt, sync::Arc};

use sea_orm::ConnectionTrait;
use uuid::Uuid;

pub use self::txn::Txn;
use super::{
    ask::ask,
    change::Change,
    database::Database,
    error::StoreError,
    permalink::Permalinks,
    read::{Answered, Read},
};

/// One change of the site. It runs inside a transaction of its own; when it fails, nothing has changed.
pub trait Command: Send + 'static {
    type Output: Send + 'static;

    fn run(self, txn: &mut Txn) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    User(Uuid),
    /// A program, in the name of its token's owner.
    Token {
        id: Uuid,
        user: Option<Uuid>,
    },
    CommandLine,
    /// The engine itself, at a time an editor chose.
    System,
}

impl Who {
    pub fn user(self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(id),
            Self::Token { user, .. } => user,
            Self::CommandLine | Self::System => None,
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Token { id, .. } => write!(f, "token:{id}"),
            Self::CommandLine => f.write_str("command line"),
            Self::System => f.write_str("system"),
        }
    }
}

/// A command that was carried out, and what it means for the page cache: nothing, when readers cannot see the difference.
#[derive(Clone, Debug)]
pub struct Applied<O> {
    pub output: O,
    pub change: Option<Change>,
}

/// A command that was tried and taken back.
#[derive(Clone, Debug)]
pub struct Rehearsed<O> {
    pub output: O,
    /// What would have been announced.
    pub change: Option<Change>,
    /// What the reads would give afterwards, in their order.
    pub answers: Vec<Answered>,
}

/// Carries out a command. Whoever calls this beside a running server leaves the announcement to it: the change waits in
/// the outbox.
pub async fn apply<C: Command>(
    db: &Database,
    permalinks: Arc<Permalinks>,
    actor: Who,
    now: i64,
    command: C,
) -> Result<Applied<C::Output>, StoreError> {
    let mut txn = Txn::begin(db, permalinks, actor, now).await?;
    let output = command.run(&mut txn).await?;
    let change = txn.commit().await?;
    Ok(Applied { output, change })
}

/// Tries a command, asks what pages would read afterwards, and takes it back.
pub async fn rehearse<C: Command>(
    db: &Database,
    permalinks: Arc<Permalinks>,
    actor: Who,
    now: i64,
    command: C,
    reads: &[Read],
) -> Result<Rehearsed<C::Output>, StoreError> {
    let mut txn = Txn::begin(db, permalinks, actor, now).await?;
    let output = command.run(&mut txn).await?;
    let change = txn.record().await?;
    let mut answers = Vec::with_capacity(reads.len());
    for read in reads {
        answers.push(ask(txn.db(), read).await?);
    }
    txn.rollback().await?;
    Ok(Rehearsed { output, change, answers })
}

/// Refuses a text that is too long, or that no database would hold.
fn within(field: &str, text: &str, limit: usize) -> Result<(), StoreError> {
    let length = text.chars().count();
    if length > limit {
        let message = format!("{length} characters are too many; at most {limit} are allowed.");
        return Err(StoreError::invalid(field, message));
    }
    without_nul(field, text)
}

fn without_nul(field: &str, text: &str) -> Result<(), StoreError> {
    match text.contains('\0') {
        true => Err(StoreError::invalid(field, "Take out the NUL character; no database holds it.")),
        false => Ok(()),
    }
}

/// Refuses to overwrite a version that the editor has not seen.
fn expect(current: i64, expected: Option<i64>) -> Result<(), StoreError> {
    match expected {
        Some(yours) if yours != current => Err(StoreError::VersionMismatch { current, yours }),
        _ => Ok(()),
    }
}

/// Whether a query finds a row.
async fn exists<C: ConnectionTrait>(db: &C, query: &sea_orm::sea_query::SelectStatement) -> Result<bool, StoreError> {
    Ok(db.query_one(query).await?.is_some())
}
