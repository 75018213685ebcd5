//! Setting up a new site.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{self, Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    engine::{apply, look},
    session::{self, Session},
    shared::Door,
};
use crate::{
    content::{
        command::{Who, people::CreateUser, settings::SettingsPatch, setup::SetUp},
        error::StoreError,
        library,
    },
    http::{
        auth::{caller, password, secret},
        desk::Desk,
        input::Body,
        problem::{ApiError, Outcome},
    },
    model::user::Role,
};

#[derive(Debug, Serialize, ToSchema)]
struct SetupState {
    /// Nobody can sign in yet.
    needed: bool,
}

/// The first owner, and what the site is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetupRequest {
    /// Of the link that the log shows.
    token: String,
    site_title: String,
    name: String,
    email: String,
    password: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    timezone: Option<String>,
    #[serde(default)]
    start: Start,
}

/// What the site begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Start {
    Sample,
    #[default]
    Empty,
}

#[utoipa::path(tag = "setup", responses((status = 200, body = SetupState)), security(()))]
#[get("/setup")]
pub async fn get_setup(desk: Data<Desk>) -> Outcome<Json<SetupState>> {
    let done = look(&desk, |db| async move { library::anybody(&db).await }).await?;
    Ok(Json(SetupState { needed: !done }))
}

/// Makes the owner and signs the browser in. Works once.
#[utoipa::path(tag = "setup", request_body = SetupRequest, responses((status = 201, body = Session)), security(()))]
#[post("/setup")]
pub async fn set_up(
    desk: Data<Desk>,
    door: Data<Door>,
    request: HttpRequest,
    Body(asked): Body<SetupRequest>,
) -> Outcome<HttpResponse> {
    caller::refuse_foreign_pages(&request, &desk.site_url)?;
    if look(&desk, |db| async move { library::anybody(&db).await }).await? {
        return Err(ApiError::AlreadySetUp);
    }
    door.throttle.admit(door.proxies.client(&request), "set-up").map_err(ApiError::TooManyAttempts)?;
    if desk.setup_token.is_empty() || !secret::equal(&asked.token, &desk.setup_token) {
        return Err(ApiError::BadSetupToken);
    }
    let password = asked.password;
    let hashed = web::block(move || password::hash(&password)).await.map_err(ApiError::internal)?;
    let command = SetUp {
        owner: CreateUser {
            email: asked.email,
            name: asked.name,
            role: Role::Owner,
            password_hash: hashed.map_err(|error| StoreError::invalid("password", error.to_string()))?,
        },
        settings: SettingsPatch {
            title: Some(asked.site_title),
            language: asked.language,
            timezone: asked.timezone,
            ..SettingsPatch::default()
        },
        sample: asked.start == Start::Sample,
    };
    let id = apply(&desk, Who::System, command).await.map_err(as_asked)?.output;
    let user = look(&desk, move |db| async move { library::user(&db, id).await }).await?;
    let user = user.ok_or_else(|| ApiError::internal("the owner is not there"))?;
    session::start(&desk, &request, &user, HttpResponse::Created()).await
}

/// The fields under the names that this request gives them.
fn as_asked(error: ApiError) -> ApiError {
    match error {
        ApiError::Store(StoreError::Invalid(mut fields)) => {
            if let Some(message) = fields.remove("title") {
                fields.insert("site_title".into(), message);
            }
            StoreError::Invalid(fields).into()
        }
        ApiError::Store(StoreError::WrongState(_)) => ApiError::AlreadySetUp,
        other => other,
    }
}
