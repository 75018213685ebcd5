//! Configuration: defaults, then `perennial.toml`, then the environment, then flags; the last one that says something wins.

use std::{
    collections::BTreeMap,
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use crate::outbound::Allowed;
use crate::proxies::Proxies;

/// Every name, with its default. In the environment it is `PERENNIAL_` and the name in capitals.
const NAMES: &[(&str, &str)] = &[
    ("listen", "127.0.0.1:8080"),
    ("site_url", "http://localhost:8080"),
    ("data_dir", "data"),
    ("database_url", ""),
    ("cache_url", "fs:"),
    ("cache_memory", "256MiB"),
    ("cache_disk", "4GiB"),
    ("media_url", "fs:"),
    ("themes_dir", "themes"),
    ("theme", "default"),
    ("trusted_proxies", ""),
    ("fetch_allow", ""),
    ("owner_email", ""),
    ("owner_password", ""),
    ("log", "info"),
    ("log_format", "text"),
    ("debug_cache", "0"),
];

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{origin}: {name} = {value:?} is not usable: {problem}")]
    Value { origin: String, name: &'static str, value: String, problem: String },
    #[error("{file}: there is no setting {name:?}; the settings are {}", NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "))]
    UnknownName { file: String, name: String },
    #[error("{file}: {problem}")]
    File { file: String, problem: String },
}

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Without a trailing slash; the only source of absolute URLs.
    pub site_url: String,
    pub data_dir: PathBuf,
    pub database_url: String,
    pub cache: CachePlace,
    /// Bytes of page bodies in memory.
    pub cache_memory: usize,
    /// Bytes of the shelf in a folder.
    pub cache_disk: u64,
    pub media: PathBuf,
    pub themes_dir: PathBuf,
    pub theme: String,
    pub trusted_proxies: Proxies,
    /// Private destinations that `fetch` may reach.
    pub fetch_allow: Allowed,
    /// E-mail and password of the owner to create at the first start.
    pub owner: Option<(String, String)>,
    pub log: String,
    pub log_format: LogFormat,
    pub debug_cache: bool,
    /// All of them as they may be shown.
    pub shown: Vec<Setting>,
}

/// A setting as an operator reads it, without what is secret in it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Setting {
    pub name: String,
    pub value: String,
    /// Where it was said: a file, the environment, an argument, or nowhere.
    pub origin: String,
}

/// Where pages are kept beside memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CachePlace {
    Folder(PathBuf),
    /// A URL.
    Redis(String),
    Memory,
    /// Every page is rendered per request.
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Every value as it was said, and where.
#[derive(Clone, Debug)]
pub struct Said(BTreeMap<&'static str, (String, String)>);

impl Said {
    /// `file`: `perennial.toml` of the working directory unless another is named; only a named one has to exist.
    pub fn gather(file: Option<&Path>, flags: &[(&'static str, String)]) -> Result<Self, ConfigError> {
        let mut said = Self::defaults();
        let named = file.is_some();
        let file = file.unwrap_or(Path::new("perennial.toml"));
        match fs::read_to_string(file) {
            Ok(text) => said.read(&file.display().to_string(), &text)?,
            Err(error) if named || error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ConfigError::File {
                    file: file.display().to_string(),
                    problem: format!("cannot be read: {error}"),
                });
            }
            Err(_) => {}
        }
        for (name, _) in NAMES {
            let variable = format!("PERENNIAL_{}", name.to_uppercase());
            if let Ok(value) = env::var(&variable) {
                said.0.insert(name, (value, variable));
            }
        }
        for (name, value) in flags {
            said.0.insert(name, (value.clone(), format!("--{}", name.replace('_', "-"))));
        }
        Ok(said)
    }

    /// Each name with its value, as it may be shown, and where it was said.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, String, &str)> {
        NAMES.iter().map(|(name, _)| match self.0.get(name) {
            Some((value, origin)) => (*name, shown(name, value), origin.as_str()),
            None => (*name, String::new(), "default"),
        })
    }

    fn defaults() -> Self {
        Self(NAMES.iter().map(|(name, default)| (*name, ((*default).into(), "default".into()))).collect())
    }

    fn read(&mut self, file: &str, content: &str) -> Result<(), ConfigError> {
        let table: toml::Table = content.parse().map_err(|error: toml::de::Error| ConfigError::File {
            file: file.into(),
            problem: error.to_string().trim_end().replace('\n', " "),
        })?;
        for (name, value) in table {
            let Some((name, _)) = NAMES.iter().find(|(known, _)| *known == name) else {
                return Err(ConfigError::UnknownName { file: file.into(), name });
            };
            let value = match value {
                toml::Value::String(text) => text,
                other => other.to_string(),
            };
            self.0.insert(name, (value, file.into()));
        }
        Ok(())
    }
}

