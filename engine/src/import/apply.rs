//! Carrying a plan out: the only step of an import that writes.

use std::{collections::HashMap, path::Path, sync::Arc};

use actix::{Addr, Handler, Message};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, DerivePartialModel, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    library::{self, Library},
    plan::{PlannedPost, Taken, plan},
    report::{Change, Fate, Report},
    site::Site,
    tree::{Resource, Tree},
};
use crate::{
    content::{
        command::{
            Who, apply,
            media::AddMedia,
            post::{ImportPost, Outcome},
            rehearse,
        },
        database::Database,
        error::StoreError,
        permalink::{Permalinks, Place},
        read::Kind,
        store::{Apply, ContentStore, Rehearse},
    },
    cores,
    model::{media, post},
    raster,
};

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the database cannot be read")]
    Database(#[from] DbErr),
    #[error("{file} cannot be copied into the media folder; mend that and import again, what is here already stays")]
    Media { file: String, source: std::io::Error },
    #[error("the import stopped at {file}; import again, what is here already stays")]
    Store { file: String, source: StoreError },
    #[error("the server is ending; import again, what is here already stays")]
    Ending,
}

/// What is brought in, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportPart)]
pub enum Part {
    Files,
    Texts,
}

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub enum Store<'a> {
    /// The import itself. A server that runs beside it finds what changed in the outbox.
    Own(&'a Database),
    /// The store of this server, in somebody's name.
    Running(&'a Addr<ContentStore>, Who),
}

/// Where an import goes.
pub struct Destination<'a> {
    pub store: Store<'a>,
    pub readers: &'a DatabaseConnection,
    pub permalinks: Arc<Permalinks>,
    /// The folder of the media library.
    pub media: &'a Path,
    /// Milliseconds since the epoch.
    pub now: i64,
    /// Everything is tried and taken back.
    pub dry_run: bool,
}

