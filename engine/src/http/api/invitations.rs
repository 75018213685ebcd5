//! Invitations: asking people to join, and joining.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    engine::{apply, look},
    people::hash,
    session::{self, Session},
    settings,
    shared::Door,
};
use crate::{
    content::{
        command::{
            Who,
            invitation::{AcceptInvitation, Invite, WithdrawInvitation},
        },
        error::StoreError,
        library::{self, InvitationDoc},
        time::Time,
    },
    http::{
        auth::{Caller, caller, permit::Can, secret},
        desk::Desk,
        input::Body,
        problem::{ApiError, Outcome},
    },
    model::user::Role,
};

/// How long an invitation is good, in milliseconds.
const LIFE: i64 = 7 * 24 * 60 * 60 * 1000;

#[derive(Debug, Serialize, ToSchema)]
struct Invitations {
    items: Vec<InvitationDoc>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInvitation {
    email: String,
    role: Role,
}

#[derive(Debug, Serialize, ToSchema)]
struct CreatedInvitation {
    id: Uuid,
    /// To be sent to them. Shown this once.
    link: String,
    expires_at: Time,
}

/// The part of the link after the `#`, which browsers send to nobody by themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InvitationSecret {
    secret: String,
}

/// What somebody is invited to.
#[derive(Debug, Serialize, ToSchema)]
struct OpenInvitation {
    email: String,
    role: Role,
    /// Who invited them.
    host: Option<String>,
    /// The site's title.
    site: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    secret: String,
    name: String,
    password: String,
}

/// Whoever was invited and has not come yet, the latest first.
#[utoipa::path(tag = "people", responses((status = 200, body = Invitations)))]
#[get("/invitations")]
pub async fn list_invitations(desk: Data<Desk>, caller: Caller) -> Outcome<Json<Invitations>> {
    caller.may(Can::ManagePeople)?;
    let items = look(&desk, |db| async move { library::invitations(&db).await }).await?;
    Ok(Json(Invitations { items }))
}

/// Inviting somebody again takes the earlier link back.
#[utoipa::path(tag = "people", request_body = NewInvitation, responses((status = 201, body = CreatedInvitation)))]
#[post("/invitations")]
pub async fn invite(desk: Data<Desk>, caller: Caller, Body(new): Body<NewInvitation>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    if new.role == Role::Owner {
        caller.may(Can::MakeOwners)?;
    }
    let (secret, expires_at) = (secret::random(), Time::now().0 + LIFE);
    let command = Invite { email: new.email, role: new.role, hash: secret::hash(&secret), expires_at };
    let id = apply(&desk, who, command).await?.output;
    let link = format!("{}/admin/join#{secret}", desk.site_url);
    Ok(HttpResponse::Created().json(CreatedInvitation { id, link, expires_at: Time(expires_at) }))
}

#[utoipa::path(tag = "people", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/invitations/{id}")]
pub async fn withdraw_invitation(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::ManagePeople)?;
    apply(&desk, who, WithdrawInvitation { id: *id }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the holder of a link is invited to.
#[utoipa::path(
    tag = "people",
    request_body = InvitationSecret,
    responses((status = 200, body = OpenInvitation)),
    security(())
)]
#[post("/invitations/open")]
pub async fn open_invitation(
    desk: Data<Desk>,
    door: Data<Door>,
    request: HttpRequest,
    Body(InvitationSecret { secret }): Body<InvitationSecret>,
) -> Outcome<Json<OpenInvitation>> {
    caller::refuse_foreign_pages(&request, &desk.site_url)?;
    door.throttle.admit(door.proxies.client(&request), &secret).map_err(ApiError::TooManyAttempts)?;
    let (hash, now) = (secret::hash(&secret), Time::now().0);
    let found = look(&desk, move |db| async move { library::invitation(&db, &hash, now).await }).await?;
    let (InvitationDoc { email, role, .. }, host) = found.ok_or(StoreError::NotFound("invitation"))?;
    Ok(Json(OpenInvitation { email, role, host, site: settings::current(&desk).await?.settings.title }))
}

/// Makes the account and signs the browser in. Works once.
#[utoipa::path(tag = "people", request_body = Acceptance, responses((status = 201, body = Session)), security(()))]
#[post("/invitations/accept")]
pub async fn accept_invitation(
    desk: Data<Desk>,
    door: Data<Door>,
    request: HttpRequest,
    Body(Acceptance { secret, name, password }): Body<Acceptance>,
) -> Outcome<HttpResponse> {
    caller::refuse_foreign_pages(&request, &desk.site_url)?;
    door.throttle.admit(door.proxies.client(&request), &secret).map_err(ApiError::TooManyAttempts)?;
    let command = AcceptInvitation { hash: secret::hash(&secret), name, password_hash: hash(password).await? };
    let id = apply(&desk, Who::System, command).await?.output;
    let user = look(&desk, move |db| async move { library::user(&db, id).await }).await?;
    let user = user.ok_or_else(|| ApiError::internal("the new user is not there"))?;
    session::start(&desk, &request, &user, HttpResponse::Created()).await
}
