//! Posts and pages: written, saved, published, taken back, thrown away and imported.
//!
//! The row of a post is what readers get while it is published, and what its editor left while it is not. Edits of a
//! published post gather in its working copy until it is published again.

mod create;
mod draft;
mod face;
mod import;
mod links;
mod moved;
mod publish;
mod save;
mod stored;
mod summary;
mod trash;

pub(super) use self::moved::{follow, freed, moved, paths};
pub use self::{
    create::CreatePost,
    draft::{Draft, PostPatch},
    import::{ImportPost, ImportTerm, Imported, Outcome},
    publish::{Publish, Schedule, Unpublish},
    save::SavePost,
    trash::{Restore, Trash},
};
pub(in crate::content) use self::{publish::due, summary::summary};