impl Destination<'_> {
    /// Imports a tree. `progress` is told how many of how many are done.
    pub async fn import(
        &self,
        tree: &Tree,
        mut progress: impl FnMut(Part, usize, usize) + Send,
    ) -> Result<Report, ImportError> {
        let site = Site::recognise(&tree.files, |file| tree.text(file).ok());
        let taken = self.taken(tree).await?;
        let library = Library::new(tree, self.known_media().await?);
        let plan = plan(tree, &site, &taken, &self.permalinks, self.now, &|resource| library.url(resource));
        let mut report = plan.report;
        report.dry_run = self.dry_run;
        if !self.dry_run {
            for file in self.keep(tree, library, |done, total| progress(Part::Files, done, total)) {
                self.add(file?).await?;
            }
        }
        let total = plan.posts.len();
        for (done, PlannedPost { post, item }) in plan.posts.into_iter().enumerate() {
            progress(Part::Texts, done, total);
            if let Some(item) = report.items.get_mut(item) {
                item.fate = self.post(post, &item.file, &item.fate).await?;
            }
        }
        progress(Part::Texts, total, total);
        report.count();
        Ok(report)
    }

    /// Puts the files that texts show where the library keeps them. Blocks.
    fn keep(
        &self,
        tree: &Tree,
        library: Library<'_>,
        mut progress: impl FnMut(usize, usize) + Send,
    ) -> Vec<Result<AddMedia, ImportError>> {
        let wanted: Vec<_> = library.into_wanted().into_iter().collect();
        let total = wanted.len();
        let keep = |(resource, file): &(Resource, AddMedia)| {
            let failed = |source| ImportError::Media { file: resource.path().to_owned(), source };
            let bytes = library::cleaned(tree.bytes(resource).map_err(failed)?);
            library::store(self.media, &file.storage_key, &bytes).map_err(failed)?;
            Ok(AddMedia { color: raster::color(&bytes), ..file.clone() })
        };
        cores::each(&wanted, keep, |done| progress(done, total))
    }

    /// The slugs and paths of all posts that do not come from this tree.
    async fn taken(&self, tree: &Tree) -> Result<Taken, DbErr> {
        let own = format!("{}:", tree.name);
        let rows = post::Entity::find().filter(post::Column::TrashedAt.eq(0)).into_partial_model::<Neighbour>();
        let mut taken = Taken::default();
        for post in rows.all(self.readers).await? {
            if post.source.as_ref().is_none_or(|source| !source.starts_with(&own)) {
                taken.paths.insert(self.permalinks.post(post.place(self.now)));
                taken.slugs.insert(post.slug);
            }
        }
        Ok(taken)
    }

    async fn known_media(&self) -> Result<HashMap<String, String>, DbErr> {
        let rows = media::Entity::find().all(self.readers).await?;
        Ok(rows.into_iter().map(|row| (row.hash, row.storage_key)).collect())
    }

    async fn add(&self, file: AddMedia) -> Result<(), ImportError> {
        let name = file.name.clone();
        let added = match self.store {
            Store::Own(db) => {
                apply(db, self.permalinks.clone(), Who::CommandLine, self.now, file).await.map(|applied| applied.output)
            }
            Store::Running(store, actor) => {
                send(store, Apply { command: file, actor }).await?.map(|applied| applied.output)
            }
        };
        added.map(drop).map_err(|source| ImportError::Store { file: name, source })
    }

    /// What became of a post. A post that the store refuses does not stop the others; a store that fails does.
    async fn post(&self, post: ImportPost, file: &str, planned: &Fate) -> Result<Fate, ImportError> {
        let Fate::Imported { url, .. } = planned else { return Ok(planned.clone()) };
        let permalinks = self.permalinks.clone();
        let imported = match (self.store, self.dry_run) {
            (Store::Own(db), false) => {
                apply(db, permalinks, Who::CommandLine, self.now, post).await.map(|applied| applied.output)
            }
            (Store::Own(db), true) => {
                rehearse(db, permalinks, Who::CommandLine, self.now, post, &[]).await.map(|tried| tried.output)
            }
            (Store::Running(store, actor), false) => {
                send(store, Apply { command: post, actor }).await?.map(|applied| applied.output)
            }
            (Store::Running(store, actor), true) => {
                send(store, Rehearse { command: post, actor, reads: Vec::new() }).await?.map(|tried| tried.output)
            }
        };
        match imported {
            Ok(imported) => Ok(Fate::Imported { url: url.clone(), change: change(imported.outcome) }),
            Err(source @ (StoreError::Database(_) | StoreError::Damaged(_))) => {
                Err(ImportError::Store { file: file.to_owned(), source })
            }
            Err(refused) => Ok(Fate::Failed { reason: refused.to_string() }),
        }
    }
}

async fn send<M>(store: &Addr<ContentStore>, message: M) -> Result<M::Result, ImportError>
where
    M: Message + Send + 'static,
    M::Result: Send,
    ContentStore: Handler<M>,
{
    store.send(message).await.map_err(|_| ImportError::Ending)
}

/// What a post that is here already keeps others from having.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "post::Entity")]
struct Neighbour {
    id: Uuid,
    kind: Kind,
    slug: String,
    path: Option<String>,
    published_at: Option<i64>,
    source: Option<String>,
}

impl Neighbour {
    /// Without its tags and authors, which paths are seldom made of.
    fn place(&self, now: i64) -> Place<'_> {
        Place {
            id: self.id,
            kind: self.kind,
            slug: &self.slug,
            path: self.path.as_deref(),
            published_at: self.published_at.unwrap_or(now),
            primary_tag: None,
            primary_author: None,
        }
    }
}

fn change(outcome: Outcome) -> Change {
    match outcome {
        Outcome::Created => Change::Created,
        Outcome::Updated => Change::Updated,
        Outcome::Unchanged => Change::Unchanged,
        Outcome::Kept => Change::Kept,
    }
}
