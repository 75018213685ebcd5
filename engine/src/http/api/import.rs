//! The import: a site that comes as a ZIP file is looked through, and brought in when somebody says so.

use std::{path::Path, time::Duration};

use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json},
};
use serde::Serialize;
use tokio::{fs, io::AsyncWriteExt};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    archive::Temporary,
    content::error::StoreError,
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        form::FormFile,
        problem::{ApiError, Outcome},
    },
    import::{
        apply::Part,
        importer::{State, Step},
        report::{Fate, Item, Totals},
        site::Flavour,
    },
};

const LARGEST: u64 = 2 << 30;
const LARGEST_IN_WORDS: &str = "2 GiB";

/// How long a file may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(2 * 60 * 60);

/// How many files a document names; the report names all.
const NAMED: usize = 200;

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct SitePackage {
    /// A ZIP file of a Zola, Hugo or Jekyll site, of a folder of Markdown, or of an export of Perennial's own; at most 2 GiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// How far the import is.
#[derive(Debug, Serialize, ToSchema)]
struct ImportDoc {
    step: Step,
    /// What the file is called.
    name: String,
    part: Option<Part>,
    done: usize,
    total: usize,
    /// What the site was written for.
    format: Option<Flavour>,
    /// What would come in, or came in.
    totals: Option<Totals>,
    /// What deserves a look: what failed, then what was skipped, then what comes with notes; at most 200.
    items: Vec<Item>,
    problem: Option<String>,
    /// Whether `POST /import/run` has something to bring in.
    can_run: bool,
}

impl ImportDoc {
    fn of(state: &State) -> Self {
        let report = state.report.as_ref();
        Self {
            step: state.step,
            name: state.name.clone(),
            part: state.part,
            done: state.done,
            total: state.total,
            format: report.map(|report| report.format),
            totals: report.map(|report| report.totals.clone()),
            items: report.map(|report| notable(&report.items)).unwrap_or_default(),
            problem: state.problem.clone(),
            can_run: state.can_run(),
        }
    }
}

fn notable(items: &[Item]) -> Vec<Item> {
    let weight = |item: &Item| match item.fate {
        Fate::Failed { .. } => 0,
        Fate::Skipped { .. } => 1,
        Fate::Imported { .. } | Fate::Merged { .. } if !item.notes.is_empty() => 2,
        Fate::Imported { .. } | Fate::Merged { .. } => 3,
    };
    let mut notable: Vec<_> = items.iter().filter(|item| weight(item) < 3).collect();
    notable.sort_by_key(|item| weight(item));
    notable.into_iter().take(NAMED).cloned().collect()
}

#[utoipa::path(tag = "import", responses((status = 200, body = ImportDoc)))]
#[get("/import")]
pub async fn get_import(desk: Data<Desk>, caller: Caller) -> Outcome<Json<ImportDoc>> {
    caller.may(Can::EditSettings)?;
    Ok(Json(desk.importer.see(ImportDoc::of)))
}

/// Takes a site in to look through it; nothing of it is brought in yet.
#[utoipa::path(
    tag = "import",
    request_body(content = SitePackage, content_type = "multipart/form-data"),
    responses((status = 202, body = ImportDoc))
)]
#[post("/import")]
pub async fn begin_import(desk: Data<Desk>, caller: Caller, mut form: Multipart) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let (file, name) = tokio::time::timeout(ARRIVAL, receive(&mut form, desk.importer.room()))
        .await
        .map_err(|_| ApiError::TooSlow)??;
    desk.importer.look(file, name, who)?;
    Ok(HttpResponse::Accepted().json(desk.importer.see(ImportDoc::of)))
}

/// Brings in what was looked through. What is here already and was not changed stays as it is.
#[utoipa::path(tag = "import", responses((status = 202, body = ImportDoc)))]
#[post("/import/run")]
pub async fn run_import(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditSettings)?;
    let own = desk.clone();
    // Readers are faster than this only where they ask for a picture at once.
    let draw = move |runtime: &tokio::runtime::Handle| {
        runtime.block_on(own.variants.complete(&own.readers, &own.pages));
    };
    desk.importer.run(who, draw)?;
    Ok(HttpResponse::Accepted().json(desk.importer.see(ImportDoc::of)))
}

/// Forgets what was looked through, and what became of it.
#[utoipa::path(tag = "import", responses((status = 204)))]
#[delete("/import")]
pub async fn forget_import(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    caller.may(Can::EditSettings)?;
    desk.importer.forget()?;
    Ok(HttpResponse::NoContent().finish())
}

/// What would become of each file, or became of it.
#[utoipa::path(tag = "import", responses((status = 200, content_type = "application/json")))]
#[get("/import/report")]
pub async fn get_import_report(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    caller.may(Can::EditSettings)?;
    let report = desk.importer.see(|state| state.report.as_ref().map(serde_json::to_vec_pretty));
    let report = report.ok_or(StoreError::NotFound("report"))?.map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"import-report.json\""))
        .body(report))
}

/// Writes the file down as it arrives; where it lies, and what it is called.
async fn receive(form: &mut Multipart, room: &Path) -> Outcome<(Temporary, String)> {
    let mut file = FormFile::of(form).await?;
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    fs::create_dir_all(room).await.map_err(unwritable)?;
    let arriving = Temporary(room.join(format!("{}.zip", Uuid::new_v4().simple())));
    let mut out = fs::File::create_new(&arriving.0).await.map_err(unwritable)?;
    let mut bytes = 0;
    while let Some(chunk) = file.chunk().await? {
        bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if bytes > LARGEST {
            return Err(ApiError::TooLarge(LARGEST_IN_WORDS));
        }
        out.write_all(&chunk).await.map_err(unwritable)?;
    }
    out.flush().await.map_err(unwritable)?;
    Ok((arriving, name))
}

fn unwritable(error: std::io::Error) -> ApiError {
    ApiError::internal(format!("a file that arrives cannot be written: {error}"))
}
