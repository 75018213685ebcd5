//! Events: of what the audit log tells people, what webhooks tell programs.

use serde_json::{Value, json};

use crate::content::{change::Revision, command::Who, time::Time};

/// `entity.action`, in the audit log's words.
pub const EVENTS: [&str; 20] = [
    "post.create",
    "post.publish",
    "post.unpublish",
    "post.schedule",
    "post.trash",
    "post.restore",
    "tag.create",
    "tag.update",
    "tag.merge",
    "tag.delete",
    "author.create",
    "author.update",
    "author.delete",
    "media.add",
    "media.replace",
    "media.delete",
    "menu.put",
    "settings.update",
    "theme.activate",
    "theme.update",
];

/// Something that was done, as the audit log has it.
#[derive(Clone, Debug)]
pub(in crate::content::command) struct Deed {
    pub action: String,
    pub entity: String,
    pub id: String,
    pub detail: Value,
}

/// What a webhook is told.
#[derive(Clone, Debug)]
pub(in crate::content::command) struct Event {
    pub name: String,
    /// JSON in the form of the Standard Webhooks specification: `type`, `timestamp`, `data`.
    pub body: String,
}

impl Event {
    /// `None`: nobody is told of that.
    pub fn of(deed: &Deed, actor: Who, revision: Option<Revision>, now: i64) -> Option<Self> {
        let name = format!("{}.{}", deed.entity, deed.action);
        if !EVENTS.contains(&name.as_str()) {
            return None;
        }
        let mut data = json!({ "id": deed.id, "actor": actor.to_string() });
        if let (Some(data), Value::Object(detail)) = (data.as_object_mut(), &deed.detail) {
            data.extend(detail.iter().map(|(name, value)| (name.clone(), value.clone())));
            data.extend(revision.map(|revision| ("revision".to_owned(), json!(revision))));
        }
        let body = json!({ "type": name, "timestamp": Time(now), "data": data }).to_string();
        Some(Self { name, body })
    }

    /// For trying a webhook out.
    pub fn ping(now: i64) -> Self {
        let body = json!({ "type": "ping", "timestamp": Time(now), "data": {} }).to_string();
        Self { name: "ping".into(), body }
    }
}
