//! Posts and pages: written, saved, published, taken back, thrown away and imported.
//!
//! The row of a post is what readers get while it is published, and what its editor left while it is not. Edits of a
//! published post gather in its working copy until it is published again.

mod create;
mod draft;
mod due;
mod face;
mod history;
mod import;
mod links;
mod mentions;
mod moved;
mod publish;
mod save;
mod schedule;
mod stored;
mod summary;
mod trash;

pub use self::{
    create::CreatePost,
    draft::{Draft, PostPatch},
    due::{Due, Turn, Turned},
    history::{GoBack, KeepRevision},
    import::{ImportPost, ImportTerm, Imported, Outcome},
    publish::{Publish, Unpublish},
    save::SavePost,
    schedule::{Schedule, ScheduleEnd},
    trash::{Restore, Trash},
};
pub(in crate::content) use self::{
    due::{due, next_due},
    summary::summary,
};
pub(super) use self::{
    links::recount,
    mentions::{mentions, rename_mentions, rewrite_drafts},
    moved::{follow, freed, moved, paths},
};
