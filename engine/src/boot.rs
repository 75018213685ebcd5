//! Composition: opens what is kept, starts the actors from the bottom up, serves, and ends in the reverse order.

use std::{
    fs,
    sync::{Arc, atomic::AtomicU64},
    thread,
    time::Duration,
};

use actix::{Actor, Addr};
use anyhow::Context;
use arc_swap::ArcSwap;
use tokio::{
    runtime::Handle,
    signal::unix::{SignalKind, signal},
    sync::broadcast,
};

use crate::{
    cache::{
        event,
        keeper::{self, Attend, CacheKeeper, Restore, Warm},
        pages::Pages,
        shelf::{Contents, Owner, Shelf, ShelfError},
        state::Limits,
    },
    config::{CachePlace, Config},
    content::{
        command::{Who, people::CreateUser, setup::Begin},
        database::Database,
        library,
        outbox::Span,
        search,
        store::{self, Apply, CatchUp, ContentStore},
        time::Time,
    },
    http::{
        api::Shared,
        auth::{password, secret},
        desk::Desk,
        dev::{self, Dev},
        server,
        tally::Tally,
        variants::Variants,
    },
    import::importer::Importer,
    model::user::Role,
    outbound::Outbound,
    render::{
        answers::Answers,
        inner::{Inner, Outlet},
        offstage::Offstage,
        quarantine::Quarantine,
        renderer::{Renderer, Workshop},
        stage::Stage,
    },
    schedule::{self, Scheduler, deliver::Deliveries, ping::Pings},
    theme::{Theme, collection::Collection},
};

/// Pages kept for what was not found.
const NOT_FOUND: usize = 10_000;

/// How long the end of the process waits for pages that are still being written to disk.
const SETTLE: Duration = Duration::from_secs(5);

/// Opens the database of this configuration and brings it up to date.
pub async fn open(config: &Config, readers: u32) -> anyhow::Result<Database> {
    fs::create_dir_all(&config.data_dir).with_context(|| {
        format!("the data folder {} cannot be made; set PERENNIAL_DATA_DIR to one that can", config.data_dir.display())
    })?;
    Ok(Database::open(&config.database_url, readers).await?)
}

/// Every theme that a site of this configuration could have.
pub fn themes(config: &Config) -> Collection {
    Collection::new(&config.themes_dir, &config.data_dir)
}

/// The theme that readers see: the one that was activated in the admin, or the configured one as long as none was.
pub async fn theme(config: &Config, database: &Database) -> anyhow::Result<Theme> {
    let chosen = library::chosen_theme(&database.readers).await?;
    let Some(active) = &chosen.active else { return Ok(themes(config).open(&config.theme)?) };
    themes(config).open(active).with_context(|| {
        format!("the theme {active} was activated in the admin and cannot be used; put its folder back")
    })
}

/// What the site begins with.
struct Staged {
    stage: Arc<Stage>,
    offstage: Offstage,
}

/// Whoever makes a theme names it in the configuration, whatever was activated.
async fn staged(config: &Config, database: &Database, making: bool) -> anyhow::Result<Staged> {
    let theme = if making { themes(config).open(&config.theme)? } else { theme(config, database).await? };
    let stage = Arc::new(Stage::build(theme)?);
    let offstage = Offstage::default();
    // Pages of the theme before may be open somewhere.
    if let Some(previous) = library::chosen_theme(&database.readers).await?.previous {
        match themes(config).open(&previous).and_then(Stage::build) {
            Ok(stage) => offstage.take(Arc::new(stage)),
            Err(error) => tracing::info!(%error, "the theme before this one is gone"),
        }
    }
    Ok(Staged { stage, offstage })
}

