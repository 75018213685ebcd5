//! What a row does: the verbs of readers, editors and programs, on pages of the row's own.

use std::{
    ops::Deref,
    panic::resume_unwind,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use perennial_tests::{Answer, Site};
use reqwest::blocking::RequestBuilder;
use serde_json::{Value, json};

use crate::{server::Host, source::Source};

/// How long anything that a row waits for may take.
const PATIENCE: Duration = Duration::from_secs(40);

/// A server, and the word that a row puts into its paths, slugs and tags.
#[derive(Debug)]
pub struct Lab<'h> {
    host: &'h Host,
    /// Such as `h05-18f3a2c91d4`.
    pub word: String,
}

/// An answer of the fixture theme.
#[derive(Clone, Debug)]
pub struct Page(Answer);

impl Deref for Page {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.0
    }
}

impl Page {
    /// The value in the line `name: value`, or of a JSON member.
    #[track_caller]
    pub fn says(&self, name: &str) -> String {
        let text = self.text();
        let Some((_, rest)) = text.split_once(name) else { panic!("no {name:?} in {} {text:?}", self.status) };
        rest.trim_start_matches(['"', ':', ' ']).split(['\n', '}', '<']).next().unwrap_or_default().to_owned()
    }

    /// A number that no other render has.
    #[track_caller]
    pub fn stamp(&self) -> String {
        self.says("gen")
    }

    #[track_caller]
    pub fn is(&self, status: u16, cache: &str) {
        assert_eq!((self.status, self.cache()), (status, cache), "{}", self.text());
    }

    /// The seconds that `s-maxage` gives.
    #[track_caller]
    pub fn shared_life(&self) -> u64 {
        number_after(self.header("cache-control"), "s-maxage=")
    }
}

/// The number after a word of a header.
#[track_caller]
pub fn number_after(header: &str, word: &str) -> u64 {
    let rest = header.split_once(word).unwrap_or_else(|| panic!("no {word} in {header:?}")).1;
    rest.split(',').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number: {header:?}"))
}

impl<'h> Lab<'h> {
    pub fn new(host: &'h Host, id: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_millis();
        let word = format!("{}-{now:x}", id.trim_start_matches("ISR-").to_lowercase());
        Self { host, word }
    }

    pub fn site(&self) -> &'h Site {
        self.host.site()
    }

    pub fn source(&self) -> &'h Source {
        &self.host.source
    }

    /// `{}` is the row's own word.
    pub fn path(&self, pattern: &str) -> String {
        pattern.replace("{}", &self.word)
    }

    /// Of scope `admin`.
    pub fn token(&self) -> &'h str {
        &self.host.token
    }

    /// A request of somebody unknown.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.host.request(method, path)
    }

    // --- Readers ---

    pub fn get(&self, path: &str) -> Page {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = self.request("GET", path);
        Page(answer(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))))
    }

    /// So many readers at the same moment.
    pub fn get_at_once(&self, readers: usize, path: &str) -> Vec<Page> {
        thread::scope(|scope| {
            let readers: Vec<_> = (0..readers).map(|_| scope.spawn(|| self.get(path))).collect();
            readers.into_iter().map(|reader| reader.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    /// Waits until readers get another making of the page than this one.
    pub fn get_renewed(&self, path: &str, old: &Page) -> Page {
        self.until("a new page", || Some(self.get(path)).filter(|page| page.stamp() != old.stamp()))
    }

    // --- Editors ---

    /// One request to the API with all permissions, whatever becomes of it.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let request = self.request(method, &format!("/api/v1{path}")).bearer_auth(self.token());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        answer(match body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    fn done(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Value {
        let answer = self.ask(method, path, headers, body);
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    pub fn read(&self, path: &str) -> Value {
        self.done("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.done("POST", path, &[], Some(body))
    }

    /// Changes or removes the document that is there now.
    pub fn edit(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let there = self.ask("GET", path, &[], None);
        let condition = if there.status == 404 { ("if-none-match", "*") } else { ("if-match", there.etag()) };
        self.done(method, path, &[condition], body)
    }

    /// Writes and publishes a post; its id.
    pub fn published(&self, fields: &Value) -> String {
        let id = self.written(fields);
        self.post(&format!("/posts/{id}/publish"), &json!({}));
        id
    }

    pub fn written(&self, fields: &Value) -> String {
        self.post("/posts", fields)["id"].as_str().expect("an id").to_owned()
    }

    /// Changes a post and publishes it again; the receipt.
    pub fn republished(&self, id: &str, change: &Value) -> Value {
        self.edit("PATCH", &format!("/posts/{id}"), Some(change));
        self.post(&format!("/posts/{id}/publish"), &json!({}))
    }

    pub fn unpublished(&self, id: &str) {
        self.post(&format!("/posts/{id}/unpublish"), &json!({}));
    }

    // --- Programs ---

    pub fn revalidate(&self, demand: &Value) -> Value {
        self.post("/revalidate", demand)
    }

    pub fn revalidate_path(&self, path: &str) {
        self.revalidate(&json!({ "paths": [path] }));
    }

    pub fn revalidate_tag(&self, tag: &str) {
        self.revalidate(&json!({ "tags": [tag] }));
    }

    /// Has the page made at once; what became of it.
    pub fn refresh(&self, path: &str) -> String {
        self.refreshed(&json!({ "paths": [path], "mode": "refresh" }))
    }

    pub fn refreshed(&self, demand: &Value) -> String {
        self.revalidate(demand)["results"][0]["state"].as_str().expect("a state").to_owned()
    }

    // --- What the cache says of a page; nobody visits it by asking ---

    pub fn explain(&self, path: &str) -> Value {
        self.read(&format!("/cache/explain?path={path}"))
    }

    /// How often it was made since the server started.
    pub fn renders(&self, path: &str) -> u64 {
        self.explain(path)["renders"].as_u64().expect("a number")
    }

    pub fn until_state(&self, path: &str, state: &str) {
        self.until(&format!("{path} that is {state}"), || (self.explain(path)["state"] == state).then_some(()));
    }

    pub fn until_renders(&self, path: &str, renders: u64) {
        self.until(&format!("{path} made {renders} times"), || (self.renders(path) >= renders).then_some(()));
    }

    /// Asks again and again, for a bounded time, until there is an answer.
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            assert!(Instant::now() < until, "no {what}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

pub fn answer(request: RequestBuilder) -> Answer {
    request.send().and_then(Answer::of).expect("an answer")
}
