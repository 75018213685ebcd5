//! The state of the server: what it runs with, whether its parts are well, and what it complained of.

use std::{path::Path, thread, time::UNIX_EPOCH};

use actix_web::{
    get,
    web::{self, Data, Json},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::engine::{inspect, look};
use crate::{
    cache::shelf::Shelf,
    config::Setting,
    content::{library::LibraryError, time::Time},
    disk::{self, Room},
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        problem::{ApiError, Outcome},
    },
    model::{
        post::{self, Status},
        second_factor, site,
        user::{self, Role},
        webhook,
    },
    telemetry,
};

/// A disk with less than this is as good as full, in bytes.
const LITTLE: u64 = 1 << 30;

#[derive(Debug, Serialize, ToSchema)]
struct System {
    version: &'static str,
    started_at: Time,
    now: Time,
    /// Processors that it may use.
    cores: usize,
    checks: Vec<Check>,
    settings: Vec<Setting>,
    /// The latest warnings and errors of the log, the newest first.
    complaints: Vec<Complaint>,
}

/// One part, and what is to be done if it is not well.
#[derive(Debug, Serialize, ToSchema)]
struct Check {
    part: &'static str,
    state: Health,
    found: String,
    mend: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Health {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize, ToSchema)]
struct Complaint {
    at: Time,
    is_error: bool,
    text: String,
}

/// What the database knows of the site's state.
struct Counts {
    kind: &'static str,
    bytes: i64,
    revision: i64,
    scheduled: u64,
    owners: u64,
    guarded: u64,
    hooks_off: u64,
}

#[utoipa::path(tag = "system", responses((status = 200, body = System)))]
#[get("/system")]
pub async fn get_system(desk: Data<Desk>, caller: Caller) -> Outcome<Json<System>> {
    caller.may(Can::EditSettings)?;
    let counts = look(&desk, |db| async move { counts(&db).await }).await;
    let cache = inspect(&desk, |state, now| state.summary(now)).await;
    let folders = desk.clone();
    let mut checks = web::block(move || disks(&folders)).await.map_err(ApiError::internal)?;
    match counts {
        Ok(counts) => checks.splice(0..0, of_counts(&counts)).for_each(drop),
        Err(error) => checks.insert(0, fail("database", error.to_string(), "Look whether it runs and can be reached.")),
    }
    checks.push(match cache {
        Ok(cache) if cache.failed > 0 => warn(
            "page cache",
            format!("{} pages, {} of which cannot be made anew", cache.pages, cache.failed),
            "The Cache screen lists them under \"failed\", with the reason.",
        ),
        Ok(cache) => ok("page cache", format!("{} pages, {} waiting to be made", cache.pages, cache.queued)),
        Err(error) => fail("page cache", error.to_string(), "Start the server again."),
    });
    match desk.shelf.as_ref().map(Shelf::health) {
        None => checks.push(ok("cache storage", "Pages are kept in memory only.".into())),
        Some("ok") => checks.push(ok("cache storage", "Pages survive a restart.".into())),
        Some(wrong) => checks.push(warn(
            "cache storage",
            format!("It {wrong}; pages are served from memory meanwhile."),
            "Look at PERENNIAL_CACHE_URL: whether it can be reached and written, and has room.",
        )),
    }
    checks.push(address(&desk.site_url));
    let complaints = telemetry::complaints().into_iter().map(|complaint| Complaint {
        at: Time(
            complaint.at.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0)),
        ),
        is_error: complaint.is_error,
        text: complaint.text,
    });
    Ok(Json(System {
        version: env!("CARGO_PKG_VERSION"),
        started_at: desk.started_at,
        now: Time::now(),
        cores: thread::available_parallelism().map_or(1, usize::from),
        checks,
        settings: desk.settings.to_vec(),
        complaints: complaints.collect(),
    }))
}

