//! Links that show the site with another theme.

use actix_web::{
    post,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named;
use crate::{
    content::{library, time::Time},
    http::{
        api::engine::look,
        auth::{Caller, permit::Can},
        desk::Desk,
        input::Body,
        problem::{ApiError, Outcome},
        theme_preview::ThemeLink,
    },
    render::address,
};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemePage {
    /// The decoded path of a page, such as `/`.
    path: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ThemePreview {
    /// Whoever has it sees that page with the theme.
    url: String,
    /// What follows the path of any other page.
    query: String,
    expires_at: Time,
}

/// Makes a link that shows a page of the site with this theme to whoever has it, for a day. Readers notice nothing.
#[utoipa::path(
    tag = "themes",
    params(("id" = String, Path)),
    request_body = ThemePage,
    responses((status = 200, body = ThemePreview))
)]
#[post("/themes/{id}/preview")]
pub async fn preview_theme(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<String>,
    Body(ThemePage { path }): Body<ThemePage>,
) -> Outcome<Json<ThemePreview>> {
    caller.may(Can::EditSettings)?;
    if !path.starts_with('/') || path.contains(['?', '#']) {
        let detail = "A path begins with a slash and has no query, such as \"/\".".to_owned();
        return Err(ApiError::Malformed { field: Some("path".into()), detail });
    }
    let theme = named(&desk, &id).await?.theme().id.clone();
    let secret = look(&desk, |db| async move { library::secret(&db).await }).await?;
    let link = ThemeLink::new(theme, Time::now().0);
    let query = link.query(&secret).ok_or_else(|| ApiError::internal("the site's secret is damaged"))?;
    let url = format!("{}{}{query}", desk.site_url, address::encode(&path));
    Ok(Json(ThemePreview { url, query, expires_at: Time(link.expires_at) }))
}
