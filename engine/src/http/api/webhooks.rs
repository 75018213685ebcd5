//! Webhooks: programs that are told what happens.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::engine::{apply, look};
use crate::{
    content::{
        command::webhook::{CreateWebhook, DeleteWebhook, EVENTS, PingWebhook, SendAgain, UpdateWebhook},
        error::StoreError,
        library::{self, DeliveryDoc, ListQuery, PageOf, WebhookDoc},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, Params},
        problem::Outcome,
    },
    schedule::deliver,
};

#[derive(Debug, Serialize, ToSchema)]
struct Webhooks {
    items: Vec<WebhookDoc>,
    /// What a webhook can be told of.
    events: Vec<&'static str>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    /// Where messages are sent, with POST.
    url: String,
    events: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CreatedWebhook {
    id: Uuid,
    /// What signs its messages, as the Standard Webhooks specification has it. Shown this once.
    secret: String,
}

/// What is different about a webhook from now on; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WebhookPatch {
    url: Option<String>,
    events: Option<Vec<String>>,
    /// Whether it is told anything.
    on: Option<bool>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WebhookSecret {
    /// Shown this once; messages are signed with it from now on.
    secret: String,
}

/// By when they were made.
#[utoipa::path(tag = "webhooks", responses((status = 200, body = Webhooks)))]
#[get("/webhooks")]
pub async fn list_webhooks(desk: Data<Desk>, caller: Caller) -> Outcome<Json<Webhooks>> {
    caller.may(Can::ManagePeople)?;
    let items = look(&desk, |db| async move { library::webhooks(&db).await }).await?;
    Ok(Json(Webhooks { items, events: EVENTS.to_vec() }))
}

#[utoipa::path(tag = "webhooks", request_body = NewWebhook, responses((status = 201, body = CreatedWebhook)))]
#[post("/webhooks")]
pub async fn create_webhook(desk: Data<Desk>, caller: Caller, Body(new): Body<NewWebhook>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    let secret = deliver::secret();
    let command = CreateWebhook { url: new.url, events: new.events, secret: secret.clone() };
    let id = apply(&desk, who, command).await?.output;
    Ok(HttpResponse::Created().json(CreatedWebhook { id, secret }))
}

#[utoipa::path(
    tag = "webhooks",
    params(("id" = Uuid, Path)),
    request_body = WebhookPatch,
    responses((status = 200, body = WebhookDoc))
)]
#[patch("/webhooks/{id}")]
pub async fn update_webhook(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Body(WebhookPatch { url, events, on }): Body<WebhookPatch>,
) -> Outcome<Json<WebhookDoc>> {
    let (id, who) = (*id, caller.may(Can::ManagePeople)?);
    apply(&desk, who, UpdateWebhook { id, url, events, secret: None, on }).await?;
    one(&desk, id).await.map(Json)
}

/// Another secret; the one from before signs no more.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path)), responses((status = 200, body = WebhookSecret)))]
#[post("/webhooks/{id}/secret")]
pub async fn renew_webhook_secret(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<Json<WebhookSecret>> {
    let who = caller.may(Can::ManagePeople)?;
    let secret = deliver::secret();
    let command = UpdateWebhook { id: *id, url: None, events: None, secret: Some(secret.clone()), on: None };
    apply(&desk, who, command).await?;
    Ok(Json(WebhookSecret { secret }))
}

#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/webhooks/{id}")]
pub async fn delete_webhook(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    apply(&desk, who, DeleteWebhook { id: *id }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a message that tells of nothing, to try it out.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path)), responses((status = 202)))]
#[post("/webhooks/{id}/ping")]
pub async fn ping_webhook(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    apply(&desk, who, PingWebhook { id: *id }).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// The latest first.
#[utoipa::path(
    tag = "webhooks",
    params(("id" = Uuid, Path), ListQuery),
    responses((status = 200, body = PageOf<DeliveryDoc>))
)]
#[get("/webhooks/{id}/deliveries")]
pub async fn list_deliveries(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<DeliveryDoc>>> {
    caller.may(Can::ManagePeople)?;
    let id = one(&desk, *id).await?.id;
    look(&desk, move |db| async move { library::deliveries(&db, id, &query).await }).await.map(Json)
}

/// Sends a message once more, under the same id.
#[utoipa::path(
    tag = "webhooks",
    params(("id" = Uuid, Path), ("delivery" = Uuid, Path)),
    responses((status = 202))
)]
#[post("/webhooks/{id}/deliveries/{delivery}/replay")]
pub async fn replay_delivery(desk: Data<Desk>, caller: Caller, path: Path<(Uuid, Uuid)>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    let (webhook, delivery) = path.into_inner();
    apply(&desk, who, SendAgain { webhook, delivery }).await?;
    Ok(HttpResponse::Accepted().finish())
}

async fn one(desk: &Desk, id: Uuid) -> Outcome<WebhookDoc> {
    let found = look(desk, move |db| async move { library::webhook(&db, id).await }).await?;
    Ok(found.ok_or(StoreError::NotFound("webhook"))?)
}
