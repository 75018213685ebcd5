//! The caller of a request. Nothing can be done without one, and nothing a caller was not permitted.

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web,
};
use futures_util::future::LocalBoxFuture;
use sea_orm::{DatabaseConnection, EntityTrait};
use uuid::Uuid;

use super::{
    origin::{Sender, sender},
    permit::{self, Act, Can, Scope, Stake, Verdict},
    secret, session,
};
use crate::{
    content::{
        command::Who,
        error::StoreError,
        library::{self, Hand, LibraryError, SignedIn, TokenHolder},
        time::Time,
    },
    http::{
        api::engine::look,
        desk::Desk,
        problem::{ApiError, Outcome},
    },
    model::{
        post::{self, Status},
        post_author, session as session_row,
        user::{self, Role},
    },
};

/// Somebody who is signed in, or a program with a token.
#[derive(Clone, Debug)]
pub struct Caller {
    who: Who,
    role: Role,
    user: Option<user::Model>,
    /// Of a token.
    scopes: Option<Vec<Scope>>,
    /// Of a browser.
    session: Option<session_row::Model>,
}

impl Caller {
    /// Whoever does something does it under the name that this gives.
    pub fn may(&self, can: Can) -> Outcome<Who> {
        let in_scope = self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| scope.covers(can)));
        match (in_scope, permit::may(self.role, can)) {
            (true, true) => Ok(self.who),
            (false, _) => Err(ApiError::Forbidden("This token's scopes do not include that.")),
            (true, false) => Err(ApiError::Forbidden("Your role does not include that. Ask an owner of the site.")),
        }
    }

    /// Asked of the post itself, so that no spelling of an address leads around it.
    pub async fn may_on(&self, desk: &Desk, id: Uuid, act: Act) -> Outcome<Who> {
        let who = self.may(if act == Act::See { Can::Read } else { Can::Write })?;
        let Some(hand) = self.only_own() else { return Ok(who) };
        let stake = look(desk, move |db| stake(db, id, hand)).await?.ok_or(StoreError::NotFound("post"))?;
        match permit::on_post(self.role, act, stake) {
            Verdict::Yes => Ok(who),
            Verdict::No(reason) => Err(ApiError::Forbidden(reason)),
            Verdict::Unseen => Err(StoreError::NotFound("post").into()),
        }
    }

    /// Set when posts of others are not theirs to see.
    pub fn only_own(&self) -> Option<Hand> {
        let author = self.user.as_ref().and_then(|user| user.author_id);
        (!permit::sees_all(self.role)).then_some(Hand { user: self.who.user(), author })
    }

    /// The browser's session with its user; a token has none.
    pub fn session(&self) -> Outcome<(&session_row::Model, &user::Model)> {
        self.session.as_ref().zip(self.user.as_ref()).ok_or(ApiError::NotSignedIn)
    }
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Outcome<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let desk = request.app_data::<web::Data<Desk>>().ok_or_else(|| ApiError::internal("no desk"))?;
            match request.headers().get(header::AUTHORIZATION) {
                Some(value) => by_token(desk, value.to_str().unwrap_or_default()).await,
                None => by_cookie(desk, &request).await,
            }
        })
    }
}

/// Refuses what a page of another site makes a browser send. Programs, which send no origin, may sign in.
pub fn refuse_foreign_pages(request: &HttpRequest, site_url: &str) -> Outcome<()> {
    match sender(request.headers(), site_url) {
        Sender::ForeignPage => Err(ApiError::CrossOrigin),
        Sender::OwnPage | Sender::Unsaid => Ok(()),
    }
}

async fn by_token(desk: &Desk, header: &str) -> Outcome<Caller> {
    let (scheme, given) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || !given.starts_with(secret::TOKEN_PREFIX) {
        return Err(ApiError::BadToken);
    }
    let (hash, now) = (secret::hash(given), Time::now().0);
    let found = look(desk, move |db| async move { library::token(&db, &hash, now).await }).await?;
    let TokenHolder { token, user } = found.ok_or(ApiError::BadToken)?;
    desk.tally.saw_token(token.id, token.last_used.map(|time| time.0));
    Ok(Caller {
        who: Who::Token { id: token.id, user: token.user_id },
        // One that was made before there was any user is the operator's own.
        role: user.as_ref().map_or(Role::Owner, |user| user.role),
        user,
        scopes: Some(token.scopes.iter().filter_map(|word| Scope::parse(word)).collect()),
        session: None,
    })
}

async fn by_cookie(desk: &Desk, request: &HttpRequest) -> Outcome<Caller> {
    let given = session::secret(request, &desk.site_url).ok_or(ApiError::NotSignedIn)?;
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if !safe && sender(request.headers(), &desk.site_url) != Sender::OwnPage {
        return Err(ApiError::CrossOrigin);
    }
    let (hash, now) = (secret::hash(&given), Time::now().0);
    let found = look(desk, move |db| async move { library::session(&db, &hash, now).await }).await?;
    let SignedIn { session, user } = found.ok_or(ApiError::NotSignedIn)?;
    desk.tally.saw_session(&session.token_hash, session.last_seen);
    Ok(Caller { who: Who::User(user.id), role: user.role, user: Some(user), scopes: None, session: Some(session) })
}

async fn stake(db: DatabaseConnection, id: Uuid, Hand { user, author }: Hand) -> Result<Option<Stake>, LibraryError> {
    let Some(post) = post::Entity::find_by_id(id).one(&db).await? else { return Ok(None) };
    let wrote = match author {
        Some(author) => post_author::Entity::find_by_id((id, author)).one(&db).await?.is_some(),
        None => false,
    };
    let own = wrote || (user.is_some() && post.created_by == user);
    Ok(Some(Stake { own, live: matches!(post.status, Status::Published | Status::Scheduled) }))
}
