//! The old site as its configuration describes it.

use jiff::tz::TimeZone;

use super::front::Fields;

/// Which program the tree was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Flavour {
    Zola,
    Hugo,
    Jekyll,
    /// An export of this engine.
    Perennial,
}

#[derive(Clone, Debug)]
pub struct Site {
    pub flavour: Flavour,
    /// `https://example.org`; empty when unknown.
    pub base_url: String,
    /// In which dates without an offset are meant.
    pub zone: TimeZone,
    /// The folder with the texts, with a slash behind it; empty for the root.
    pub content: String,
    /// Folders whose files the old site served at its root.
    pub statics: Vec<String>,
    pub config: Fields,
}

/// What an export of this engine says of itself.
pub const OWN: &str = "perennial-export.json";

/// Configuration files in the order in which they are looked for.
const CONFIGS: [(&str, Flavour); 16] = [
    (OWN, Flavour::Perennial),
    ("_config.yml", Flavour::Jekyll),
    ("_config.yaml", Flavour::Jekyll),
    ("_config.toml", Flavour::Jekyll),
    ("zola.toml", Flavour::Zola),
    ("hugo.toml", Flavour::Hugo),
    ("hugo.yaml", Flavour::Hugo),
    ("hugo.yml", Flavour::Hugo),
    ("hugo.json", Flavour::Hugo),
    ("config.toml", Flavour::Hugo),
    ("config.yaml", Flavour::Hugo),
    ("config.yml", Flavour::Hugo),
    ("config.json", Flavour::Hugo),
    ("config/_default/hugo.toml", Flavour::Hugo),
    ("config/_default/hugo.yaml", Flavour::Hugo),
    ("config/_default/config.toml", Flavour::Hugo),
];

impl Site {
    /// Recognises the tree by its files. `read` gives the text of one of them.
    pub fn recognise(files: &[String], read: impl Fn(&str) -> Option<String>) -> Self {
        let found = CONFIGS.iter().find(|(name, _)| files.iter().any(|file| file == name));
        let config = found.and_then(|(name, _)| parse(name, &read(name)?)).unwrap_or_default();
        let has =
            |folder: &str| files.iter().any(|file| file.starts_with(folder) || file.contains(&format!("/{folder}")));
        let flavour = match found {
            Some((_, Flavour::Hugo)) if config.has("base_url") => Flavour::Zola,
            Some((_, flavour)) => *flavour,
            None if has("_posts/") => Flavour::Jekyll,
            None => Flavour::Hugo,
        };
        let zone =
            config.first(&["timezone", "timeZone"]).and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC);
        let base_url = match flavour {
            Flavour::Zola => config.text("base_url"),
            Flavour::Hugo => config.first(&["baseURL", "baseurl", "baseUrl"]),
            Flavour::Perennial => None,
            Flavour::Jekyll => config.text("url").map(|url| url + config.text("baseurl").unwrap_or_default().as_str()),
        };
        let statics = match flavour {
            Flavour::Jekyll | Flavour::Perennial => vec![String::new()],
            _ => vec!["static/".to_owned(), "assets/".to_owned()],
        };
        let content = match flavour {
            Flavour::Jekyll | Flavour::Perennial => String::new(),
            Flavour::Zola | Flavour::Hugo => content_folder(files),
        };
        Self { flavour, base_url: base_url.unwrap_or_default(), zone, content, statics, config }
    }

    /// A file's path below the folder of the texts.
    pub fn below_content<'a>(&self, file: &'a str) -> Option<&'a str> {
        file.strip_prefix(&self.content)
    }
}

fn parse(name: &str, text: &str) -> Option<Fields> {
    if name.ends_with("toml") {
        Fields::toml(text).ok()
    } else if name.ends_with("json") {
        Fields::json(text).ok()
    } else {
        Fields::yaml(text).ok()
    }
}

/// `content/`, or the one language's folder below it, or the root of a bare folder of texts.
fn content_folder(files: &[String]) -> String {
    let mut inside = files.iter().filter_map(|file| file.strip_prefix("content/")).peekable();
    if inside.peek().is_none() {
        return String::new();
    }
    let mut languages = std::collections::BTreeSet::new();
    for file in inside {
        match file.split_once('/') {
            Some((folder, _)) if folder.len() == 2 && folder.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                languages.insert(folder)
            }
            _ => return "content/".to_owned(),
        };
    }
    match (languages.len(), languages.first()) {
        (1, Some(language)) => format!("content/{language}/"),
        _ => "content/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[&str], config: &str) -> Site {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        Site::recognise(&files, |_| Some(config.to_owned()))
    }

    #[test]
    fn trees_are_recognised() {
        let zola = site(&["config.toml", "content/a.md"], "base_url = \"https://x.org\"");
        assert_eq!(
            (zola.flavour, zola.base_url.as_str(), zola.content.as_str()),
            (Flavour::Zola, "https://x.org", "content/")
        );
        let hugo = site(&["config.toml", "content/a.md"], "baseURL = \"https://x.org/\"\ntimeZone = \"Europe/Paris\"");
        assert_eq!((hugo.flavour, hugo.zone.iana_name()), (Flavour::Hugo, Some("Europe/Paris")));
        let jekyll = site(&["_config.yml", "_posts/x.md"], "url: https://x.org\nbaseurl: /blog");
        assert_eq!((jekyll.flavour, jekyll.base_url.as_str()), (Flavour::Jekyll, "https://x.org/blog"));
        assert_eq!(site(&["sub/_posts/2020-01-01-x.md"], "").flavour, Flavour::Jekyll);
    }

    #[test]
    fn one_language_is_no_part_of_the_address() {
        assert_eq!(site(&["content/en/post/a.md", "content/en/b.md"], "").content, "content/en/");
        assert_eq!(site(&["content/en/a.md", "content/fr/a.md"], "").content, "content/");
        assert_eq!(site(&["a.md"], "").content, "");
    }
}