async fn counts(db: &DatabaseConnection) -> Result<Counts, LibraryError> {
    let (kind, size) = match db.get_database_backend() {
        DbBackend::Postgres => ("PostgreSQL", "SELECT pg_database_size(current_database())"),
        _ => ("SQLite", "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
    };
    let row = db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), size)).await?;
    let guarded = second_factor::Entity::find().filter(second_factor::Column::Since.is_not_null());
    let owners = user::Entity::find().filter(user::Column::Role.eq(Role::Owner));
    let owners: Vec<_> = owners.all(db).await?.into_iter().map(|owner| owner.id).collect();
    Ok(Counts {
        kind,
        bytes: row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default(),
        revision: site::Entity::find_by_id(site::ID).one(db).await?.map_or(0, |site| site.revision),
        scheduled: post::Entity::find().filter(post::Column::Status.eq(Status::Scheduled)).count(db).await?,
        owners: owners.len() as u64,
        guarded: guarded.filter(second_factor::Column::UserId.is_in(owners)).count(db).await?,
        hooks_off: webhook::Entity::find().filter(webhook::Column::OffBecause.is_not_null()).count(db).await?,
    })
}

fn of_counts(counts: &Counts) -> Vec<Check> {
    let size = counts.bytes / (1 << 20);
    let mut checks = vec![ok("database", format!("{}, {size} MiB, revision {}", counts.kind, counts.revision))];
    checks.push(ok(
        "schedule",
        match counts.scheduled {
            0 => "Nothing is scheduled.".into(),
            1 => "One post is scheduled.".into(),
            many => format!("{many} posts are scheduled."),
        },
    ));
    checks.push(match counts.owners - counts.guarded.min(counts.owners) {
        0 => ok("owners", format!("{}, each with a second factor", counts.owners)),
        bare => warn(
            "owners",
            format!("{bare} of {} can be signed in as with a password alone.", counts.owners),
            "Owners turn on a second factor under Your account.",
        ),
    });
    if counts.hooks_off > 0 {
        checks.push(warn(
            "webhooks",
            format!("{} were turned off because messages failed.", counts.hooks_off),
            "The Webhooks screen says why, and turns them on again.",
        ));
    }
    checks
}

/// Whether the folders that must be kept can be written, and have room. Blocks.
fn disks(desk: &Desk) -> Vec<Check> {
    let data = desk.settings.iter().find(|setting| setting.name == "data_dir").map(|setting| setting.value.clone());
    let data = data.unwrap_or_default();
    [("data folder", Path::new(&data)), ("media folder", desk.media.as_path())]
        .into_iter()
        .map(|(part, folder)| match disk::room(folder) {
            Ok(Room { free, .. }) if free < LITTLE => warn(
                part,
                format!("{} has {} MiB left.", folder.display(), free >> 20),
                "Make room on the disk, or move it to a larger one.",
            ),
            Ok(Room { free, .. }) => ok(part, format!("{}, {} GiB free", folder.display(), free >> 30)),
            Err(error) => fail(
                part,
                format!("{} cannot be written: {error}", folder.display()),
                "Let the server's user write there.",
            ),
        })
        .collect()
}

fn address(site_url: &str) -> Check {
    let host = site_url.split_once("://").map_or("", |(_, rest)| rest);
    let own = ["localhost", "127.", "[::1]"].iter().any(|own| host.starts_with(own));
    match site_url.starts_with("https://") || own {
        true => ok("address", site_url.to_owned()),
        false => warn(
            "address",
            format!("{site_url} is not encrypted: passwords can be read on the way."),
            "Put a proxy with a certificate in front, and set PERENNIAL_SITE_URL to its https address.",
        ),
    }
}

fn ok(part: &'static str, found: String) -> Check {
    Check { part, state: Health::Ok, found, mend: None }
}

fn warn(part: &'static str, found: String, mend: &'static str) -> Check {
    Check { part, state: Health::Warn, found, mend: Some(mend) }
}

fn fail(part: &'static str, found: String, mend: &'static str) -> Check {
    Check { part, state: Health::Fail, found, mend: Some(mend) }
}
