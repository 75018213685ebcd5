//! A new site: its first owner, its settings, and something to look at.

mod sample;

use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    Command, Txn, Who,
    people::CreateUser,
    settings::{PatchSettings, SettingsPatch},
};
use crate::{content::error::StoreError, model::user};

/// Sets up a site that nobody can sign in to yet, all of it or nothing.
#[derive(Clone, Debug)]
pub struct SetUp {
    pub owner: CreateUser,
    pub settings: SettingsPatch,
    /// Also writes a few posts, a page and a menu.
    pub sample: bool,
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
            sample::write(txn).await?;
        }
        Ok(owner)
    }
}
