//! The export: the site as a ZIP file of Markdown and media, which other programs and the import take.

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ContentDisposition, DispositionParam, DispositionType},
    web::{self, Data},
};
use uuid::Uuid;

use crate::{
    archive::Temporary,
    export::{Out, Source},
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        problem::{ApiError, Outcome},
    },
};

/// What readers see, and drafts, as they are now.
#[utoipa::path(tag = "import", responses((status = 200, content_type = "application/zip")))]
#[get("/export")]
pub async fn get_export(desk: Data<Desk>, caller: Caller, request: HttpRequest) -> Outcome<HttpResponse> {
    caller.may(Can::EditSettings)?;
    let own = desk.clone();
    let file = web::block(move || write(&own)).await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
    let named = DispositionParam::Filename("site.zip".into());
    let disposition = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![named] };
    // It is open: it lasts until it has been sent, whether it has a name or not.
    let opened = NamedFile::open(&file.0).map_err(ApiError::internal)?;
    Ok(opened.set_content_disposition(disposition).use_etag(false).use_last_modified(false).into_response(&request))
}

/// Writes the file where imports arrive. Blocks.
fn write(desk: &Desk) -> anyhow::Result<Temporary> {
    let room = desk.importer.room();
    std::fs::create_dir_all(room)?;
    let file = Temporary(room.join(format!("{}.zip", Uuid::new_v4().simple())));
    let permalinks = desk.permalinks.load_full();
    let source = Source { readers: &desk.readers, permalinks: &permalinks, media: &desk.media };
    desk.runtime.block_on(source.write(Out::new(&file.0)?, |_, _| {}))?;
    Ok(file)
}
