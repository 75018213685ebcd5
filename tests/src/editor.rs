//! Somebody who is signed in to the admin, by way of its API.

use serde_json::{Value, json};

use crate::{
    answer::Answer,
    site::{Site, URL},
};

pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "correct horse battery";

#[derive(Clone, Debug)]
pub struct Editor<'s> {
    site: &'s Site,
    /// `name=value`.
    cookie: String,
}

impl<'s> Editor<'s> {
    /// Follows the link that the log shows, on an empty site.
    pub(crate) fn set_up(site: &'s Site) -> Self {
        let owner = json!({
            "token": site.setup_token(), "site_title": "Field Notes", "name": "Ada Lane", "email": EMAIL,
            "password": PASSWORD, "start": "empty",
        });
        Self::enter(site, "/api/v1/setup", &owner, 201)
    }

    /// Signs in as the owner.
    pub fn sign_in(site: &'s Site) -> Self {
        Self::enter(site, "/api/v1/session", &json!({"email": EMAIL, "password": PASSWORD}), 200)
    }

    fn enter(site: &'s Site, path: &str, body: &Value, expected: u16) -> Self {
        let request = site.request("POST", path).header("origin", URL).json(body);
        let answer = request.send().and_then(Answer::of).expect("an answer");
        assert_eq!(answer.status, expected, "{path}: {}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Self { site, cookie }
    }

    /// `name=value`, as a browser sends it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    pub fn site(&self) -> &'s Site {
        self.site
    }

    /// One request, whatever becomes of it: `None` when the site goes down under it.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Option<Answer> {
        let mut request = self.site.request(method, &format!("/api/v1{path}"));
        request = request.header("origin", URL).header("cookie", &self.cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().and_then(Answer::of).ok()
    }

    /// One request that succeeds.
    fn done(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Value {
        let answer = self.ask(method, path, headers, body).expect("an answer");
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    pub fn get(&self, path: &str) -> Value {
        self.done("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.done("POST", path, &[], Some(&body))
    }

    /// Changes the document that is there now.
    pub fn patch(&self, path: &str, body: Value) -> Value {
        self.done("PATCH", path, &[("if-match", &self.etag(path))], Some(&body))
    }

    /// Replaces the document that is there now, or makes it.
    pub fn put(&self, path: &str, body: Value) -> Value {
        let there = self.ask("GET", path, &[], None).expect("an answer");
        let condition = if there.status == 404 { ("if-none-match", "*") } else { ("if-match", there.etag()) };
        self.done("PUT", path, &[condition], Some(&body))
    }

    pub fn delete(&self, path: &str) -> Value {
        self.done("DELETE", path, &[("if-match", &self.etag(path))], None)
    }

    fn etag(&self, path: &str) -> String {
        let there = self.ask("GET", path, &[], None).expect("an answer");
        assert_eq!(there.status, 200, "{path}");
        there.etag().to_owned()
    }

    /// Writes a post and publishes it; its id.
    pub fn published(&self, post: Value) -> String {
        let id = self.post("/posts", post)["id"].as_str().expect("an id").to_owned();
        self.post(&format!("/posts/{id}/publish"), json!({}));
        id
    }
}
