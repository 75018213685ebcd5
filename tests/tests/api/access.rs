//! Ways in: invitations, second factors, sessions, and people who may not come in for now.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use perennial_tests::{
    Site,
    editor::{EMAIL, PASSWORD},
    perennial,
};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::{Guest, answer, id, refused, send};

/// What an authenticator app shows, so many steps of thirty seconds from now.
fn code(secret: &str, later: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs() / 30;
    let step = now.checked_add_signed(later).expect("a step");
    let key = BASE32_NOPAD.decode(secret.as_bytes()).expect("base 32");
    let mac = Hmac::<Sha1>::new_from_slice(&key).expect("a key").chain_update(step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().expect("four")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

fn credentials(code: Option<&str>) -> Value {
    json!({ "email": EMAIL, "password": PASSWORD, "code": code })
}

/// Turns the second factor on; its secret and the recovery codes.
fn turned_on(owner: &Guest) -> (String, Vec<String>) {
    let password = json!({ "current_password": PASSWORD });
    let begun = answer(owner.post("/account/second-factor", &password), 201);
    assert!(begun["uri"].as_str().expect("a uri").starts_with("otpauth://totp/Roses:ada%40example"), "{begun}");
    assert!(begun["picture"].as_str().expect("a picture").contains("<svg"), "{begun}");
    let secret = begun["secret"].as_str().expect("a secret").to_owned();
    let confirmed = answer(owner.post("/account/second-factor/confirm", &json!({ "code": code(&secret, -1) })), 200);
    let codes = confirmed["recovery_codes"].as_array().expect("codes");
    (secret, codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect())
}

#[test]
fn whoever_has_a_second_factor_shows_it_and_no_code_is_good_twice() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    assert_eq!(owner.get("/account/second-factor"), json!({ "since": null, "recovery_codes": 0 }));
    let wrong = json!({ "current_password": "not the password" });
    assert_eq!(refused(owner.post("/account/second-factor", &wrong), 422), "invalid");
    let (secret, recovery) = turned_on(&owner);
    assert_eq!(owner.get("/account/second-factor")["recovery_codes"], 10);
    assert_eq!(owner.get("/users")["items"][0]["second_factor"], true);

    let stranger = Guest::stranger(&site);
    let sign_in = |code: Option<&str>| stranger.post("/session", &credentials(code));
    assert_eq!(refused(sign_in(None), 401), "second_factor_needed");
    let unknown = json!({ "email": EMAIL, "password": "not the password", "code": "123456" });
    assert_eq!(refused(stranger.post("/session", &unknown), 401), "bad_credentials");
    assert_eq!(refused(sign_in(Some("000000")), 401), "bad_code");
    assert_eq!(refused(sign_in(Some(&code(&secret, -1))), 401), "bad_code", "it was used to turn it on");
    let fresh = code(&secret, 1);
    answer(sign_in(Some(&fresh)), 200);
    assert_eq!(refused(sign_in(Some(&fresh)), 401), "bad_code");

    answer(sign_in(Some(&recovery[3].to_uppercase())), 200);
    assert_eq!(refused(sign_in(Some(&recovery[3])), 401), "bad_code");
    assert_eq!(owner.get("/account/second-factor")["recovery_codes"], 9);
    let password = json!({ "current_password": PASSWORD });
    answer(owner.post("/account/second-factor/recovery-codes", &password), 200);
    assert_eq!(refused(sign_in(Some(&recovery[4])), 401), "bad_code");

    answer(owner.post("/account/second-factor/remove", &password), 204);
    answer(sign_in(None), 200);
}

#[test]
fn whoever_lost_app_and_codes_is_let_in_by_an_operator() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    turned_on(&owner);
    let off = perennial(site.folder(), &["user", "second-factor-off", EMAIL], &[]);
    assert!(off.code == Some(0) && off.stdout.contains("password alone"), "{} {}", off.stdout, off.stderr);
    Guest::sign_in(&site, EMAIL);
}

#[test]
fn sessions_are_listed_and_ended_but_never_those_of_others() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let (phone, laptop) = (Guest::sign_in(&site, EMAIL), Guest::sign_in(&site, EMAIL));
    let author = Guest::member(&site, "author");
    let listed = owner.get("/account/sessions");
    let all = listed["items"].as_array().expect("a list");
    assert_eq!(all.len(), 3);
    assert_eq!(all.iter().filter(|session| session["own"] == true).count(), 1);
    let path = |of: &Guest| {
        let own = of.get("/account/sessions");
        let own = own["items"].as_array().expect("a list").iter().find(|session| session["own"] == true).cloned();
        format!("/account/sessions/{}", id(&own.expect("one's own")))
    };
    assert_eq!(refused(author.ask("DELETE", &path(&phone)), 404), "not_found");
    answer(owner.ask("DELETE", &path(&phone)), 204);
    assert_eq!(refused(phone.ask("GET", "/session"), 401), "not_signed_in");
    assert_eq!(answer(owner.ask("DELETE", "/account/sessions"), 200)["ended"], 1);
    assert_eq!(refused(laptop.ask("GET", "/session"), 401), "not_signed_in");
    owner.get("/session");
    author.get("/session");
}

#[test]
fn a_new_password_needs_the_old_one_and_signs_out_everywhere_else() {
    let site = Site::empty();
    let (owner, phone) = (Guest::owner(&site, "empty"), Guest::sign_in(&site, EMAIL));
    let change = |body: Value| owner.ask("PATCH", "/account").json(&body);
    let guessed = json!({ "password": "another good password", "current_password": "guessed" });
    assert_eq!(refused(change(guessed), 422), "invalid");
    let known = json!({ "password": "another good password", "current_password": PASSWORD, "name": "Ada L." });
    answer(change(known), 204);
    assert_eq!(owner.get("/session")["user"]["name"], "Ada L.");
    assert_eq!(refused(phone.ask("GET", "/session"), 401), "not_signed_in");
}