/// A value without what is secret in it.
fn shown(name: &str, value: &str) -> String {
    match (name, value.split_once("://"), value.rsplit_once('@')) {
        ("owner_password", ..) if !value.is_empty() => "…".to_owned(),
        (_, Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => value.to_owned(),
    }
}

impl Config {
    pub fn of(said: &Said) -> Result<Self, ConfigError> {
        let data_dir = PathBuf::from(text(said, "data_dir"));
        let site_url = parse(said, "site_url", |url| {
            let host = url
                .strip_prefix("https://")
                .or_else(|| url.strip_prefix("http://"))
                .ok_or("it begins with http:// or https://")?;
            let host = host.trim_end_matches('/');
            if host.is_empty() || host.contains(['/', '?', '#', ' ']) {
                return Err("it is a scheme and a host, without a path".into());
            }
            Ok(url.trim_end_matches('/').to_owned())
        })?;
        let database_url = parse(said, "database_url", |url| match url {
            "" => Ok(format!("sqlite://{}?mode=rwc", data_dir.join("perennial.db").display())),
            url if url.starts_with("sqlite://") || url.starts_with("postgres://") => Ok(url.to_owned()),
            _ => Err("it begins with sqlite:// or postgres://".into()),
        })?;
        let cache = parse(said, "cache_url", |url| match url {
            "off" => Ok(CachePlace::Off),
            "memory:" | "memory" => Ok(CachePlace::Memory),
            url if url.starts_with("redis://") => Ok(CachePlace::Redis(url.to_owned())),
            url => match folder(url, &data_dir, "cache") {
                Ok(folder) => Ok(CachePlace::Folder(folder)),
                Err(_) => Err("it is fs:, fs:/a/folder, redis://host:port, memory: or off".into()),
            },
        })?;
        let owner =
            Some((text(said, "owner_email"), text(said, "owner_password"))).filter(|(email, _)| !email.is_empty());
        Ok(Self {
            listen: parse(said, "listen", |value| {
                value.parse().map_err(|_| "it is an address and a port, such as 127.0.0.1:8080".into())
            })?,
            site_url,
            database_url,
            cache,
            cache_memory: parse(said, "cache_memory", bytes)?,
            cache_disk: parse(said, "cache_disk", |text| Ok(bytes(text)? as u64))?,
            media: parse(said, "media_url", |url| folder(url, &data_dir, "media"))?,
            themes_dir: PathBuf::from(text(said, "themes_dir")),
            theme: text(said, "theme"),
            trusted_proxies: parse(said, "trusted_proxies", str::parse)?,
            fetch_allow: parse(said, "fetch_allow", Allowed::parse)?,
            owner,
            log: text(said, "log"),
            log_format: parse(said, "log_format", |value| match value {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("it is text or json".into()),
            })?,
            debug_cache: parse(said, "debug_cache", |value| match value {
                "1" | "true" => Ok(true),
                "" | "0" | "false" => Ok(false),
                _ => Err("it is 1 or 0".into()),
            })?,
            shown: said
                .lines()
                .map(|(name, value, origin)| Setting { name: name.into(), value, origin: origin.into() })
                .collect(),
            data_dir,
        })
    }
}

fn text(said: &Said, name: &'static str) -> String {
    said.0.get(name).map(|(value, _)| value.clone()).unwrap_or_default()
}

fn parse<T>(said: &Said, name: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Result<T, ConfigError> {
    let (value, origin) = said.0.get(name).cloned().unwrap_or_default();
    read(&value).map_err(|problem| {
        // A URL may hold a password.
        let value = if name.ends_with("_url") && value.contains('@') { "…".to_owned() } else { value };
        ConfigError::Value { origin, name, value, problem }
    })
}

fn folder(url: &str, data_dir: &Path, default: &str) -> Result<PathBuf, String> {
    match url.strip_prefix("fs:") {
        Some("") => Ok(data_dir.join(default)),
        Some(path) => Ok(PathBuf::from(path)),
        None => Err("it is fs: or fs:/a/folder".into()),
    }
}

/// `256MiB`, `4GiB`, `1000000`.
fn bytes(text: &str) -> Result<usize, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: usize = match unit.trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err("it is a number of bytes, such as 256MiB or 4GiB".into()),
    };
    let number: usize = number.parse().map_err(|_| "it is a number of bytes, such as 256MiB or 4GiB".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "it is more than this machine can count".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &str) -> Result<Config, ConfigError> {
        let mut said = Said::defaults();
        said.0.insert(name, (value.into(), "PERENNIAL_TEST".into()));
        Config::of(&said)
    }

    #[test]
    fn a_broken_value_is_one_sentence_that_names_it() {
        for (name, value) in [
            ("listen", "8080"),
            ("site_url", "example.org"),
            ("cache_memory", "lots"),
            ("cache_url", "rediss://x"),
            ("cache_disk", "half"),
            ("log_format", "xml"),
        ] {
            let error = with(name, value).unwrap_err().to_string();
            assert!(error.starts_with(&format!("PERENNIAL_TEST: {name} = {value:?} is not usable: ")), "{error}");
            assert!(!error.contains('\n'));
        }
        assert!(!with("database_url", "mysql://me:secret@host").unwrap_err().to_string().contains("secret"));
    }

    #[test]
    fn a_file_with_an_unknown_name_is_refused() {
        let error = Said::defaults().read("perennial.toml", "lisen = '127.0.0.1:1'").unwrap_err().to_string();
        assert!(error.contains("no setting \"lisen\""), "{error}");
    }

    #[test]
    fn what_is_secret_is_not_shown() {
        assert_eq!(shown("database_url", "postgres://me:s3c@ret@db/site"), "postgres://…@db/site");
        assert_eq!(shown("owner_password", "correct horse"), "…");
        assert_eq!(shown("owner_email", "ada@example.org"), "ada@example.org");
    }

    #[test]
    fn folders_follow_the_data_folder_until_they_are_named() {
        let config = with("data_dir", "/srv/site").unwrap();
        assert_eq!(config.media, Path::new("/srv/site/media"));
        assert_eq!(config.cache, CachePlace::Folder("/srv/site/cache".into()));
        assert_eq!(config.database_url, "sqlite:///srv/site/perennial.db?mode=rwc");
        assert_eq!(with("cache_url", "fs:/fast").unwrap().cache, CachePlace::Folder("/fast".into()));
        assert_eq!(with("cache_memory", "64KiB").unwrap().cache_memory, 65_536);
    }
}
