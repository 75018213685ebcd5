//! What became of each file of a tree: for people in a few lines, for programs in full.

use std::fmt;

use serde::Serialize;

use super::site::Flavour;

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The imported folder's name.
    pub tree: String,
    pub format: Flavour,
    pub dry_run: bool,
    pub totals: Totals,
    /// Each file exactly once, in order.
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = ImportTotals)]
pub struct Totals {
    pub files: usize,
    pub posts: usize,
    pub pages: usize,
    /// Of the posts and pages.
    pub drafts: usize,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// Changed on both sides: the editor's version stays.
    pub kept: usize,
    pub failed: usize,
    pub skipped: usize,
    pub redirects: usize,
    pub authors: usize,
    pub tags: usize,
    /// Pictures that texts show, each file once.
    pub images_found: usize,
    pub images_missing: usize,
    /// Files copied into the media library.
    pub media: usize,
    /// Links that led to the old site's own address and are internal now.
    pub links_made_internal: usize,
    pub notes: usize,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportItem)]
pub struct Item {
    pub file: String,
    #[serde(flatten)]
    pub fate: Fate,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[schema(as = ImportFate)]
pub enum Fate {
    /// It is a post or a page of its own.
    Imported {
        url: String,
        change: Change,
    },
    /// Texts show it: it is in the media library.
    Merged {
        url: String,
    },
    Skipped {
        reason: String,
    },
    Failed {
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportChange)]
pub enum Change {
    Created,
    Updated,
    Unchanged,
    Kept,
}

impl Report {
    /// Adds up what the items say.
    pub fn count(&mut self) {
        let totals = &mut self.totals;
        totals.files = self.items.len();
        for item in &self.items {
            totals.notes += item.notes.len();
            match &item.fate {
                Fate::Imported { change, .. } => match change {
                    Change::Created => totals.created += 1,
                    Change::Updated => totals.updated += 1,
                    Change::Unchanged => totals.unchanged += 1,
                    Change::Kept => totals.kept += 1,
                },
                Fate::Merged { .. } => {}
                Fate::Skipped { .. } => totals.skipped += 1,
                Fate::Failed { .. } => totals.failed += 1,
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let totals = &self.totals;
        let verb = if self.dry_run { "would be" } else { "are" };
        writeln!(
            f,
            "{} posts and {} pages {verb} here ({} drafts): {} new, {} updated, {} unchanged, {} left as an editor changed them.",
            totals.posts, totals.pages, totals.drafts, totals.created, totals.updated, totals.unchanged, totals.kept
        )?;
        writeln!(
            f,
            "{} redirects, {} authors, {} tags, {} files in the media library, {} links made internal.",
            totals.redirects, totals.authors, totals.tags, totals.media, totals.links_made_internal
        )?;
        if totals.images_missing > 0 {
            writeln!(
                f,
                "{} of {} pictures are missing from the folder.",
                totals.images_missing,
                totals.images_found + totals.images_missing
            )?;
        }
        if totals.failed > 0 {
            writeln!(f, "{} could not be imported:", totals.failed)?;
            for item in &self.items {
                if let Fate::Failed { reason } = &item.fate {
                    writeln!(f, "  {}: {reason}", item.file)?;
                }
            }
        }
        write!(
            f,
            "{} files were skipped and {} notes were made; --report FILE writes them all.",
            totals.skipped, totals.notes
        )
    }
}