#[test]
fn how_one_signs_in_is_not_changed_around_the_old_password() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    turned_on(&owner);
    let own = format!("/users/{}", owner.get("/session")["user"]["id"].as_str().expect("an id"));
    for patch in [json!({ "password": "another good password" }), json!({ "second_factor": false })] {
        assert_eq!(refused(owner.ask("PATCH", &own).json(&patch), 409), "wrong_state");
    }
    assert_eq!(owner.get("/account/second-factor")["recovery_codes"], 10);
    answer(owner.ask("PATCH", &own).json(&json!({ "name": "Ada L." })), 200);
}

#[test]
fn somebody_who_is_invited_makes_an_account_once() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let invite = |email: &str| owner.post("/invitations", &json!({ "email": email, "role": "editor" }));
    assert_eq!(refused(invite(EMAIL), 409), "email_taken");
    let first = answer(invite("bob@example.org"), 201);
    let second = answer(invite("Bob@example.org "), 201);
    let secret = |made: &Value| {
        let link = made["link"].as_str().expect("a link");
        link.split_once("/admin/join#").expect("a link to the admin").1.to_owned()
    };
    let stranger = Guest::stranger(&site);
    let open = |secret: &str| stranger.post("/invitations/open", &json!({ "secret": secret }));
    assert_eq!(refused(open(&secret(&first)), 404), "not_found", "asking again takes the first link back");
    assert_eq!(
        answer(open(&secret(&second)), 200),
        json!({ "email": "bob@example.org", "role": "editor", "host": "Ada", "site": "Roses" })
    );
    let accept = |name: &str, password: &str| {
        let body = json!({ "secret": secret(&second), "name": name, "password": password });
        stranger.post("/invitations/accept", &body)
    };
    assert_eq!(refused(accept("Bob", "short"), 422), "invalid");
    assert_eq!(refused(accept(" ", PASSWORD), 422), "invalid");
    let joined = send(accept("Bob", PASSWORD));
    assert_eq!(joined.status, 201, "{}", joined.text());
    assert_eq!(joined.json()["user"]["role"], "editor");
    Guest::with_cookie(&site, &joined).get("/posts");
    assert_eq!(refused(accept("Bob", PASSWORD), 404), "not_found");
    assert_eq!(owner.get("/invitations")["items"], json!([]));
}

#[test]
fn invitations_are_taken_back_and_owners_are_invited_by_owners() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let administrator = Guest::member(&site, "administrator");
    let wanted = json!({ "email": "eve@example.org", "role": "owner" });
    assert_eq!(refused(administrator.post("/invitations", &wanted), 403), "forbidden");
    let made = answer(owner.post("/invitations", &wanted), 201);
    let listed = administrator.get("/invitations");
    assert_eq!(listed["items"][0]["email"], "eve@example.org");
    let secret = made["link"].as_str().expect("a link").split_once('#').expect("a secret").1;
    assert!(!listed.to_string().contains(secret), "{listed}");
    answer(administrator.ask("DELETE", &format!("/invitations/{}", id(&made))), 204);
    let open = Guest::stranger(&site).post("/invitations/open", &json!({ "secret": secret }));
    assert_eq!(refused(open, 404), "not_found");
}

#[test]
fn whoever_is_suspended_cannot_come_in_and_can_be_let_back_in() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let author = Guest::member(&site, "administrator");
    let token = answer(author.post("/tokens", &json!({ "name": "mine", "scopes": ["content:read"] })), 201);
    let program = || site.request("GET", "/api/v1/posts").bearer_auth(token["token"].as_str().expect("a token"));
    answer(program(), 200);
    let people = owner.get("/users");
    let of = |role: &str| {
        let all = people["items"].as_array().expect("a list");
        format!("/users/{}", id(all.iter().find(|user| user["role"] == role).expect("somebody")))
    };
    let suspend = |path: String, yes: bool| owner.ask("PATCH", &path).json(&json!({ "suspended": yes }));
    assert_eq!(refused(suspend(of("owner"), true), 409), "wrong_state");
    assert_eq!(answer(suspend(of("administrator"), true), 200)["suspended"], true);
    assert_eq!(refused(author.ask("GET", "/posts"), 401), "not_signed_in");
    assert_eq!(refused(program(), 401), "bad_token");
    let sign_in = json!({ "email": "administrator@example.org", "password": PASSWORD });
    assert_eq!(refused(Guest::stranger(&site).post("/session", &sign_in), 403), "forbidden");
    answer(suspend(of("administrator"), false), 200);
    Guest::sign_in(&site, "administrator@example.org");
    answer(program(), 200);
}

#[test]
fn people_see_when_a_token_and_a_session_were_last_used() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let made = answer(owner.post("/tokens", &json!({ "name": "deploy", "scopes": ["content:read"] })), 201);
    assert_eq!(owner.get("/tokens")["items"][0]["last_used"], Value::Null);
    answer(site.request("GET", "/api/v1/posts").bearer_auth(made["token"].as_str().expect("a token")), 200);
    site.wait_for("use of the token", || {
        let listed = owner.get("/tokens");
        listed["items"][0]["last_used"].as_str().map(str::to_owned)
    });
    assert!(owner.get("/account/sessions")["items"][0]["last_seen"].is_string());
}
