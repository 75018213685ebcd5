//! A tour of the difficult site: some pages of every route, made as a site would make them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use tokio::runtime::Handle;

use crate::{
    content::{ask::ask, database::Database, snapshot::Snapshot},
    outbound::{Allowed, Outbound},
    render::{
        RenderError,
        key::PageKey,
        paths,
        renderer::{Render, Workshop},
        stage::Stage,
    },
};

use super::{
    finding::{Finding, Level, Report},
    fixture::{self, Scene},
    markup::{self, Seen},
};

/// Pages of one route that are looked at in one scene: the newest, which are the difficult ones. Another language changes
/// what is around the texts, which is the same on all.
fn pages(scene: Scene) -> usize {
    if matches!(scene, Scene::RightToLeft) { 1 } else { 9 }
}

/// Every site is reached under an address; this one is nobody's.
pub const URL: &str = "https://theme.example";

pub async fn look(stage: &Arc<Stage>, report: &mut Report) {
    if let Err(problem) = scenes(stage, report).await {
        let problem = format!("The site to try the theme on could not be made: {problem}.");
        report.add(Finding::new(Level::Error, "fixture", "theme.toml", 1, problem, "Try again; the log says more."));
    }
}

async fn scenes(stage: &Arc<Stage>, report: &mut Report) -> anyhow::Result<()> {
    let db = Database::in_memory().await?;
    let permalinks = Arc::new(stage.theme.permalinks.clone());
    for scene in Scene::ALL {
        fixture::play(scene, &db, &permalinks, stage.theme.menus.keys().cloned().collect()).await?;
        let (workshop, stage, mut before) = (workshop(&db)?, stage.clone(), std::mem::take(report));
        *report = tokio::task::spawn_blocking(move || visit(scene, &workshop, &stage, &mut before).map(|()| before))
            .await??;
    }
    Ok(db.writer.close().await?)
}

fn workshop(db: &Database) -> anyhow::Result<Workshop> {
    Ok(Workshop {
        site_url: URL.into(),
        readers: db.readers.clone(),
        runtime: Handle::current(),
        answers: Arc::default(),
        inner: Arc::default(),
        outbound: Outbound::new(Allowed::default())?,
        quarantine: Arc::default(),
        renders: Default::default(),
    })
}

/// Goes through known pages, and from there through links to routes whose pages are not known.
fn visit(scene: Scene, workshop: &Workshop, stage: &Arc<Stage>, report: &mut Report) -> anyhow::Result<()> {
    let snapshot = workshop.runtime.block_on(Snapshot::begin(&workshop.readers))?;
    let mut open: VecDeque<_> =
        paths::known(stage, |read| Ok(workshop.runtime.block_on(ask(&snapshot.txn, &read))?.answer))?.into();
    drop(snapshot);
    open.push_back("/nothing/is/here/".into());
    let (mut seen, mut counts) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    while let Some(path) = open.pop_front() {
        let Some((route, _)) = stage.theme.routes.matching(&path).next() else {
            if path == "/nothing/is/here/" {
                page(scene, workshop, stage, &path, report);
            }
            continue;
        };
        let count = counts.entry(route.name.clone()).or_default();
        if *count == pages(scene) || !seen.insert(path.clone()) {
            continue;
        }
        *count += 1;
        open.extend(page(scene, workshop, stage, &path, report));
    }
    Ok(())
}

/// Makes one page and looks at it: the paths that it links to.
fn page(scene: Scene, workshop: &Workshop, stage: &Arc<Stage>, path: &str, report: &mut Report) -> Vec<String> {
    let rendered = match workshop.render(&Render::new(stage.clone(), PageKey::of_path(path))) {
        Ok(rendered) => rendered,
        Err(error) => {
            report.add(failure(stage, path, scene, &error));
            return Vec::new();
        }
    };
    let route = stage.theme.routes.named(&rendered.route);
    let template = route.map_or("404.html", |route| route.template.as_str());
    let seen = Seen {
        path,
        scene,
        template,
        reached: stage.theme.reached(template),
        sources: &stage.theme.templates,
        content_type: &rendered.content_type,
        text: &String::from_utf8_lossy(&rendered.body.identity),
    };
    markup::look(&seen, &stage.theme, report)
}

fn failure(stage: &Stage, path: &str, scene: Scene, error: &RenderError) -> Finding {
    let of_route = || {
        let route = stage.theme.routes.matching(path).next();
        route.map_or("404.html".to_owned(), |(route, _)| route.template.clone())
    };
    let (file, line, problem) = match error {
        RenderError::Template { file, line, problem, .. } => (file.clone(), *line, problem.clone()),
        RenderError::Late { file, line } => (file.clone(), *line, "it takes too long".into()),
        other => (of_route(), 1, other.to_string()),
    };
    // Another server may be down, or not be there for whoever checks.
    let level = if problem.contains("fetch") { Level::Warning } else { Level::Error };
    let problem = format!("{path} cannot be made {}: {problem}.", scene.words());
    let mend = "Every page has to be made on every site; what may be missing is asked about with {% if %}.";
    Finding::new(level, "render", format!("templates/{file}"), line.max(1), problem, mend)
}
