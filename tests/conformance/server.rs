//! Servers with the fixture theme: those that the suite starts, and one that somebody else did.
//!
//! A server that runs already is asked when `PERENNIAL_CONFORMANCE_URL` and `PERENNIAL_CONFORMANCE_TOKEN` (of scope `admin`) name it. It
//! is started with `PERENNIAL_THEMES_DIR=tests/conformance PERENNIAL_THEME=theme PERENNIAL_FETCH_ALLOW=127.0.0.1` on the
//! machine of the suite, which answers the theme's `fetch` at the address in `theme/theme.toml`. The others keep their pages where
//! `PERENNIAL_CONFORMANCE_CACHE` says, such as `redis://localhost/`.

use std::{env, fs, path::Path, time::Duration};

use perennial_tests::{
    Site, Start,
    binary::perennial,
    editor::{EMAIL, PASSWORD},
};
use reqwest::{
    blocking::{Client, RequestBuilder},
    redirect,
};

use crate::source::Source;

/// Where the theme fetches from unless the suite writes another address into it.
const SOURCE: (&str, u16) = ("127.0.0.1:7357", 7357);

/// The server that somebody else started.
pub fn named() -> Option<String> {
    env::var("PERENNIAL_CONFORMANCE_URL").ok().map(|url| url.trim_end_matches('/').to_owned())
}

/// A server, and what its theme fetches from.
#[derive(Debug)]
pub struct Host {
    door: Door,
    pub source: Source,
    /// Of scope `admin`.
    pub token: String,
}

#[derive(Debug)]
enum Door {
    Own(Box<Site>),
    Named { url: String, client: Client },
}

impl Host {
    /// The one for all rows that do not need their own.
    pub fn shared() -> Self {
        named().map_or_else(|| Self::start(&[]), Self::running)
    }

    fn running(url: String) -> Self {
        let token = env::var("PERENNIAL_CONFORMANCE_TOKEN");
        let token = token.expect("PERENNIAL_CONFORMANCE_TOKEN: a token of scope admin of the server");
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(Duration::from_secs(30));
        let client = client.build().expect("a client");
        Self { door: Door::Named { url, client }, source: Source::start(SOURCE.1), token }
    }

    pub fn start(settings: &[(&str, &str)]) -> Self {
        let source = Source::start(0);
        let start = Start::default()
            .with("PERENNIAL_THEME", "conformance")
            .with("PERENNIAL_FETCH_ALLOW", "127.0.0.1")
            .with("PERENNIAL_OWNER_EMAIL", EMAIL)
            .with("PERENNIAL_OWNER_PASSWORD", PASSWORD);
        let place = env::var("PERENNIAL_CONFORMANCE_CACHE").map(|place| ("PERENNIAL_CACHE_URL", place)).ok();
        let start = place.iter().fold(start, |start, (name, place)| start.with(name, place));
        let start = settings.iter().fold(start, |start, (name, value)| start.with(name, value));
        write_theme(&start.folder().join("themes/conformance"), &source);
        let site = start.start();
        let made = perennial(site.folder(), &["token", "create", "--name", "conformance", "--scopes", "admin"], &[]);
        assert_eq!(made.code, Some(0), "{}", made.stderr);
        let token = made.stdout.trim().to_owned();
        Self { door: Door::Own(Box::new(site)), source, token }
    }

    /// What runs it, for rows that started it.
    pub fn site(&self) -> &Site {
        match &self.door {
            Door::Own(site) => site,
            Door::Named { .. } => panic!("only a row with a server of its own may touch what runs it"),
        }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        match &self.door {
            Door::Own(site) => site.request(method, path),
            Door::Named { url, client } => client.request(method.parse().expect("a method"), format!("{url}{path}")),
        }
    }
}

/// The fixture theme, with the address of this source.
fn write_theme(to: &Path, source: &Source) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/theme");
    fs::create_dir_all(to.join("templates")).expect("a folder");
    for template in fs::read_dir(from.join("templates")).expect("templates").flatten() {
        fs::copy(template.path(), to.join("templates").join(template.file_name())).expect("a copy");
    }
    let manifest = fs::read_to_string(from.join("theme.toml")).expect("a theme");
    assert!(manifest.contains(SOURCE.0), "the theme fetches from {}", SOURCE.0);
    fs::write(to.join("theme.toml"), manifest.replace(SOURCE.0, &source.address().to_string())).expect("a file");
}
