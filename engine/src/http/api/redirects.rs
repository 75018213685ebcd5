//! Redirects that editors make, beside those that follow from renaming; and where readers find nothing.

use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::engine::{apply, look};
use crate::{
    content::{
        command::{
            redirect::{DeleteRedirect, PutRedirect},
            redirects::PutRedirects,
            visits::ForgetMissing,
        },
        library::{self, ListQuery, MissingDoc, PageOf, RedirectDoc, Step},
        rule::GONE,
    },
    http::{
        auth::{Caller, permit::Can},
        csv,
        desk::Desk,
        input::{Body, Params, Text},
        path::{Canonical, canonical},
        problem::{ApiError, Outcome},
    },
    render::{address, key::PageKey, renderer::Render},
};

/// Where a path leads from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRedirect {
    /// A path; `/folder/*` for all below a folder; or a pattern such as `/{year}/{slug}/` or `/old/{rest*}`.
    from: String,
    /// A path of this site or an address elsewhere; what stood in the path goes to `*`, `{year}` and so on. Empty with
    /// status 410.
    #[serde(default)]
    to: String,
    /// 301, 302, 307 or 308; 410 says that it is gone. 308 when it is left out.
    #[serde(default = "permanent")]
    status: u16,
}

fn permanent() -> u16 {
    308
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct From {
    from: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MissingPath {
    path: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedirectTest {
    /// A path of this site.
    path: String,
}

/// What a reader gets at a path.
#[derive(Debug, Serialize, ToSchema)]
struct RedirectTested {
    path: String,
    /// 200 where a page is, whatever redirects say.
    status: u16,
    /// Where the reader is led, in one step.
    to: Option<String>,
    /// The redirects behind that, in the order in which they apply.
    steps: Vec<Step>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RedirectsImported {
    count: usize,
}

/// By the path that is left.
#[utoipa::path(tag = "redirects", params(ListQuery), responses((status = 200, body = PageOf<RedirectDoc>)))]
#[get("/redirects")]
pub async fn list_redirects(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<RedirectDoc>>> {
    caller.may(Can::Read)?;
    look(&desk, move |db| async move { library::redirects(&db, &query).await }).await.map(Json)
}

/// In place of the one that the path has, if it has one.
#[utoipa::path(tag = "redirects", request_body = NewRedirect, responses((status = 204)))]
#[post("/redirects")]
pub async fn create_redirect(desk: Data<Desk>, caller: Caller, Body(new): Body<NewRedirect>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditMenus)?;
    let NewRedirect { from, to, status } = new;
    apply(&desk, who, PutRedirect { from, to, status }).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[utoipa::path(tag = "redirects", params(From), responses((status = 204)))]
#[delete("/redirects")]
pub async fn delete_redirect(
    desk: Data<Desk>,
    caller: Caller,
    Params(From { from }): Params<From>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditMenus)?;
    apply(&desk, who, DeleteRedirect { from }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where readers of a path are led now, and why.
#[utoipa::path(tag = "redirects", request_body = RedirectTest, responses((status = 200, body = RedirectTested)))]
#[post("/redirects/test")]
pub async fn test_redirect(
    desk: Data<Desk>,
    caller: Caller,
    Body(RedirectTest { path }): Body<RedirectTest>,
) -> Outcome<Json<RedirectTested>> {
    caller.may(Can::Read)?;
    let Canonical::Path(path) = canonical(&path) else {
        return Err(ApiError::malformed("Give a path of this site, such as /old/page/."));
    };
    let path = path.into_owned();
    let render = Render::new(desk.pages.stage(), PageKey::of_path(&path));
    let page = desk.renderer.send(render).await.map_err(|_| ApiError::Stopping)?;
    let (status, to) = page.map_or((500, None), |page| (page.status, page.location));
    let steps = match to.is_some() || status == GONE {
        true => {
            let path = path.clone();
            let mut steps = look(&desk, move |db| async move { library::followed(&db, &path).await }).await?;
            // What is published where one is led is the end, whatever rules say of its path.
            let end = to.as_deref().and_then(|to| steps.iter().position(|step| is_same(&step.to, to)));
            steps.truncate(end.map_or(steps.len(), |end| end + 1));
            steps
        }
        false => Vec::new(),
    };
    Ok(Json(RedirectTested { path, status, to, steps }))
}

/// Whether two addresses are spellings of one.
fn is_same(step: &str, to: &str) -> bool {
    address::ascii(step).trim_end_matches('/') == to.trim_end_matches('/')
}

/// All of them, as a table of `from`, `to` and `status`.
#[utoipa::path(tag = "redirects", responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/redirects/csv")]
pub async fn export_redirects(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let mut table = csv::row(&["from", "to", "status"]);
    let mut query = ListQuery { limit: Some(1_000), ..Default::default() };
    loop {
        let page = query.clone();
        let page = look(&desk, move |db| async move { library::redirects(&db, &page).await }).await?;
        for redirect in page.items {
            table.push_str(&csv::row(&[&redirect.from, &redirect.to, &redirect.status.to_string()]));
        }
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    let name = "attachment; filename=\"redirects.csv\"";
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(table))
}

/// Takes a table of `from`, `to` and, if there is a third column, `status`; all of it, or nothing if a line is wrong.
#[utoipa::path(
    tag = "redirects",
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = RedirectsImported))
)]
#[post("/redirects/csv")]
pub async fn import_redirects(desk: Data<Desk>, caller: Caller, Text(table): Text) -> Outcome<Json<RedirectsImported>> {
    let who = caller.may(Can::EditMenus)?;
    let lines = redirects(&table)?;
    let count = apply(&desk, who, PutRedirects { lines }).await?.output;
    Ok(Json(RedirectsImported { count }))
}

fn redirects(table: &str) -> Outcome<Vec<(usize, PutRedirect)>> {
    let mut lines = Vec::new();
    for (line, cells) in csv::rows(table) {
        let mut cells = cells.into_iter().map(|cell| cell.trim().to_owned());
        let (from, to, status) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default(), cells.next());
        if from.is_empty() || (line == 1 && from.eq_ignore_ascii_case("from")) {
            continue;
        }
        let status = status.filter(|status| !status.is_empty()).map_or(Ok(permanent()), |status| status.parse());
        let status =
            status.map_err(|_| ApiError::malformed(format!("Line {line}: the status is a number such as 308.")))?;
        lines.push((line, PutRedirect { from, to, status }));
    }
    Ok(lines)
}

/// Those that were asked for most often first. At most some thousand are remembered.
#[utoipa::path(tag = "redirects", params(ListQuery), responses((status = 200, body = PageOf<MissingDoc>)))]
#[get("/missing")]
pub async fn list_missing(
    desk: Data<Desk>,
    caller: Caller,
    Params(query): Params<ListQuery>,
) -> Outcome<Json<PageOf<MissingDoc>>> {
    caller.may(Can::EditMenus)?;
    look(&desk, move |db| async move { library::missing(&db, &query).await }).await.map(Json)
}

/// Takes a path off the list, until it is asked for again.
#[utoipa::path(tag = "redirects", params(MissingPath), responses((status = 204)))]
#[delete("/missing")]
pub async fn forget_missing(
    desk: Data<Desk>,
    caller: Caller,
    Params(MissingPath { path }): Params<MissingPath>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditMenus)?;
    apply(&desk, who, ForgetMissing { path }).await?;
    Ok(HttpResponse::NoContent().finish())
}
