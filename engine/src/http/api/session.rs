//! Signing in and out.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{self, Data},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    engine::{apply, look},
    settings,
    shared::Door,
};
use crate::{
    content::{
        command::{
            Who,
            people::{EndSession, ProlongSession, StartSession},
            second_factor::{Proof, UseSecondFactor},
        },
        library,
        time::Time,
    },
    http::{
        auth::{
            Caller, caller, password, secret,
            session::{cookie, expiry, is_worn, no_cookie},
            totp,
        },
        desk::Desk,
        input::Body,
        problem::{ApiError, Outcome},
    },
    model::user::{self, Role},
};

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    user: SessionUser,
    site: SessionSite,
    expires_at: Time,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionUser {
    id: Uuid,
    name: String,
    email: String,
    role: Role,
    /// Their profile as an author.
    author_id: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SessionSite {
    title: String,
    /// Without a slash at the end.
    url: String,
    timezone: String,
    language: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
    /// Of the authenticator app, or a recovery code, for whoever has a second factor.
    code: Option<String>,
}

/// Prolongs the session.
#[utoipa::path(tag = "session", responses((status = 200, body = Session)))]
#[get("/session")]
pub async fn get_session(desk: Data<Desk>, caller: Caller, request: HttpRequest) -> Outcome<HttpResponse> {
    let (session, user) = caller.session()?;
    let now = Time::now().0;
    if !is_worn(session.expires_at, now) {
        return Ok(HttpResponse::Ok().json(describe(&desk, user, session.expires_at).await?));
    }
    let expires_at = expiry(now);
    let prolong = ProlongSession { token_hash: session.token_hash.clone(), expires_at };
    apply(&desk, Who::User(user.id), prolong).await?;
    let mut response = HttpResponse::Ok();
    if let Some(secret) = crate::http::auth::session::secret(&request, &desk.site_url) {
        response.cookie(cookie(&desk.site_url, &secret));
    }
    Ok(response.json(describe(&desk, user, expires_at).await?))
}

/// Sets the cookie. Without an account or with a wrong password it takes as long and says the same.
#[utoipa::path(tag = "session", request_body = Credentials, responses((status = 200, body = Session)), security(()))]
#[post("/session")]
pub async fn sign_in(
    desk: Data<Desk>,
    door: Data<Door>,
    request: HttpRequest,
    Body(Credentials { email, password, code }): Body<Credentials>,
) -> Outcome<HttpResponse> {
    caller::refuse_foreign_pages(&request, &desk.site_url)?;
    let account = email.trim().to_lowercase();
    door.throttle.admit(door.proxies.client(&request), &account).map_err(ApiError::TooManyAttempts)?;
    let user = look(&desk, move |db| async move { library::user_by_email(&db, &account).await }).await?;
    let known = user.as_ref().map(|user| user.password_hash.clone());
    let right = web::block(move || password::verify(&password, known.as_deref())).await.map_err(ApiError::internal)?;
    let user = user.filter(|_| right).ok_or(ApiError::BadCredentials)?;
    if user.suspended_at.is_some() {
        return Err(ApiError::Forbidden("Your account is suspended. Ask an owner of the site."));
    }
    second_factor(&desk, &door, &user, code).await?;
    start(&desk, &request, &user, HttpResponse::Ok()).await
}

/// Asks whoever has a second factor for it, once the password was right.
async fn second_factor(desk: &Desk, door: &Door, user: &user::Model, code: Option<String>) -> Outcome<()> {
    let id = user.id;
    let factor = look(desk, move |db| async move { library::second_factor(&db, id).await }).await?;
    let Some(factor) = factor.filter(|factor| factor.since.is_some()) else { return Ok(()) };
    let code = code.ok_or(ApiError::SecondFactorNeeded)?;
    door.throttle.admit_code(&user.email).map_err(ApiError::TooManyAttempts)?;
    let proof = match totp::step(&factor.secret, &code, Time::now().0) {
        Some(step) => Proof::Step(step),
        None => Proof::Recovery(secret::hash(&totp::plain(&code))),
    };
    match apply(desk, Who::User(id), UseSecondFactor { user: id, proof }).await?.output {
        true => Ok(()),
        false => Err(ApiError::BadCode),
    }
}

#[utoipa::path(tag = "session", responses((status = 204)))]
#[delete("/session")]
pub async fn sign_out(desk: Data<Desk>, caller: Caller) -> Outcome<HttpResponse> {
    let (session, user) = caller.session()?;
    apply(&desk, Who::User(user.id), EndSession { token_hash: session.token_hash.clone() }).await?;
    Ok(HttpResponse::NoContent().cookie(no_cookie(&desk.site_url)).finish())
}

/// Signs a browser in, always under a new secret.
pub(super) async fn start(
    desk: &Desk,
    request: &HttpRequest,
    user: &user::Model,
    mut response: actix_web::HttpResponseBuilder,
) -> Outcome<HttpResponse> {
    let secret = secret::random();
    let expires_at = expiry(Time::now().0);
    let agent = request.headers().get(actix_web::http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let session = StartSession {
        token_hash: secret::hash(&secret),
        user: user.id,
        expires_at,
        user_agent: agent.unwrap_or_default().to_owned(),
    };
    apply(desk, Who::User(user.id), session).await?;
    Ok(response.cookie(cookie(&desk.site_url, &secret)).json(describe(desk, user, expires_at).await?))
}

async fn describe(desk: &Desk, user: &user::Model, expires_at: i64) -> Outcome<Session> {
    let settings = settings::current(desk).await?.settings;
    Ok(Session {
        user: SessionUser {
            id: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            role: user.role,
            author_id: user.author_id,
        },
        site: SessionSite {
            title: settings.title,
            url: desk.site_url.to_string(),
            timezone: settings.timezone,
            language: settings.language,
        },
        expires_at: Time(expires_at),
    })
}
