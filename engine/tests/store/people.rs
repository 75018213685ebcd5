//! Users, sessions and tokens.

use perennial::{
    content::{
        command::membership::{RemoveUser, UpdateUser},
        command::people::{CreateToken, CreateUser, EndSession, RevokeToken, SetPassword, StartSession},
        library,
    },
    model::user::Role,
};

use crate::site::{Site, on_each_database};

fn ada() -> CreateUser {
    CreateUser { email: " Ada@Example.org".into(), name: "Ada".into(), role: Role::Owner, password_hash: "1".into() }
}

fn session(user: uuid::Uuid, site: &Site) -> StartSession {
    let expires_at = site.now() + 60_000;
    StartSession { token_hash: "hash".into(), user, expires_at, user_agent: "Firefox".into() }
}

#[test]
fn an_address_belongs_to_one_user_with_a_profile() {
    on_each_database(async |site| {
        assert!(!library::anybody(&site.db.readers).await.unwrap());
        let id = site.apply(ada()).await;
        assert!(library::anybody(&site.db.readers).await.unwrap());
        assert_eq!(site.refused(ada()).await, "email_taken");
        assert_eq!(site.refused(CreateUser { email: "nobody".into(), ..ada() }).await, "invalid");
        let user = library::user_by_email(&site.db.readers, "ADA@example.org ").await.unwrap().unwrap();
        assert_eq!(user.id, id);
        let profile = library::author(&site.db.readers, user.author_id.unwrap()).await.unwrap().unwrap();
        assert_eq!((profile.name.as_str(), profile.user_id), ("Ada", Some(id)));
        assert_eq!(site.revision().await, 0, "readers see none of it");
    });
}

#[test]
fn the_site_always_has_an_owner() {
    on_each_database(async |site| {
        let id = site.apply(ada()).await;
        let demote = |id| UpdateUser { id, name: None, role: Some(Role::Editor), suspended: None };
        assert_eq!(site.refused(demote(id)).await, "wrong_state");
        assert_eq!(site.refused(RemoveUser { id }).await, "wrong_state");
        let other = site.apply(CreateUser { email: "bo@example.org".into(), name: "Bo".into(), ..ada() }).await;
        site.apply(demote(id)).await;
        assert_eq!(site.refused(RemoveUser { id: other }).await, "wrong_state");
        assert_eq!(library::user(&site.db.readers, id).await.unwrap().unwrap().role, Role::Editor);
    });
}

#[test]
fn who_is_removed_is_signed_out_and_what_they_wrote_stays() {
    on_each_database(async |site| {
        site.apply(ada()).await;
        let id = site.apply(CreateUser { email: "bo@example.org".into(), role: Role::Author, ..ada() }).await;
        let profile = library::user(&site.db.readers, id).await.unwrap().unwrap().author_id.unwrap();
        site.apply(session(id, &site)).await;
        site.apply(RemoveUser { id }).await;
        assert!(library::session(&site.db.readers, "hash", site.now()).await.unwrap().is_none());
        assert!(library::user(&site.db.readers, id).await.unwrap().is_none());
        assert_eq!(library::author(&site.db.readers, profile).await.unwrap().unwrap().user_id, None);
        assert_eq!(site.refused(RemoveUser { id }).await, "not_found");
    });
}

#[test]
fn a_session_ends_in_time_by_hand_and_with_its_password() {
    on_each_database(async |site| {
        let id = site.apply(ada()).await;
        let signed_in = async |now| library::session(&site.db.readers, "hash", now).await.unwrap().is_some();
        site.apply(session(id, &site)).await;
        assert!(signed_in(site.now()).await);
        assert!(!signed_in(site.now() + 60_001).await);
        site.apply(EndSession { token_hash: "hash".into() }).await;
        assert!(!signed_in(site.now()).await);
        site.apply(session(id, &site)).await;
        site.apply(SetPassword { user: id, password_hash: "2".into(), but: None }).await;
        assert!(!signed_in(site.now()).await);
    });
}

#[test]
fn a_token_allows_what_it_says_until_it_is_revoked() {
    on_each_database(async |site| {
        let token = CreateToken {
            name: "CI".into(),
            hash: "hash".into(),
            scopes: vec!["revalidate".into()],
            user: None,
            expires_at: None,
        };
        let everything = CreateToken { scopes: vec!["everything".into()], ..token.clone() };
        assert_eq!(site.refused(everything).await, "invalid");
        let id = site.apply(token).await;
        let holder = library::token(&site.db.readers, "hash", site.now()).await.unwrap().unwrap();
        assert_eq!(holder.token.scopes, ["revalidate"]);
        site.apply(RevokeToken { id }).await;
        assert!(library::token(&site.db.readers, "hash", site.now()).await.unwrap().is_none());
    });
}
