//! The site's settings, and what has claimed a path.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::{AskError, Tags};
use crate::{
    content::{
        read::Claim,
        rule::{GONE, Rules},
        settings,
        tag::CacheTag,
    },
    model::{
        post::{self, Kind, Status},
        redirect::{self, Matching},
        setting,
    },
};

pub(super) async fn setting<C: ConnectionTrait>(db: &C, key: &str, tags: &mut Tags) -> Result<Option<Value>, AskError> {
    tags.insert(CacheTag::settings());
    if key == settings::ACCENTED {
        let color = stored_setting(db, settings::ACCENT).await?;
        return Ok(Some(Value::from(color != settings::default_of(settings::ACCENT))));
    }
    Ok(stored_setting(db, key).await?)
}

async fn stored_setting<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<Value>, DbErr> {
    let row = setting::Entity::find_by_id(key).one(db).await?;
    Ok(row.map(|row| row.value).or_else(|| settings::default_of(key)))
}

/// A published post wins over a redirect.
pub(super) async fn claim<C: ConnectionTrait>(db: &C, path: &str, tags: &mut Tags) -> Result<Option<Claim>, AskError> {
    tags.insert(CacheTag::path(path));
    let post: Option<(Uuid, Kind)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Kind])
        .filter(post::Column::Path.eq(path))
        .filter(post::Column::TrashedAt.eq(0))
        .filter(post::Column::Status.eq(Status::Published))
        .into_tuple()
        .one(db)
        .await?;
    if let Some((id, kind)) = post {
        tags.insert(CacheTag::post(id));
        return Ok(Some(Claim::Post { id, kind }));
    }
    let row = redirect::Entity::find_by_id(path).one(db).await?.filter(|row| row.matching == Matching::Exact);
    Ok(row.map(|row| match u16::try_from(row.status).unwrap_or(308) {
        GONE => Claim::Gone,
        status => Claim::Redirect { to: row.to_path, status },
    }))
}

/// Redirects for many paths at once.
pub async fn rules<C: ConnectionTrait>(db: &C) -> Result<Rules, DbErr> {
    Ok(Rules::new(redirect::Entity::find().filter(redirect::Column::Matching.ne(Matching::Exact)).all(db).await?))
}
