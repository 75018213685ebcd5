//! Who has which post open, so that two people know of each other before they write over one another.

use actix_web::{
    HttpResponse, delete, get, put,
    web::{Data, Json, Path},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    cache::event::{Event, Person},
    content::time::Time,
    http::{
        auth::{
            Caller,
            permit::{Act, Can},
        },
        desk::Desk,
        presence::Presence,
        problem::Outcome,
    },
};

#[derive(Debug, Serialize, ToSchema)]
struct Everybody {
    items: Vec<OpenPost>,
}

/// A post that somebody has open.
#[derive(Debug, Serialize, ToSchema)]
struct OpenPost {
    post: Uuid,
    people: Vec<Person>,
}

/// Changes of it are told as the event `presence`.
#[utoipa::path(tag = "posts", responses((status = 200, body = Everybody)))]
#[get("/presence")]
pub async fn list_presence(caller: Caller, presence: Data<Presence>) -> Outcome<Json<Everybody>> {
    caller.may(Can::Read)?;
    let all = presence.all(Time::now().0);
    Ok(Json(Everybody { items: all.into_iter().map(|(post, people)| OpenPost { post, people }).collect() }))
}

/// The caller has the post open, for the next 45 seconds unless it is said again. Answers who has.
#[utoipa::path(tag = "posts", params(("id" = Uuid, Path)), responses((status = 200, body = OpenPost)))]
#[put("/posts/{id}/presence")]
pub async fn come(
    desk: Data<Desk>,
    presence: Data<Presence>,
    caller: Caller,
    id: Path<Uuid>,
) -> Outcome<Json<OpenPost>> {
    caller.may_on(&desk, *id, Act::See).await?;
    let (_, user) = caller.session()?;
    let (person, now) = (Person { id: user.id, name: user.name.clone() }, Time::now().0);
    tell(&desk, *id, presence.come(*id, person, now));
    let people = presence.all(now).remove(&id).unwrap_or_default();
    Ok(Json(OpenPost { post: *id, people }))
}

/// The caller has closed the post.
#[utoipa::path(tag = "posts", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/posts/{id}/presence")]
pub async fn leave(
    desk: Data<Desk>,
    presence: Data<Presence>,
    caller: Caller,
    id: Path<Uuid>,
) -> Outcome<HttpResponse> {
    let (_, user) = caller.session()?;
    tell(&desk, *id, presence.leave(*id, user.id, Time::now().0));
    Ok(HttpResponse::NoContent().finish())
}

fn tell(desk: &Desk, post: Uuid, news: Option<Vec<Person>>) {
    if let Some(people) = news {
        let _ = desk.events.send(Event::Presence { post, people }); // Nobody may be watching.
    }
}
