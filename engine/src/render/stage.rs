//! A stage: a theme made ready to render with, its templates compiled and fingerprinted.

use std::collections::BTreeMap;

use actix_web::http::header::HeaderValue;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig};
use serde_json::Value;

use crate::{
    content::{
        read::{Answer, Answered, Fingerprint, Read},
        seen::Seen,
        settings,
    },
    raster,
    theme::{Theme, ThemeError, asset::Asset, route::Route},
};

use super::{
    encode::Encoded,
    filter, function,
    key::PageKey,
    language,
    question::{Question, Recorded},
};

/// Instructions one render may run: enough for a page of thousands of items, too few for an endless loop.
const FUEL: u64 = 20_000_000;

/// A compiled theme. Never changes: a changed theme is a new stage, swapped in at once.
#[derive(Debug)]
pub struct Stage {
    pub theme: Theme,
    pub templates: Environment<'static>,
    fingerprints: BTreeMap<String, Fingerprint>,
    /// Assets by their URLs, in every encoding.
    encoded: BTreeMap<String, Encoded>,
    /// What browsers hold its pages to.
    pub policy: HeaderValue,
    whole: Fingerprint,
}

impl Stage {
    pub fn build(theme: Theme) -> Result<Self, ThemeError> {
        let mut templates = Environment::new();
        templates.set_auto_reload(false);
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        templates.set_auto_escape_callback(escaping);
        templates.set_fuel(Some(FUEL));
        templates.set_debug(true);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            templates.set_syntax(syntax);
        }
        function::register(&mut templates);
        filter::register(&mut templates);
        language::register(&mut templates);
        for (name, source) in &theme.templates {
            templates.add_template_owned(name.clone(), source.clone()).map_err(|error| ThemeError::Template {
                template: name.clone(),
                line: error.line().unwrap_or(1),
                problem: error.detail().unwrap_or("cannot be parsed").to_owned(),
                detail: error.display_debug_info().to_string(),
            })?;
        }
        let own = |name: &String| (name.clone(), fingerprint(&theme, name));
        let fingerprints: BTreeMap<_, _> = theme.templates.keys().map(own).collect();
        let assets: Vec<_> = theme.assets.iter().map(|(_, asset)| &asset.url).collect();
        let settings: Vec<_> = theme.settings.iter().map(|(name, setting)| (name, setting.decisive())).collect();
        let whole = Fingerprint::of(format!("{fingerprints:?} {assets:?} {settings:?}").as_bytes());
        let encoded = theme
            .assets
            .iter()
            .map(|(_, asset)| (asset.url.clone(), Encoded::of(asset.body.clone(), &asset.content_type)));
        let encoded = encoded.collect();
        let policy = HeaderValue::from_str(&theme.csp.policy()).map_err(|_| ThemeError::Manifest {
            line: 1,
            problem: "[csp]: an origin has a character that no header may hold".into(),
        })?;
        Ok(Self { theme, templates, fingerprints, encoded, policy, whole })
    }

    /// The asset that is served under this URL.
    pub fn asset(&self, url: &str) -> Option<(&Asset, &Encoded)> {
        let (_, asset) = self.theme.assets.iter().find(|(_, asset)| asset.url == url)?;
        Some((asset, self.encoded.get(url)?))
    }

    /// Whether this theme would make the page of `key` as another stage did: everything that was read of the theme is as it
    /// was, and the first route in line for the path had its say.
    pub fn agrees(&self, key: &PageKey, reads: &[Recorded]) -> bool {
        let same = |read: &Recorded| {
            let of_content = matches!(read.question, Question::Content(..) | Question::Dates(_));
            let of_theme = !of_content && read.question.inner_name().is_none();
            !of_theme || self.fingerprint(&read.question) == Some(read.fingerprint)
        };
        let asked = |route: &Route| {
            reads.iter().any(|read| matches!(&read.question, Question::Route(name) if *name == route.name))
        };
        reads.iter().all(same) && self.theme.routes.matching(key.path()).next().is_none_or(|(route, _)| asked(route))
    }

    /// Over every template, asset and setting, so over all that a theme can do in a render.
    pub fn fingerprint_of_all(&self) -> Fingerprint {
        self.whole
    }

    /// The value of a setting that the theme declares: the owner's, or the theme's default where none is set or the theme does not
    /// allow it (any more).
    pub fn setting<'a>(&'a self, name: &str, answer: &'a Answer) -> Option<&'a Value> {
        let declared = self.theme.settings.get(name)?;
        Some(match answer {
            Answer::Setting(Some(value)) if declared.check(value).is_ok() => value,
            _ => &declared.default,
        })
    }

    /// What a template saw of an answer. An owner's value that is the theme's own anyway changes nothing.
    pub fn seen(&self, read: &Read, answered: &Answered, seen: Seen) -> Fingerprint {
        let declared = match read {
            Read::Setting { key } => key.strip_prefix(&settings::theme_key(&self.theme.name, "")),
            _ => None,
        };
        match declared.and_then(|name| self.setting(name, &answered.answer)) {
            Some(value) => Fingerprint::of(value.to_string().as_bytes()),
            None => answered.fingerprint(seen, &self.theme.permalinks),
        }
    }

    /// What this question about the theme is answered with; `None` when the theme has no such thing, or it is about content.
    pub fn fingerprint(&self, question: &Question) -> Option<Fingerprint> {
        match question {
            Question::Content(..) | Question::Dates(_) | Question::Fetch(_) | Question::Cached(_) => None,
            Question::Template(name) => self.fingerprints.get(name).copied(),
            Question::Route(name) => {
                self.theme.routes.named(name).map(|route| Fingerprint::of(format!("{route:?}").as_bytes()))
            }
            Question::Routes => {
                let routes = &self.theme.routes;
                Some(Fingerprint::of(format!("{:?} {:?}", routes.fixed(), routes.routed()).as_bytes()))
            }
            Question::Asset(path) => self.theme.assets.named(path).map(|asset| Fingerprint::of(asset.hash.as_bytes())),
            Question::Declared(name) => {
                self.theme.settings.get(name).map(|setting| Fingerprint::of(setting.decisive().as_bytes()))
            }
        }
    }
}

/// Everything is escaped but plain text: a template's name decides nothing else.
fn escaping(name: &str) -> AutoEscape {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "txt" => AutoEscape::None,
        "json" => AutoEscape::Json,
        _ => AutoEscape::Html,
    }
}

/// Over a template, all it can include, the permalinks its links are made with, what its words are in other languages, and
/// the engine that reads it.
fn fingerprint(theme: &Theme, name: &str) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.update(format!("{:?}", theme.permalinks).as_bytes());
    hasher.update(format!("{:?} {:?} {:?}", theme.locales, theme.images, raster::formats(".jpg")).as_bytes());
    for name in theme.reached(name) {
        hasher.update(name.as_bytes());
        hasher.update(theme.templates.get(name).map_or(b"", |source| source.as_bytes()));
    }
    Fingerprint::of(hasher.finalize().as_bytes())
}
