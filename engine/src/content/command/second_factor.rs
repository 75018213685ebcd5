//! Second factors: begun, confirmed with a first code, used, taken off.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, sea_query::OnConflict};
use serde_json::json;
use uuid::Uuid;

use super::{Command, Txn};
use crate::{content::error::StoreError, model::second_factor};

/// Gives somebody a secret for their app. It is asked for only once a code has shown that the app has it.
#[derive(Clone, Debug)]
pub struct BeginSecondFactor {
    pub user: Uuid,
    pub secret: String,
}

impl Command for BeginSecondFactor {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if find(txn, self.user).await?.is_some_and(|factor| factor.since.is_some()) {
            return Err(StoreError::WrongState("Your account has a second factor already. Take it off first."));
        }
        let begun = second_factor::ActiveModel {
            user_id: Set(self.user),
            secret: Set(self.secret),
            since: Set(None),
            step: Set(0),
            recovery: Set(json!([])),
        };
        let again = OnConflict::column(second_factor::Column::UserId)
            .update_columns([second_factor::Column::Secret, second_factor::Column::Step])
            .to_owned();
        second_factor::Entity::insert(begun).on_conflict(again).exec_without_returning(txn.db()).await?;
        Ok(())
    }
}

/// From now on the second factor is asked for.
#[derive(Clone, Debug)]
pub struct ConfirmSecondFactor {
    pub user: Uuid,
    /// Of the code that was right.
    pub step: i64,
    /// Hashes of recovery codes.
    pub recovery: Vec<String>,
}

impl Command for ConfirmSecondFactor {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let factor = find(txn, self.user).await?.filter(|factor| factor.since.is_none());
        let mut factor = factor.ok_or(StoreError::NotFound("second factor to confirm"))?.into_active_model();
        factor.since = Set(Some(txn.now));
        factor.step = Set(self.step);
        factor.recovery = Set(json!(self.recovery));
        factor.update(txn.db()).await?;
        txn.audit("turn on", "second factor", self.user, json!({})).await
    }
}

/// What somebody shows beside the password.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A right code of the app, by its step.
    Step(i64),
    /// The hash of a recovery code.
    Recovery(String),
}

/// Uses a proof up; whether it was still good.
#[derive(Clone, Debug)]
pub struct UseSecondFactor {
    pub user: Uuid,
    pub proof: Proof,
}

impl Command for UseSecondFactor {
    type Output = bool;

    async fn run(self, txn: &mut Txn) -> Result<bool, StoreError> {
        let factor = find(txn, self.user).await?.ok_or(StoreError::NotFound("second factor"))?;
        let mut recovery: Vec<String> = serde_json::from_value(factor.recovery.clone())?;
        let (step, left) = (factor.step, recovery.len());
        let mut factor = factor.into_active_model();
        match self.proof {
            Proof::Step(new) if new > step => factor.step = Set(new),
            Proof::Step(_) => return Ok(false),
            Proof::Recovery(hash) => {
                recovery.retain(|known| *known != hash);
                if recovery.len() == left {
                    return Ok(false);
                }
                txn.audit("use a recovery code", "user", self.user, json!({ "left": recovery.len() })).await?;
                factor.recovery = Set(json!(recovery));
            }
        }
        factor.update(txn.db()).await?;
        Ok(true)
    }
}

/// Gives somebody other recovery codes; those from before are good no more.
#[derive(Clone, Debug)]
pub struct RenewRecovery {
    pub user: Uuid,
    /// Hashes.
    pub recovery: Vec<String>,
}

impl Command for RenewRecovery {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let factor = find(txn, self.user).await?.filter(|factor| factor.since.is_some());
        let mut factor = factor.ok_or(StoreError::NotFound("second factor"))?.into_active_model();
        factor.recovery = Set(json!(self.recovery));
        factor.update(txn.db()).await?;
        txn.audit("renew recovery codes", "user", self.user, json!({})).await
    }
}

/// From now on the password is enough; for somebody without a second factor it stays so.
#[derive(Clone, Copy, Debug)]
pub struct RemoveSecondFactor {
    pub user: Uuid,
}

impl Command for RemoveSecondFactor {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        if second_factor::Entity::delete_by_id(self.user).exec(txn.db()).await?.rows_affected == 0 {
            return Ok(());
        }
        txn.audit("turn off", "second factor", self.user, json!({})).await
    }
}

async fn find(txn: &Txn, user: Uuid) -> Result<Option<second_factor::Model>, StoreError> {
    Ok(second_factor::Entity::find_by_id(user).one(txn.db()).await?)
}
