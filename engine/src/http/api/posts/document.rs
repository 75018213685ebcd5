//! Posts as documents: listed, read, made, saved.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    patch, post,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{answer, one, permalinks, tell};
use crate::{
    content::{
        command::post::{CreatePost, PostPatch, SavePost},
        library::{self, EditorPost, PostPage, PostQuery},
        read::Kind,
    },
    http::{
        api::engine::{apply, change, look},
        auth::{
            Caller,
            permit::{Act, Can},
        },
        desk::Desk,
        input::{Body, IfMatch, Params},
        problem::Outcome,
    },
};

/// A new post. What is left out is empty; the slug is made from the title.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(try_from = "Map<String, Value>")]
struct NewPost {
    #[schema(required = false)]
    kind: Kind,
    // For the description alone: reading it flattened would let unknown fields pass.
    #[serde(flatten)]
    fields: PostPatch,
}

impl TryFrom<Map<String, Value>> for NewPost {
    type Error = String;

    fn try_from(mut given: Map<String, Value>) -> Result<Self, String> {
        let kind = given.remove("kind").map_or(Ok(Kind::Post), Kind::deserialize);
        let fields = serde_path_to_error::deserialize(Value::Object(given)).map_err(|error| {
            let (path, inner) = (error.path().to_string(), error.inner().to_string());
            if inner.starts_with("unknown field") { inner } else { format!("{path}: {inner}") }
        })?;
        Ok(Self { kind: kind.map_err(|error| format!("kind: {error}"))?, fields })
    }
}

/// Without the texts. Authors and contributors see their own.
#[utoipa::path(tag = "posts", params(PostQuery), responses((status = 200, body = PostPage)))]
#[get("/posts")]
pub async fn list_posts(desk: Data<Desk>, caller: Caller, Params(query): Params<PostQuery>) -> Outcome<Json<PostPage>> {
    caller.may(Can::Read)?;
    let query = PostQuery { by: caller.only_own(), ..query };
    let permalinks = permalinks(&desk);
    look(&desk, move |db| async move { library::posts(&db, &permalinks, &query).await }).await.map(Json)
}

#[utoipa::path(tag = "posts", params(("id" = Uuid, Path)), responses((status = 200, body = EditorPost)))]
#[get("/posts/{id}")]
pub async fn get_post(desk: Data<Desk>, caller: Caller, id: Path<Uuid>) -> Outcome<HttpResponse> {
    caller.may_on(&desk, *id, Act::See).await?;
    Ok(answer(StatusCode::OK, &one(&desk, *id).await?))
}

#[utoipa::path(tag = "posts", request_body = NewPost, responses((status = 201, body = EditorPost)))]
#[post("/posts")]
pub async fn create_post(desk: Data<Desk>, caller: Caller, Body(new): Body<NewPost>) -> Outcome<HttpResponse> {
    let who = caller.may(Can::Write)?;
    let NewPost { kind, fields } = new;
    let id = apply(&desk, who, CreatePost { kind, fields }).await?.output;
    let post = one(&desk, id).await?;
    tell(&desk, &post);
    Ok(answer(StatusCode::CREATED, &post))
}

/// Saves the working copy: readers see nothing of it until it is published.
#[utoipa::path(
    tag = "posts",
    params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = PostPatch,
    responses((status = 200, body = EditorPost))
)]
#[patch("/posts/{id}")]
pub async fn save_post(
    desk: Data<Desk>,
    caller: Caller,
    id: Path<Uuid>,
    version: IfMatch,
    Body(fields): Body<PostPatch>,
) -> Outcome<HttpResponse> {
    let (id, expected) = (*id, version.needed()?);
    let who = caller.may_on(&desk, id, Act::Save).await?;
    change(&desk, who, SavePost { id, expected, fields }, async || one(&desk, id).await).await?;
    let post = one(&desk, id).await?;
    tell(&desk, &post);
    Ok(answer(StatusCode::OK, &post))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_post_has_a_kind_and_no_unknown_fields() {
        let page: NewPost = serde_json::from_str(r#"{"kind":"page","title":"About"}"#).unwrap();
        assert_eq!((page.kind, page.fields.title.as_deref()), (Kind::Page, Some("About")));
        assert_eq!(serde_json::from_str::<NewPost>("{}").unwrap().kind, Kind::Post);
        let refused = |json| serde_json::from_str::<NewPost>(json).unwrap_err().to_string();
        assert!(refused(r#"{"status":"published"}"#).starts_with("unknown field `status`"));
        assert!(refused(r#"{"featured":"yes"}"#).starts_with("featured: invalid type"));
        assert!(refused(r#"{"kind":"note"}"#).starts_with("kind: unknown variant `note`"));
    }
}
