//! Redirects that editors make, beside those that follow from renaming.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::engine::{apply, look};
use crate::{
    content::{
        command::redirect::{DeleteRedirect, PutRedirect},
        library::{self, ListQuery, PageOf, RedirectDoc},
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, Params},
        problem::Outcome,
    },
};

/// Where a path leads from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRedirect {
    from: String,
    /// A path of this site or an address elsewhere.
    to: String,
    /// 301, 302, 307 or 308; 308 when it is left out.
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
    apply(&desk, who, PutRedirect { from, to, status: status.into() }).await?;
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
