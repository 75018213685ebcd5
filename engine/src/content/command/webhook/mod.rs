//! Webhooks: made, changed, deleted.

mod delivery;
mod event;

use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::json;
use uuid::Uuid;

pub(super) use self::{
    delivery::enqueue,
    event::{Deed, Event},
};
pub use self::{
    delivery::{Outcome, PingWebhook, RecordDelivery, SendAgain},
    event::EVENTS,
};
use super::{Command, Txn, within};
use crate::{content::error::StoreError, model::webhook};

const URL: usize = 2_000;
/// Each is looked at whenever something happens.
const MOST: u64 = 50;

/// Tells a program what happens from now on.
#[derive(Clone, Debug)]
pub struct CreateWebhook {
    pub url: String,
    pub events: Vec<String>,
    pub secret: String,
}

impl Command for CreateWebhook {
    type Output = Uuid;

    async fn run(self, txn: &mut Txn) -> Result<Uuid, StoreError> {
        check(&self.url, &self.events)?;
        if webhook::Entity::find().count(txn.db()).await? >= MOST {
            return Err(StoreError::WrongState("There are 50 webhooks already. Delete one that nobody needs."));
        }
        let id = Uuid::now_v7();
        let detail = json!({ "url": self.url, "events": self.events });
        webhook::Entity::insert(webhook::ActiveModel {
            id: Set(id),
            url: Set(self.url),
            events: Set(json!(self.events)),
            secret: Set(self.secret),
            created_at: Set(txn.now),
            off_since: Set(None),
            off_because: Set(None),
        })
        .exec_without_returning(txn.db())
        .await?;
        txn.audit("create", "webhook", id, detail).await?;
        Ok(id)
    }
}

/// Changes what is given.
#[derive(Clone, Debug)]
pub struct UpdateWebhook {
    pub id: Uuid,
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub secret: Option<String>,
    /// Whether it is told anything. What happened while it was off is not told later.
    pub on: Option<bool>,
}

impl Command for UpdateWebhook {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let before = find(txn, self.id).await?;
        let url = self.url.unwrap_or_else(|| before.url.clone());
        let events = match self.events {
            Some(events) => events,
            None => serde_json::from_value(before.events.clone())?,
        };
        check(&url, &events)?;
        let on = self.on.unwrap_or(before.off_since.is_none());
        let detail = json!({ "url": url, "events": events, "on": on, "new secret": self.secret.is_some() });
        let was_on = before.off_since.is_none();
        let mut row = before.into_active_model();
        row.url = Set(url);
        row.events = Set(json!(events));
        if let Some(secret) = self.secret {
            row.secret = Set(secret);
        }
        if on != was_on {
            row.off_since = Set((!on).then_some(txn.now));
            row.off_because = Set(None);
        }
        row.update(txn.db()).await?;
        txn.audit("update", "webhook", self.id, detail).await
    }
}

/// Forgets a webhook, and what was sent to it.
#[derive(Clone, Copy, Debug)]
pub struct DeleteWebhook {
    pub id: Uuid,
}

impl Command for DeleteWebhook {
    type Output = ();

    async fn run(self, txn: &mut Txn) -> Result<(), StoreError> {
        let url = find(txn, self.id).await?.url;
        webhook::Entity::delete_by_id(self.id).exec(txn.db()).await?;
        txn.audit("delete", "webhook", self.id, json!({ "url": url })).await
    }
}

async fn find(txn: &Txn, id: Uuid) -> Result<webhook::Model, StoreError> {
    webhook::Entity::find_by_id(id).one(txn.db()).await?.ok_or(StoreError::NotFound("webhook"))
}

fn check(url: &str, events: &[String]) -> Result<(), StoreError> {
    within("url", url, URL)?;
    let known = reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !known {
        return Err(StoreError::invalid("url", "Use an address such as https://example.org/hook."));
    }
    if events.is_empty() {
        return Err(StoreError::invalid("events", "Choose at least one event."));
    }
    match events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
        Some(event) => Err(StoreError::invalid("events", format!("There is no event \"{event}\"."))),
        None => Ok(()),
    }
}
