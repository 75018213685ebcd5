//! Delivers messages to webhooks, signed, once the pages that they tell of are fresh. Each webhook gets its messages one after the
//! other; a slow one makes no other wait.

use std::{
    collections::{BTreeMap, HashSet},
    time::{Duration, Instant},
};

use actix::Addr;
use data_encoding::BASE64;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use rand::RngCore;
use sea_orm::DatabaseConnection;
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    cache::keeper::{CacheKeeper, Settle},
    content::{
        command::{
            Who,
            webhook::{Outcome, RecordDelivery},
        },
        library::{self, DueDelivery},
        store::{Apply, ContentStore},
        time::Time,
    },
    outbound::Outbound,
};

/// How often it looks for messages.
const PAUSE: Duration = Duration::from_secs(1);
/// How long pages that are still being made are waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages that are taken up at once.
const MOST: u64 = 100;

/// How a secret begins, as the Standard Webhooks specification has it.
const PREFIX: &str = "whsec_";

/// Where messages come from and how they leave.
#[derive(Debug)]
pub struct Deliveries {
    pub readers: DatabaseConnection,
    pub store: Addr<ContentStore>,
    pub keeper: Addr<CacheKeeper>,
    pub outbound: Outbound,
}

/// A secret for a new webhook: 192 random bits.
pub fn secret() -> String {
    let mut bytes = [0; 24];
    rand::rng().fill_bytes(&mut bytes);
    format!("{PREFIX}{}", BASE64.encode(&bytes))
}

/// What proves a message to be ours (Standard Webhooks 1.0): `v1,` and the HMAC-SHA-256 of id, time and body in base 64.
/// `seconds` since the epoch.
pub fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> String {
    let key = BASE64.decode(secret.trim_start_matches(PREFIX).as_bytes()).unwrap_or_default();
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    let digest = mac.chain_update(format!("{id}.{seconds}.{body}")).finalize().into_bytes();
    format!("v1,{}", BASE64.encode(&digest))
}

impl Deliveries {
    /// Delivers until the store is gone.
    pub async fn run(self) {
        while self.store.connected() {
            let due = library::due_deliveries(&self.readers, Time::now().0, MOST).await;
            let mut by_hook: BTreeMap<Uuid, Vec<DueDelivery>> = BTreeMap::new();
            for due in due.unwrap_or_default() {
                by_hook.entry(due.webhook.id).or_default().push(due);
            }
            if by_hook.is_empty() {
                tokio::time::sleep(PAUSE).await;
            }
            join_all(by_hook.into_values().map(|due| self.deliver(due))).await;
        }
    }

    /// One after the other; whatever fails, the next has its own chance.
    async fn deliver(&self, due: Vec<DueDelivery>) {
        let mut settled = HashSet::new();
        for DueDelivery { delivery, webhook } in due {
            if let Some(revision) = delivery.revision.filter(|revision| settled.insert(*revision)) {
                let _ = self.keeper.send(Settle { revision, patience: PATIENCE }).await; // Then it is told all the same.
            }
            let (id, seconds) = (delivery.id.to_string(), Time::now().0 / 1000);
            let signature = signature(&webhook.secret, &id, seconds, &delivery.body);
            let headers = [
                ("content-type", "application/json".to_owned()),
                ("webhook-id", id),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", signature),
            ];
            let begun = Instant::now();
            let sent = self.outbound.post(&webhook.url, &headers, delivery.body).await;
            let took_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
            let (status, answer) = match sent {
                Ok(response) => (Some(response.status), String::from_utf8_lossy(&response.body).into_owned()),
                Err(error) => (None, format!("{error}.")),
            };
            tracing::info!(target: "webhook", url = webhook.url, event = delivery.event, status, took_ms, "a message was sent");
            let command = RecordDelivery { id: delivery.id, outcome: Outcome { status, answer, took_ms } };
            match self.store.send(Apply { command, actor: Who::System }).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "what became of a message to a webhook could not be written down");
                    return tokio::time::sleep(PAUSE).await;
                }
                // The process ends. What was not written down is sent again after the start, under the same id.
                Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that the libraries of the specification are tested with.
    #[test]
    fn a_signature_is_that_of_the_standard() {
        let signed = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
