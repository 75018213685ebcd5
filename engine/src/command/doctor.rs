//! `perennial doctor`: shows every setting with its origin, and tries what the server needs. Changes nothing.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
    path::Path,
};

use anyhow::{Context, bail, ensure};

use crate::{
    boot,
    cache::shelf::Shelf,
    config::{CachePlace, Config, Said},
    content::database,
    disk,
    render::stage::Stage,
    theme::Theme,
};

/// What was found, or what has to be mended.
type Found = anyhow::Result<String>;

pub async fn run(said: &Said) -> anyhow::Result<()> {
    for (name, value, origin) in said.lines() {
        println!("{name:<16} {value:<40} {origin}");
    }
    println!();
    let config = Config::of(said)?;
    let mut checks = vec![
        ("database", database(&config.database_url).await),
        ("theme", theme(&config).await),
        ("address", address(config.listen)),
        ("data folder", writable(&config.data_dir)),
        ("media folder", writable(&config.media)),
    ];
    match &config.cache {
        CachePlace::Folder(folder) => checks.push(("cache folder", writable(folder))),
        CachePlace::Redis(url) => checks.push(("cache", redis(url))),
        CachePlace::Memory | CachePlace::Off => {}
    }
    for (what, found) in &checks {
        match found {
            Ok(found) => println!("ok    {what:<13} {found}"),
            Err(error) => println!("wrong {what:<13} {error:#}"),
        }
    }
    let wrong = checks.iter().filter(|(_, found)| found.is_err()).count();
    ensure!(wrong == 0, "{wrong} of {} checks went wrong; the lines above say which", checks.len());
    Ok(())
}

fn redis(url: &str) -> Found {
    Shelf::try_redis(url)?;
    Ok("Redis answers".into())
}

async fn database(url: &str) -> Found {
    let Some(looked) = database::look(url).await? else { return Ok("made at the first start".into()) };
    let (taken, known) = looked.steps;
    ensure!(taken <= known, "it was used by a newer version of Perennial; install that version again");
    let schema = if taken == known { "up to date" } else { "older; the next start brings it up to date" };
    Ok(format!("revision {}, schema {schema}", looked.revision))
}

/// What was activated in the admin wins over what is configured, which is the theme of a new site.
async fn theme(config: &Config) -> Found {
    let chosen = database::look(&config.database_url).await?.and_then(|looked| looked.theme);
    let (id, origin) = match &chosen {
        Some(active) if *active == config.theme => (active, "as configured"),
        Some(active) => (active, "activated in the admin, which wins over PERENNIAL_THEME"),
        None => (&config.theme, "as configured, until another is activated in the admin"),
    };
    let stage = Stage::build(boot::themes(config).open(id)?)?;
    let Theme { id, version, routes, .. } = &stage.theme;
    Ok(format!("{id} {version}, {} routes, {origin}", routes.iter().count()))
}

fn address(listen: SocketAddr) -> Found {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(format!("{listen} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Ok(format!("{listen} is in use; \"perennial healthcheck\" says whether by this site"))
        }
        Err(error) => bail!("{listen} cannot be listened on: {error}"),
    }
}

/// Whether files can be made in a folder, or in what it would be made in.
fn writable(folder: &Path) -> Found {
    let room = disk::room(folder).with_context(|| format!("nothing can be written in {}", folder.display()))?;
    let state = if room.exists { "can be written" } else { "is made when it is needed" };
    Ok(format!("{} {state}, {} GiB free", folder.display(), room.free >> 30))
}