/// Serves until the process is told to end. `making`: somebody is making the theme, so each request makes its page.
pub async fn serve(config: Config, making: bool) -> anyhow::Result<()> {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let threads = cores.max(2);
    let database = open(&config, u32::try_from(threads).unwrap_or(2) + 4).await?;
    let indexed = search::complete(&database).await?;
    if indexed > 0 {
        tracing::info!("{indexed} posts were put into the search index");
    }
    let site = database.site().await?;
    let Staged { stage, offstage } = staged(&config, &database, making).await?;
    let permalinks = Arc::new(ArcSwap::from_pointee(stage.theme.permalinks.clone()));

    let opened = Quarantine::open(&config.data_dir, stage.fingerprint_of_all(), site.revision);
    let quarantine = opened.with_context(|| {
        format!("{} cannot be written to; set PERENNIAL_DATA_DIR to a folder that can", config.data_dir.display())
    })?;
    let workshop = workshop(&config, &database)?;
    let workshop = Arc::new(Workshop { quarantine: Arc::new(quarantine), ..workshop });
    let renderer = Renderer::start(threads, workshop.clone());

    let (place, own_stage, site_url) = (config.cache.clone(), stage.clone(), config.site_url.clone());
    let (span, disk) = (Span::of(&database.readers, site.revision).await?, config.cache_disk);
    let opening = move || open_shelf(&place, disk, Owner { site: site.site_uuid, url: &site_url }, &own_stage, span);
    let (shelf, contents) = tokio::task::spawn_blocking(opening).await??;
    // Changes since the oldest of it was known to be good are announced again.
    let revisions = contents.pages.iter().map(|(_, page)| page.facts.revision);
    let announced = revisions.chain(contents.inner.iter().map(|kept| kept.revision)).min().unwrap_or(site.revision);
    if let Some(shelf) = shelf.clone() {
        workshop.inner.restore(contents.inner, announced, Outlet(Box::new(move |keeping| shelf.keep(keeping))));
    }

    let (events, _) = broadcast::channel(event::BACKLOG);
    let pages = Arc::new(Pages::new(stage));
    let limits =
        Limits { bytes: config.cache_memory, renders: threads * 2, not_found: NOT_FOUND, shelf: shelf.is_some() };
    let (own_pages, own_events, own_workshop) = (pages.clone(), events.clone(), workshop.clone());
    let keeper =
        CacheKeeper::new(limits, announced, own_pages, renderer.clone(), shelf.clone(), own_events, own_workshop)
            .start();
    // Before the store announces anything.
    keeper.send(Restore(contents.pages)).await?;
    let store = ContentStore::new(database.clone(), permalinks.clone(), keeper.clone().recipient(), announced).start();
    let scheduler = Scheduler::new(
        keeper.clone().recipient(),
        store.clone().recipient(),
        store.clone().recipient(),
        keeper.clone().recipient(),
        store.clone().recipient(),
        events.clone(),
    )
    .start();
    keeper.send(Attend(scheduler.clone().recipient())).await?;
    let pings = Pings {
        readers: database.readers.clone(),
        permalinks: permalinks.clone(),
        keeper: keeper.clone(),
        outbound: workshop.outbound.clone(),
        site_url: workshop.site_url.clone(),
    };
    actix_rt::spawn(pings.run(events.subscribe()));
    let deliveries = Deliveries {
        readers: database.readers.clone(),
        store: store.clone(),
        keeper: keeper.clone(),
        outbound: workshop.outbound.clone(),
    };
    actix_rt::spawn(deliveries.run());
    store.send(CatchUp).await?;

    let setup_token = first_start(&config, &database, &store).await?;
    let (variants, sizes) = (Variants::new(&config.media), pages.clone());
    let room = config.data_dir.join(".import");
    let importer = Importer::new(database.readers.clone(), store.clone(), permalinks.clone(), &config.media, room);
    let desk = Desk {
        runtime: Handle::current(),
        readers: database.readers.clone(),
        store: store.clone(),
        keeper: keeper.clone(),
        renderer,
        pages,
        shelf: shelf.clone(),
        permalinks,
        offstage: Arc::new(offstage),
        events,
        tally: Tally::start(store.clone()),
        site_url: config.site_url.as_str().into(),
        media: config.media.clone(),
        variants: variants.clone(),
        importer,
        themes: themes(&config),
        settings: config.shown.as_slice().into(),
        started_at: Time::now(),
        setup_token: setup_token.as_str().into(),
    };
    let dev = making.then(Dev::new);
    let _watcher = match &dev {
        Some(dev) => Some(watch(dev, &desk)?),
        None => None,
    };
    let stored = config.cache != CachePlace::Off && !making;
    let shared = Shared::new(&desk, config.trusted_proxies);
    let started = server::start(config.listen, cores, desk, shared.clone(), stored, dev).with_context(|| {
        format!(
            "{} cannot be listened on; is another server there? Set PERENNIAL_LISTEN to another address",
            config.listen
        )
    });
    let (server, address) = match started {
        Ok(started) => started,
        Err(error) => {
            drain(scheduler, store, keeper, shelf).await;
            return Err(error);
        }
    };
    let handle = server.handle();
    let served = actix_rt::spawn(server);
    tracing::info!("{} is served at {address}", config.site_url);
    if stored {
        keeper.do_send(Warm);
    }
    let readers = database.readers.clone();
    actix_rt::spawn(async move { variants.complete(&readers, &sizes).await });

    told_to_end().await?;
    tracing::info!("ending: connections have a few seconds to finish");
    shared.close();
    handle.stop(true).await;
    let _ = served.await;
    drain(scheduler, store, keeper, shelf).await;
    workshop.quarantine.close();
    Ok(())
}

