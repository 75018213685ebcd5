//! `perennial backup`: everything that must be kept, in one file, as it was at one moment. Works beside a running server.

use std::path::Path;

use anyhow::{Context, bail};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};

use crate::{
    archive::{Archive, Temporary, files, originals},
    boot,
    config::Config,
    content::{
        database::{Database, file_of},
        time::Time,
    },
    import::progress::Progress,
    model::site,
};

/// The description of a backup, within it.
pub const ABOUT: &str = "perennial.json";
pub const DATABASE: &str = "perennial.db";
pub const MEDIA: &str = "media/";
/// Those that were uploaded.
pub const THEMES: &str = "themes/";

/// The form of a backup. One of another form is not read.
pub const FORM: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub struct About {
    pub form: u32,
    pub version: String,
    pub revision: i64,
    pub made_at: Time,
}

pub async fn run(file: &Path, config: &Config) -> anyhow::Result<()> {
    if file_of(&config.database_url).is_none() {
        bail!(
            "this saves sites on SQLite; save a PostgreSQL database with pg_dump, and copy the media folder {}",
            config.media.display()
        );
    }
    let mut archive = Archive::create(file)?;
    let copy = Temporary::beside(file, "db");
    let database = boot::open(config, 1).await?;
    let about = copied(&database, &copy.0).await?;
    archive.text(ABOUT, &serde_json::to_string_pretty(&about)?)?;
    archive.copy(DATABASE, &copy.0, true)?;
    // After the database: what it names is never changed, so all of it is there.
    let media = originals(&config.media)?;
    let mut progress = Progress::of("files");
    for (done, (name, path)) in media.iter().enumerate() {
        progress.show(done + 1, media.len());
        archive.copy(&format!("{MEDIA}{name}"), path, false)?;
    }
    for (name, path) in files(boot::themes(config).uploads())? {
        archive.copy(&format!("{THEMES}{name}"), &path, true)?;
    }
    let bytes = archive.finish()?;
    println!(
        "{} holds revision {} and {} files of the media library, {} MiB in all.",
        file.display(),
        about.revision,
        media.len(),
        bytes.div_ceil(1 << 20)
    );
    Ok(())
}

/// A copy of the database as it is at one moment, whoever writes meanwhile.
async fn copied(database: &Database, copy: &Path) -> anyhow::Result<About> {
    let target = copy.to_str().context("the path of the file is no text")?.replace('\'', "''");
    database.writer.execute_unprepared(&format!("VACUUM INTO '{target}'")).await?;
    // Without the settings of our own connections, which would change the file.
    let copy = sea_orm::Database::connect(format!("sqlite://{}?mode=ro", copy.display())).await?;
    let revision = site::Entity::find_by_id(site::ID).one(&copy).await?.map_or(0, |site| site.revision);
    copy.close().await?;
    Ok(About { form: FORM, version: env!("CARGO_PKG_VERSION").into(), revision, made_at: Time::now() })
}
