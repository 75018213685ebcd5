//! A new site: its first owner, its settings, and something to look at.

mod sample;

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    Command, Txn, Who,
    menu::PutMenu,
    people::CreateUser,
    post::Trash,
    settings::{PatchSettings, SettingsPatch},
};
use crate::{
    content::{error::StoreError, rule::GONE},
    model::{post, redirect, user},
};

/// Sets up a site that nobody can sign in to yet, all of it or nothing.
#[derive(Clone, Debug)]
pub struct SetUp {
    pub owner: CreateUser,
    pub settings: SettingsPatch,
    /// Whether the posts that a new site shows at first stay.
    pub sample: bool,
}

/// Gives a site that holds nothing yet a few posts, a page and a menu, so that there is something to look at.
#[derive(Clone, Copy, Debug)]
pub struct Begin;

impl Command for Begin {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if post::Entity::find().count(txn.db()).await? == 0 { sample::write(txn).await } else { Ok(()) }
    }
}

impl Command for SetUp {
    /// The owner's id.
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        if user::Entity::find().one(txn.db()).await?.is_some() {
            return Err(StoreError::WrongState("This site has been set up already."));
        }
        let owner = self.owner.run(txn).await?;
        txn.actor = Who::User(owner);
        PatchSettings { expected: None, patch: self.settings }.run(txn).await?;
        if self.sample {
            Begin.run(txn).await?;
        } else {
            clear(txn).await?;
        }
        Ok(owner)
    }
}

/// Takes away what [`Begin`] wrote: posts that nobody wrote and that came from nowhere.
async fn clear(txn: &mut Txn) -> Result<(), StoreError> {
    let own = post::Entity::find().filter(post::Column::CreatedBy.is_null()).filter(post::Column::Source.is_null());
    let ids: Vec<Uuid> = own.select_only().column(post::Column::Id).into_tuple().all(txn.db()).await?;
    if ids.is_empty() {
        return Ok(());
    }
    for id in ids {
        Trash { id, expected: None }.run(txn).await?;
    }
    // The samples were never this site's own: nobody need be told that they are gone.
    redirect::Entity::delete_many().filter(redirect::Column::Status.eq(i32::from(GONE))).exec(txn.db()).await?;
    PutMenu { name: "main".into(), expected: None, items: Vec::new() }.run(txn).await
}
