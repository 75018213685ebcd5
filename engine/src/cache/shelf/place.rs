//! Places: where a shelf lies. Each knows a few verbs on bytes under a name.

use std::io;

use crate::content::change::Revision;

use super::{folder::Folder, ledger::Moment, record::Name, redis::Redis};

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Page,
    Inner,
    Body,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "pages",
            Self::Inner => "inner",
            Self::Body => "bodies",
        }
    }
}

#[derive(Debug)]
pub enum Place {
    Folder(Folder),
    Redis(Box<Redis>),
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("{0}")]
    Folder(#[from] io::Error),
    #[error("{0}")]
    Redis(#[from] ::redis::RedisError),
    #[error("Redis did not answer a moment ago and is left alone for another")]
    Away,
}

/// A record as it was found.
#[derive(Debug)]
pub struct Found {
    pub name: Name,
    pub bytes: Vec<u8>,
    pub visited: Moment,
}

impl Place {
    pub fn read(&self, kind: Kind, name: Name) -> Result<Option<Vec<u8>>, PlaceError> {
        match self {
            Self::Folder(folder) => Ok(folder.read(kind, name)?),
            Self::Redis(redis) => redis.read(kind, name),
        }
    }

    /// Never puts an older record in place of a newer one, where others write too.
    pub fn write(&self, kind: Kind, name: Name, bytes: &[u8], revision: Revision) -> Result<(), PlaceError> {
        match self {
            Self::Folder(folder) => Ok(folder.write(kind, name, bytes)?),
            Self::Redis(redis) => redis.write(kind, name, bytes, revision),
        }
    }

    pub fn remove(&self, kind: Kind, name: Name) -> Result<(), PlaceError> {
        match self {
            Self::Folder(folder) => Ok(folder.remove(kind, name)?),
            Self::Redis(redis) => redis.remove(kind, name),
        }
    }

    /// Gives every record to `take`.
    pub fn each(&self, kind: Kind, take: impl FnMut(Found)) -> Result<(), PlaceError> {
        match self {
            Self::Folder(folder) => folder.each(kind, take),
            Self::Redis(redis) => redis.each(kind, take)?,
        }
        Ok(())
    }
}
