//! One's own account: name and password, where one is signed in, and the second factor.

use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{self, Data, Json, Path},
};
use qrcode::{QrCode, render::svg};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    engine::{apply, look},
    people::hash,
    settings,
    shared::Door,
};
use crate::{
    content::{
        command::{
            Who,
            membership::UpdateUser,
            people::{EndSessions, SetPassword, Which},
            second_factor::{BeginSecondFactor, ConfirmSecondFactor, RemoveSecondFactor, RenewRecovery},
        },
        error::StoreError,
        library::{self, SessionDoc},
        time::Time,
    },
    http::{
        auth::{Caller, password, secret, totp},
        desk::Desk,
        input::Body,
        problem::{ApiError, Outcome},
    },
    model::user,
};

/// What is different about oneself from now on; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccountPatch {
    name: Option<String>,
    /// Ends all other sessions. Needs `current_password`.
    password: Option<String>,
    current_password: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Sessions {
    items: Vec<SessionDoc>,
}

#[derive(Debug, Serialize, ToSchema)]
struct EndedSessions {
    ended: u64,
}

#[derive(Debug, Serialize, ToSchema)]
struct SecondFactor {
    /// Since when it is asked for.
    since: Option<Time>,
    /// How many recovery codes are left.
    recovery_codes: usize,
}

