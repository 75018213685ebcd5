//! Deliveries: messages to webhooks, stored with what they tell of, so that none is lost.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{Command, Txn},
    Deed, Event, find,
};
use crate::{
    content::{change::Revision, error::StoreError},
    model::{delivery, webhook},
};

/// After the first failure, the second, and so on, in milliseconds; after the last the webhook is turned off.
const RETRIES: [i64; 7] = [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 43_200_000];

/// Of an answer, so many characters are kept.
const ANSWER: usize = 1_000;

/// Leaves a message for every webhook that wants to know of these deeds.
pub(in crate::content::command) async fn enqueue(
    txn: &Txn,
    deeds: &[Deed],
    revision: Option<Revision>,
) -> Result<(), StoreError> {
    let events: Vec<_> = deeds.iter().filter_map(|deed| Event::of(deed, txn.actor, revision, txn.now)).collect();
    if events.is_empty() {
        return Ok(());
    }
    for hook in webhook::Entity::find().filter(webhook::Column::OffSince.is_null()).all(txn.db()).await? {
        let wanted = |event: &Event| hook.events.as_array().is_some_and(|names| names.contains(&json!(event.name)));
        for event in events.iter().filter(|event| wanted(event)) {
            leave(txn, hook.id, event.clone(), revision).await?;
        }
    }
    Ok(())
}

async fn leave(txn: &Txn, hook: Uuid, event: Event, revision: Option<Revision>) -> Result<(), StoreError> {
    delivery::Entity::insert(delivery::ActiveModel {
        id: Set(Uuid::now_v7()),
        webhook_id: Set(hook),
        event: Set(event.name),
        body: Set(event.body),
        revision: Set(revision),
        created_at: Set(txn.now),
        attempts: Set(0),
        next_at: Set(Some(txn.now)),
        last_at: Set(None),
        status: Set(None),
        took_ms: Set(None),
        answer: Set(None),
    })
    .exec_without_returning(txn.db())
    .await?;
    Ok(())
}

/// Sends a webhook a message that tells of nothing.
#[derive(Clone, Copy, Debug)]
pub struct PingWebhook {
    pub id: Uuid,
}

impl Command for PingWebhook {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        find(txn, self.id).await?;
        leave(txn, self.id, Event::ping(txn.now), None).await
    }
}

/// Sends a message once more: the same, under the same id, so that whoever took it already knows it.
#[derive(Clone, Copy, Debug)]
pub struct SendAgain {
    pub webhook: Uuid,
    pub delivery: Uuid,
}

impl Command for SendAgain {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let row = delivery::Entity::find_by_id(self.delivery).one(txn.db()).await?;
        let row = row.filter(|row| row.webhook_id == self.webhook).ok_or(StoreError::NotFound("delivery"))?;
        let mut row = row.into_active_model();
        row.attempts = Set(0);
        row.next_at = Set(Some(txn.now));
        row.update(txn.db()).await?;
        Ok(())
    }
}

/// How a message was taken.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The answer, or why there was none.
    pub answer: String,
    pub took_ms: u32,
}

impl Outcome {
    fn is_good(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether the program says that it wants no more messages at all.
    fn is_over(&self) -> bool {
        self.status == Some(410)
    }
}

/// Writes down what became of a message. One that failed is tried again, less and less often; when it has failed for the last
/// time, its webhook is told nothing any more until somebody turns it on again.
#[derive(Clone, Debug)]
pub struct RecordDelivery {
    pub id: Uuid,
    pub outcome: Outcome,
}

impl Command for RecordDelivery {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        // Its webhook may have been deleted meanwhile.
        let Some(row) = delivery::Entity::find_by_id(self.id).one(txn.db()).await? else { return Ok(()) };
        let (hook, outcome) = (row.webhook_id, self.outcome);
        let pause = RETRIES.get(usize::try_from(row.attempts).unwrap_or_default());
        let pause = pause.filter(|_| !outcome.is_good() && !outcome.is_over());
        let attempts = row.attempts + 1;
        let mut row = row.into_active_model();
        row.attempts = Set(attempts);
        row.last_at = Set(Some(txn.now));
        row.next_at = Set(pause.map(|pause| txn.now + pause));
        row.status = Set(outcome.status.map(Into::into));
        row.took_ms = Set(i32::try_from(outcome.took_ms).ok());
        row.answer = Set(Some(outcome.answer.replace('\0', "").chars().take(ANSWER).collect()));
        row.update(txn.db()).await?;
        if outcome.is_good() || pause.is_some() {
            return Ok(());
        }
        let because = match outcome.status {
            Some(410) => "It answered 410: it wants no more messages.".to_owned(),
            Some(status) => format!("A message failed {attempts} times; the last answer was {status}."),
            None => format!("A message failed {attempts} times: {}", outcome.answer),
        };
        turn_off(txn, hook, because).await
    }
}

async fn turn_off(txn: &mut Txn, hook: Uuid, because: String) -> Result<(), StoreError> {
    let hook = find(txn, hook).await?;
    if hook.off_since.is_some() {
        return Ok(());
    }
    let (id, detail): (_, Value) = (hook.id, json!({ "url": hook.url, "because": because }));
    let mut hook = hook.into_active_model();
    hook.off_since = Set(Some(txn.now));
    hook.off_because = Set(Some(because));
    hook.update(txn.db()).await?;
    txn.audit("turn off", "webhook", id, detail).await
}
