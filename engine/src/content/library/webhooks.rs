//! Webhooks, and what became of the messages to them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{LibraryError, ListQuery, PageOf, page};
use crate::{
    content::time::Time,
    model::{delivery, webhook},
};

/// A webhook without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookDoc {
    pub id: Uuid,
    pub url: String,
    pub events: Vec<String>,
    pub created_at: Time,
    /// Since then it is told nothing.
    pub off_since: Option<Time>,
    /// Why it was turned off, unless somebody did that.
    pub off_because: Option<String>,
    /// What became of the latest message.
    pub latest: Option<DeliveryDoc>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveryDoc {
    pub id: Uuid,
    pub event: String,
    /// What is sent, JSON.
    pub body: String,
    pub state: DeliveryState,
    pub created_at: Time,
    pub attempts: i32,
    /// When it is tried next.
    pub next_at: Option<Time>,
    /// When it was tried last.
    pub last_at: Option<Time>,
    /// Of the last answer.
    pub status: Option<i32>,
    pub took_ms: Option<i32>,
    /// The beginning of the last answer, or why there was none.
    pub answer: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not tried yet, or to be tried again.
    Waiting,
    Delivered,
    Failed,
}

/// A message that is to be sent now.
#[derive(Clone, Debug)]
pub struct DueDelivery {
    pub delivery: delivery::Model,
    pub webhook: webhook::Model,
}

/// By when they were made.
pub async fn webhooks<C: ConnectionTrait>(db: &C) -> Result<Vec<WebhookDoc>, LibraryError> {
    let mut docs = Vec::new();
    for row in webhook::Entity::find().order_by_asc(webhook::Column::Id).all(db).await? {
        docs.push(webhook_doc(db, row).await?);
    }
    Ok(docs)
}

pub async fn webhook<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Option<WebhookDoc>, LibraryError> {
    match webhook::Entity::find_by_id(id).one(db).await? {
        Some(row) => webhook_doc(db, row).await.map(Some),
        None => Ok(None),
    }
}

/// The latest first.
pub async fn deliveries<C: ConnectionTrait>(
    db: &C,
    webhook: Uuid,
    query: &ListQuery,
) -> Result<PageOf<DeliveryDoc>, LibraryError> {
    let mut all = delivery::Entity::find().filter(delivery::Column::WebhookId.eq(webhook));
    let total = all.clone().count(db).await?;
    if let Some(cursor) = &query.cursor {
        let id: Uuid = cursor.parse().map_err(|_| LibraryError::BadCursor)?;
        all = all.filter(delivery::Column::Id.lt(id));
    }
    let rows = all.order_by_desc(delivery::Column::Id).limit(query.limit() + 1).all(db).await?;
    Ok(page(rows, query.limit(), total, |row| row.id.to_string(), DeliveryDoc::from))
}

/// Messages whose time has come, the oldest first; none for webhooks that are off. `now` in milliseconds since the epoch.
pub async fn due_deliveries<C: ConnectionTrait>(db: &C, now: i64, most: u64) -> Result<Vec<DueDelivery>, LibraryError> {
    let on = webhook::Entity::find().filter(webhook::Column::OffSince.is_null()).all(db).await?;
    let on: HashMap<Uuid, webhook::Model> = on.into_iter().map(|webhook| (webhook.id, webhook)).collect();
    if on.is_empty() {
        return Ok(Vec::new());
    }
    let due = delivery::Entity::find()
        .filter(delivery::Column::NextAt.lte(now))
        .filter(delivery::Column::WebhookId.is_in(on.keys().copied()))
        .order_by_asc(delivery::Column::Id)
        .limit(most);
    let rows = due.all(db).await?.into_iter();
    Ok(rows
        .filter_map(|delivery| Some(DueDelivery { webhook: on.get(&delivery.webhook_id)?.clone(), delivery }))
        .collect())
}

async fn webhook_doc<C: ConnectionTrait>(db: &C, row: webhook::Model) -> Result<WebhookDoc, LibraryError> {
    let sent = delivery::Entity::find().filter(delivery::Column::WebhookId.eq(row.id));
    let latest = sent.order_by_desc(delivery::Column::Id).one(db).await?;
    Ok(WebhookDoc {
        id: row.id,
        url: row.url,
        events: serde_json::from_value(row.events)?,
        created_at: Time(row.created_at),
        off_since: row.off_since.map(Time),
        off_because: row.off_because,
        latest: latest.map(DeliveryDoc::from),
    })
}

impl From<delivery::Model> for DeliveryDoc {
    fn from(row: delivery::Model) -> Self {
        let good = row.status.is_some_and(|status| (200..300).contains(&status));
        Self {
            id: row.id,
            event: row.event,
            body: row.body,
            state: match row.next_at {
                Some(_) => DeliveryState::Waiting,
                None if good => DeliveryState::Delivered,
                None => DeliveryState::Failed,
            },
            created_at: Time(row.created_at),
            attempts: row.attempts,
            next_at: row.next_at.map(Time),
            last_at: row.last_at.map(Time),
            status: row.status,
            took_ms: row.took_ms,
            answer: row.answer,
        }
    }
}