/// What renderers of this configuration share. Runs inside the runtime that owns the database's connections.
pub fn workshop(config: &Config, database: &Database) -> anyhow::Result<Workshop> {
    Ok(Workshop {
        site_url: config.site_url.as_str().into(),
        readers: database.readers.clone(),
        runtime: Handle::current(),
        answers: Arc::new(Answers::default()),
        inner: Arc::new(Inner::default()),
        outbound: Outbound::new(config.fetch_allow.clone())?,
        quarantine: Arc::new(Quarantine::default()),
        // Beyond those of every earlier run: pages of theirs are still on the shelf.
        renders: AtomicU64::new(u64::try_from(keeper::now()).unwrap_or(0) * 1_000),
    })
}

/// The shelf, with what of it every change since is known of, and those inner entries that this theme would make as they are. Blocks.
fn open_shelf(
    place: &CachePlace,
    disk: u64,
    owner: Owner<'_>,
    stage: &Stage,
    span: Span,
) -> Result<(Option<Shelf>, Contents), ShelfError> {
    let current = |revision| span.follows(revision);
    let (shelf, mut contents) = match place {
        CachePlace::Folder(folder) => Shelf::in_folder(folder, &owner, disk, current)?,
        CachePlace::Redis(url) => Shelf::in_redis(url, &owner, current)?,
        CachePlace::Memory | CachePlace::Off => return Ok((None, Contents::default())),
    };
    contents.inner.retain(|kept| span.follows(kept.revision) && kept.agrees(stage.fingerprint_of_all()));
    Ok((Some(shelf), contents))
}

/// Begins to watch the files of the theme that is served.
fn watch(dev: &Arc<Dev>, desk: &Desk) -> anyhow::Result<impl Drop + use<>> {
    let theme = desk.pages.stage().theme.id.clone();
    let folder = dev::folder(&desk.themes, &theme).map_err(anyhow::Error::msg)?;
    tracing::info!("changes of {} are shown as they are saved", folder.display());
    Ok(dev.watch(desk.themes.clone(), theme, &folder, desk.keeper.clone())?)
}

/// As long as nobody can sign in, whoever reads the log may set up the owner: the word in the link proves it. A
/// configuration that names the owner makes that unnecessary.
async fn first_start(config: &Config, database: &Database, store: &Addr<ContentStore>) -> anyhow::Result<String> {
    if library::anybody(&database.readers).await? {
        return Ok(String::new());
    }
    store.send(Apply { command: Begin, actor: Who::System }).await??;
    let Some((email, password)) = config.owner.clone() else {
        let token = secret::random();
        tracing::info!("set up the owner at {}/admin/setup?token={token}", config.site_url);
        return Ok(token);
    };
    let name = email.split('@').next().unwrap_or_default().to_owned();
    let hashed = tokio::task::spawn_blocking(move || password::hash(&password)).await?;
    let password_hash = hashed.context("PERENNIAL_OWNER_PASSWORD is not usable")?;
    let command = CreateUser { email, name, role: Role::Owner, password_hash };
    store.send(Apply { command, actor: Who::CommandLine }).await?.context("PERENNIAL_OWNER_EMAIL is not usable")?;
    Ok(String::new())
}

/// Ends the actors from the top down, and waits for what they still write.
async fn drain(scheduler: Addr<Scheduler>, store: Addr<ContentStore>, keeper: Addr<CacheKeeper>, shelf: Option<Shelf>) {
    let _ = scheduler.send(schedule::Drain).await;
    let _ = store.send(store::Drain).await;
    let _ = keeper.send(keeper::Drain).await;
    if let Some(shelf) = shelf {
        let _ = tokio::task::spawn_blocking(move || shelf.settle(SETTLE)).await;
    }
}

async fn told_to_end() -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
