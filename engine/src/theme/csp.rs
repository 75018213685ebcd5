//! `[csp]`: other servers that a theme's pages use, and the policy that readers' browsers hold the pages to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ThemeError;

/// Origins by what is fetched from them: `font = ["https://fonts.example"]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Csp(BTreeMap<Kind, Vec<String>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Connect,
    Font,
    Frame,
    Img,
    Media,
    Script,
    Style,
}

impl Csp {
    pub fn allows(&self, origin: &str) -> bool {
        self.0.values().flatten().any(|known| known.trim_end_matches('/') == origin)
    }

    pub(super) fn check(&self) -> Result<(), ThemeError> {
        let strange = |c: char| !(c.is_ascii_alphanumeric() || "-.:*".contains(c));
        let origin = |text: &str| {
            let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("wss://"));
            host.is_some_and(|host| !host.is_empty() && !host.trim_end_matches('/').contains(strange))
        };
        match self.0.values().flatten().find(|text| !origin(text)) {
            Some(text) => Err(ThemeError::Manifest {
                line: 1,
                problem: format!("[csp]: {text:?} is no origin; write \"https://fonts.example\", without a path"),
            }),
            None => Ok(()),
        }
    }

    /// What a browser may run and load in a page, whatever somebody managed to write into it (Content Security Policy Level 3).
    /// Pictures, films and frames are not held to it: editors show them from anywhere.
    pub fn policy(&self) -> String {
        let from = |kind, always: &str| {
            let others = self.0.get(&kind).into_iter().flatten();
            others.fold(always.to_owned(), |sources, origin| format!("{sources} {origin}"))
        };
        [
            from(Kind::Script, "script-src 'self' 'inline-speculation-rules'"),
            from(Kind::Style, "style-src 'self'"),
            // Pictures say their colour and focal point there.
            "style-src-attr 'unsafe-inline'".into(),
            from(Kind::Font, "font-src 'self' data:"),
            from(Kind::Connect, "connect-src 'self'"),
            "object-src 'none'".into(),
            "base-uri 'none'".into(),
        ]
        .join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csp(toml: &str) -> Result<Csp, String> {
        let csp: Csp = toml::from_str(toml).map_err(|error| error.to_string())?;
        csp.check().map_err(|error| error.to_string())?;
        Ok(csp)
    }

    #[test]
    fn pages_run_what_is_theirs_and_what_the_theme_declares() {
        let own = Csp::default().policy();
        assert!(own.starts_with("script-src 'self' 'inline-speculation-rules'; style-src 'self'; "), "{own}");
        let more =
            csp("script = [\"https://a.example\", \"https://b.example/\"]\nimg = [\"https://c.example\"]").unwrap();
        assert!(
            more.policy().contains("speculation-rules' https://a.example https://b.example/; "),
            "{}",
            more.policy()
        );
        assert!(more.allows("https://c.example") && !more.policy().contains("c.example"));
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in
            ["script = [\"'unsafe-inline'\"]", "img = [\"https://a.example; script-src *\"]", "img = [\"a.example\"]"]
        {
            assert!(csp(wrong).unwrap_err().contains("is no origin"), "{wrong}");
        }
        assert!(csp("picture = []").unwrap_err().contains("unknown variant"));
    }
}