/// Whoever changes how they sign in shows that it is them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnPassword {
    current_password: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct BegunSecondFactor {
    /// In base 32, for typing it into an app.
    secret: String,
    /// `otpauth://…`, for apps.
    uri: String,
    /// The same as a picture (SVG).
    picture: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstCode {
    code: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct RecoveryCodes {
    /// Shown this once.
    recovery_codes: Vec<String>,
}

#[utoipa::path(tag = "account", request_body = AccountPatch, responses((status = 204)))]
#[patch("/account")]
pub async fn update_account(
    desk: Data<Desk>,
    door: Data<Door>,
    caller: Caller,
    Body(patch): Body<AccountPatch>,
) -> Outcome<HttpResponse> {
    let (session, user) = caller.session()?;
    let who = Who::User(user.id);
    if let Some(password) = patch.password {
        confirm(&door, user, patch.current_password.unwrap_or_default()).await?;
        let (user, but) = (user.id, Some(session.token_hash.clone()));
        apply(&desk, who, SetPassword { user, password_hash: hash(password).await?, but }).await?;
    }
    if patch.name.is_some() {
        apply(&desk, who, UpdateUser { id: user.id, name: patch.name, role: None, suspended: None }).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// The latest first.
#[utoipa::path(tag = "account", responses((status = 200, body = Sessions)))]
#[get("/account/sessions")]
pub async fn list_sessions(desk: Data<Desk>, caller: Caller) -> Outcome<Json<Sessions>> {
    let (session, user) = caller.session()?;
    let (user, own, now) = (user.id, session.token_hash.clone(), Time::now().0);
    let items = look(&desk, move |db| async move { library::sessions(&db, user, &own, now).await }).await?;
    Ok(Json(Sessions { items }))
}

/// Signs out every browser but this one.
#[utoipa::path(tag = "account", responses((status = 200, body = EndedSessions)))]
#[delete("/account/sessions")]
pub async fn end_other_sessions(desk: Data<Desk>, caller: Caller) -> Outcome<Json<EndedSessions>> {
    let (session, user) = caller.session()?;
    let which = Which::AllBut(Some(session.token_hash.clone()));
    let ended = apply(&desk, Who::User(user.id), EndSessions { user: user.id, which }).await?.output;
    Ok(Json(EndedSessions { ended }))
}

#[utoipa::path(tag = "account", params(("id" = String, Path)), responses((status = 204)))]
#[delete("/account/sessions/{id}")]
pub async fn end_session(desk: Data<Desk>, caller: Caller, id: Path<String>) -> Outcome<HttpResponse> {
    let (_, user) = caller.session()?;
    if id.len() != library::SESSION_NAME || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(StoreError::NotFound("session").into());
    }
    let which = Which::Beginning(id.into_inner());
    match apply(&desk, Who::User(user.id), EndSessions { user: user.id, which }).await?.output {
        0 => Err(StoreError::NotFound("session").into()),
        _ => Ok(HttpResponse::NoContent().finish()),
    }
}

#[utoipa::path(tag = "account", responses((status = 200, body = SecondFactor)))]
#[get("/account/second-factor")]
pub async fn get_second_factor(desk: Data<Desk>, caller: Caller) -> Outcome<Json<SecondFactor>> {
    let (_, user) = caller.session()?;
    let id = user.id;
    let factor = look(&desk, move |db| async move { library::second_factor(&db, id).await }).await?;
    let factor = factor.filter(|factor| factor.since.is_some());
    Ok(Json(SecondFactor {
        since: factor.as_ref().and_then(|factor| factor.since).map(Time),
        recovery_codes: factor.and_then(|factor| Some(factor.recovery.as_array()?.len())).unwrap_or_default(),
    }))
}

/// Gives a secret for an authenticator app. Nothing is asked for before a first code was right.
#[utoipa::path(tag = "account", request_body = OwnPassword, responses((status = 201, body = BegunSecondFactor)))]
#[post("/account/second-factor")]
pub async fn begin_second_factor(
    desk: Data<Desk>,
    door: Data<Door>,
    caller: Caller,
    Body(OwnPassword { current_password }): Body<OwnPassword>,
) -> Outcome<HttpResponse> {
    let (_, user) = caller.session()?;
    confirm(&door, user, current_password).await?;
    let secret = totp::secret();
    apply(&desk, Who::User(user.id), BeginSecondFactor { user: user.id, secret: secret.clone() }).await?;
    let uri = totp::uri(&secret, &settings::current(&desk).await?.settings.title, &user.email);
    let code = QrCode::new(&uri).map_err(ApiError::internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    Ok(HttpResponse::Created().json(BegunSecondFactor { secret, uri, picture }))
}

/// Turns the second factor on, with a code that the app shows.
#[utoipa::path(tag = "account", request_body = FirstCode, responses((status = 200, body = RecoveryCodes)))]
#[post("/account/second-factor/confirm")]
pub async fn confirm_second_factor(
    desk: Data<Desk>,
    door: Data<Door>,
    caller: Caller,
    Body(FirstCode { code }): Body<FirstCode>,
) -> Outcome<Json<RecoveryCodes>> {
    let (_, user) = caller.session()?;
    door.throttle.admit_code(&user.email).map_err(ApiError::TooManyAttempts)?;
    let id = user.id;
    let factor = look(&desk, move |db| async move { library::second_factor(&db, id).await }).await?;
    let factor = factor.ok_or(StoreError::NotFound("second factor to confirm"))?;
    let wrong = || StoreError::invalid("code", "This code is not right. Type the one that the app shows now.");
    let step = totp::step(&factor.secret, &code, Time::now().0).ok_or_else(wrong)?;
    let (codes, recovery) = recovery();
    apply(&desk, Who::User(id), ConfirmSecondFactor { user: id, step, recovery }).await?;
    Ok(Json(codes))
}

/// Other recovery codes; those from before are good no more.
#[utoipa::path(tag = "account", request_body = OwnPassword, responses((status = 200, body = RecoveryCodes)))]
#[post("/account/second-factor/recovery-codes")]
pub async fn renew_recovery_codes(
    desk: Data<Desk>,
    door: Data<Door>,
    caller: Caller,
    Body(OwnPassword { current_password }): Body<OwnPassword>,
) -> Outcome<Json<RecoveryCodes>> {
    let (_, user) = caller.session()?;
    confirm(&door, user, current_password).await?;
    let (codes, recovery) = recovery();
    apply(&desk, Who::User(user.id), RenewRecovery { user: user.id, recovery }).await?;
    Ok(Json(codes))
}

/// From now on the password is enough.
#[utoipa::path(tag = "account", request_body = OwnPassword, responses((status = 204)))]
#[post("/account/second-factor/remove")]
pub async fn remove_second_factor(
    desk: Data<Desk>,
    door: Data<Door>,
    caller: Caller,
    Body(OwnPassword { current_password }): Body<OwnPassword>,
) -> Outcome<HttpResponse> {
    let (_, user) = caller.session()?;
    confirm(&door, user, current_password).await?;
    apply(&desk, Who::User(user.id), RemoveSecondFactor { user: user.id }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A browser that somebody left open does not change how its owner signs in.
async fn confirm(door: &Door, user: &user::Model, given: String) -> Outcome<()> {
    door.throttle.admit(None, &user.email).map_err(ApiError::TooManyAttempts)?;
    let known = user.password_hash.clone();
    let right = web::block(move || password::verify(&given, Some(&known))).await.map_err(ApiError::internal)?;
    match right {
        true => Ok(()),
        false => Err(StoreError::invalid("current_password", "This is not your password.").into()),
    }
}

/// New codes, and what is kept of them.
fn recovery() -> (RecoveryCodes, Vec<String>) {
    let recovery_codes = totp::recovery_codes();
    let hashes = recovery_codes.iter().map(|code| secret::hash(&totp::plain(code))).collect();
    (RecoveryCodes { recovery_codes }, hashes)
}
