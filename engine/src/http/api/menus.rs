//! Menus.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{StatusCode, header},
    put,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::engine::{change, document, look};
use crate::{
    content::{
        command::menu::PutMenu,
        error::StoreError,
        library::{self, MenuDoc, MenuName},
        menu::Item,
    },
    http::{
        auth::{Caller, permit::Can},
        desk::Desk,
        input::{Body, IfMatch},
        problem::{ApiError, Outcome},
    },
};

#[derive(Debug, Serialize, ToSchema)]
struct MenuNames {
    items: Vec<MenuName>,
}

/// All items of a menu.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MenuItems {
    items: Vec<Item>,
}

#[utoipa::path(tag = "menus", responses((status = 200, body = MenuNames)))]
#[get("/menus")]
pub async fn list_menus(desk: Data<Desk>, caller: Caller) -> Outcome<Json<MenuNames>> {
    caller.may(Can::Read)?;
    let items = look(&desk, |db| async move { library::menus(&db).await }).await?;
    Ok(Json(MenuNames { items }))
}

#[utoipa::path(tag = "menus", params(("name" = String, Path)), responses((status = 200, body = MenuDoc)))]
#[get("/menus/{name}")]
pub async fn get_menu(desk: Data<Desk>, caller: Caller, name: Path<String>) -> Outcome<HttpResponse> {
    caller.may(Can::Read)?;
    let menu = one(&desk, &name).await?.ok_or(StoreError::NotFound("menu"))?;
    Ok(document(StatusCode::OK, menu.version, &menu))
}

/// Needs `If-Match`, or `If-None-Match: *` for a menu that is new.
#[utoipa::path(
    tag = "menus",
    params(
        ("name" = String, Path),
        ("If-Match" = Option<String>, Header),
        ("If-None-Match" = Option<String>, Header)
    ),
    request_body = MenuItems,
    responses((status = 200, body = MenuDoc))
)]
#[put("/menus/{name}")]
pub async fn put_menu(
    desk: Data<Desk>,
    caller: Caller,
    request: HttpRequest,
    name: Path<String>,
    version: IfMatch,
    Body(MenuItems { items }): Body<MenuItems>,
) -> Outcome<HttpResponse> {
    let who = caller.may(Can::EditMenus)?;
    let must_be_new = request.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value == "*");
    let expected = if must_be_new { Some(0) } else { version.needed()? };
    let command = PutMenu { name: name.clone(), expected, items };
    change(&desk, who, command, async || one(&desk, &name).await).await?;
    let menu = one(&desk, &name).await?.ok_or_else(|| ApiError::from(StoreError::NotFound("menu")))?;
    Ok(document(StatusCode::OK, menu.version, &menu))
}

async fn one(desk: &Desk, name: &str) -> Outcome<Option<MenuDoc>> {
    let name = name.to_owned();
    look(desk, move |db| async move { library::menu(&db, &name).await }).await
}
