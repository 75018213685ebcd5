//! `perennial restore`: brings back what a backup holds, where there is no site yet.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use anyhow::{Context, bail, ensure};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use uuid::Uuid;
use zip::ZipArchive;

use super::backup::{ABOUT, About, DATABASE, FORM, MEDIA, THEMES};
use crate::{
    archive::{Limits, unpack},
    boot,
    config::Config,
    content::database::{Database, file_of},
    import::progress::Progress,
    model::site,
};

pub async fn run(file: &Path, config: &Config) -> anyhow::Result<()> {
    let Some(database) = file_of(&config.database_url) else {
        bail!("this brings back sites on SQLite; bring back a PostgreSQL database with pg_restore")
    };
    // What SQLite keeps beside a database would be taken for part of the one that comes back.
    for end in ["", "-wal", "-shm"] {
        let mut there = database.as_os_str().to_owned();
        there.push(end);
        ensure!(
            !Path::new(&there).exists(),
            "{} belongs to a site; end its server and move it away before you restore another one",
            there.display()
        );
    }
    let archive = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let unlike = || format!("{} is no backup that this version of Perennial can read", file.display());
    let mut archive = ZipArchive::new(archive).with_context(unlike)?;
    let about: About = serde_json::from_reader(archive.by_name(ABOUT).with_context(unlike)?).with_context(unlike)?;
    ensure!(about.form == FORM, unlike());

    let part = database.with_extension("restoring");
    if let Some(folder) = database.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let restored = restore(&mut archive, &part, config).await;
    let media = match restored {
        Ok(media) => media,
        Err(error) => {
            let _ = fs::remove_file(&part); // What is left of it is no use.
            return Err(error);
        }
    };
    // Last: where there is a database, all is there.
    fs::rename(&part, database)?;
    println!(
        "Revision {} of {} and {media} files of the media library are back; start the server.",
        about.revision,
        serde_json::to_string(&about.made_at)?.trim_matches('"')
    );
    Ok(())
}

/// How many files of the media library there are.
async fn restore(archive: &mut ZipArchive<File>, part: &Path, config: &Config) -> anyhow::Result<usize> {
    io::copy(&mut archive.by_name(DATABASE)?, &mut File::create(part)?)?;
    check(part).await?;
    unpack(archive, THEMES, boot::themes(config).uploads(), Limits::NONE, |_, _| {})?;
    let mut progress = Progress::of("files");
    unpack(archive, MEDIA, &config.media, Limits::NONE, |done, total| progress.show(done, total))
}

/// Refuses a database that is damaged, and makes another site of it: pages that were stored since the backup are of a
/// future that this one does not have.
async fn check(part: &Path) -> anyhow::Result<()> {
    let database = Database::open(&format!("sqlite://{}", part.display()), 1).await?;
    let backend = database.writer.get_database_backend();
    let row = database.writer.query_one_raw(Statement::from_string(backend, "PRAGMA integrity_check")).await?;
    let found: String = row.context("the database does not answer")?.try_get_by_index(0)?;
    ensure!(found == "ok", "the database in the backup is damaged: {found}");
    site::Entity::update_many().col_expr(site::Column::SiteUuid, Uuid::new_v4().into()).exec(&database.writer).await?;
    database.readers.close().await?;
    // Everything is in the one file.
    database.writer.execute_unprepared("PRAGMA journal_mode = DELETE").await?;
    database.writer.close().await?;
    Ok(())
}
