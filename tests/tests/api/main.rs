//! The admin API as browsers and programs meet it.

mod access;
mod cache;
mod documents;
mod doors;
mod media;
mod moving;
mod posts;
mod roles;
mod system;
mod themes;
mod watching;
mod webhooks;

use std::{io::Write, process::Stdio};

use perennial_tests::{
    Answer, Site,
    binary::{self, perennial},
    editor::{EMAIL, PASSWORD},
    site::URL,
};
use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

/// Whoever asks the API.
struct Guest<'s> {
    site: &'s Site,
    headers: Vec<(&'static str, String)>,
}

impl<'s> Guest<'s> {
    /// A browser that is not signed in.
    fn stranger(site: &'s Site) -> Self {
        Self { site, headers: vec![("origin", URL.into())] }
    }

    /// The owner of a site that is set up now.
    fn owner(site: &'s Site, start: &str) -> Self {
        let answer = send(Self::stranger(site).post("/setup", &setup(site, start)));
        assert_eq!(answer.status, 201, "{}", answer.text());
        Self::with_cookie(site, &answer)
    }

    fn sign_in(site: &'s Site, email: &str) -> Self {
        let answer = send(Self::stranger(site).post("/session", &json!({ "email": email, "password": PASSWORD })));
        assert_eq!(answer.status, 200, "{}", answer.text());
        Self::with_cookie(site, &answer)
    }

    /// Somebody new, made beside the running server.
    fn member(site: &'s Site, role: &str) -> Self {
        let email = format!("{role}@example.org");
        let mut command = binary::command(site.folder())
            .args(["user", "add", "--email", &email, "--name", role, "--role", role, "--password-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        command.stdin.take().expect("it was asked for").write_all(PASSWORD.as_bytes()).expect("it reads");
        assert!(command.wait().expect("it ends").success());
        Self::sign_in(site, &email)
    }

    /// A program with a token made beside the running server.
    fn program(site: &'s Site, scopes: &str) -> Self {
        let made = perennial(site.folder(), &["token", "create", "--name", "test", "--scopes", scopes], &[]);
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        assert_eq!(made.stdout.lines().count(), 1, "the token alone: {}", made.stdout);
        Self { site, headers: vec![("authorization", format!("Bearer {}", made.stdout.trim()))] }
    }

    fn with_cookie(site: &'s Site, answer: &Answer) -> Self {
        let mut guest = Self::stranger(site);
        guest.headers.push(("cookie", cookie(answer)));
        guest
    }

    fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        let request = self.site.request(method, &format!("/api/v1{path}"));
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    fn get(&self, path: &str) -> Value {
        answer(self.ask("GET", path), 200)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.ask("POST", path).json(body)
    }

    /// Changes the version that was seen.
    fn patch(&self, path: &str, seen: &Value, body: &Value) -> RequestBuilder {
        self.ask("PATCH", path).header("if-match", version(seen)).json(body)
    }

    fn delete(&self, path: &str, seen: &Value) -> RequestBuilder {
        self.ask("DELETE", path).header("if-match", version(seen))
    }

    /// A post that readers see from now on; its receipt.
    fn published(&self, title: &str, tag: &str) -> Value {
        let new = json!({ "title": title, "markdown": "Text.", "tags": [tag] });
        let post = answer(self.post("/posts", &new), 201);
        answer(self.ask("POST", &format!("/posts/{}/publish", id(&post))), 200)
    }
}

fn send(request: RequestBuilder) -> Answer {
    Answer::of(request.send().expect("an answer")).expect("all of it")
}

/// The document of a request that is answered with this status.
fn answer(request: RequestBuilder, status: u16) -> Value {
    let answer = send(request);
    assert_eq!(answer.status, status, "{}", answer.text());
    if answer.body.is_empty() { Value::Null } else { answer.json() }
}

/// The code of the problem with which a request is refused.
fn refused(request: RequestBuilder, status: u16) -> String {
    let answer = send(request);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (status, "application/problem+json"),
        "{}",
        answer.text()
    );
    let problem = answer.json();
    assert!(problem["status"] == status && !problem["detail"].as_str().unwrap_or_default().is_empty(), "{problem}");
    problem["code"].as_str().unwrap_or_default().to_owned()
}

/// `name=value`.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned()
}

fn id(document: &Value) -> &str {
    document["id"].as_str().expect("an id")
}

fn version(document: &Value) -> String {
    format!("\"{}\"", document["version"])
}

/// What sets the site up.
fn setup(site: &Site, start: &str) -> Value {
    json!({
        "token": site.setup_token(), "site_title": "Roses", "name": "Ada", "email": EMAIL, "password": PASSWORD,
        "language": "en", "timezone": "UTC", "start": start
    })
}
