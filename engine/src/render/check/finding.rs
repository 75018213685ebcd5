//! Findings: what is wrong with a theme, where, and how to mend it.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// How bad it is. The first two keep a theme from being activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It cannot serve a site.
    Fatal,
    /// Readers would meet something broken.
    Error,
    /// It costs some readers something.
    Warning,
    Advice,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    pub level: Level,
    /// The rule's name, for programs.
    pub rule: &'static str,
    /// Below the theme's folder.
    pub file: String,
    pub line: usize,
    pub problem: String,
    /// What to do about it.
    pub mend: String,
}

impl Finding {
    pub fn new(
        level: Level,
        rule: &'static str,
        file: impl Into<String>,
        line: usize,
        problem: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { level, rule, file: file.into(), line, problem: problem.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Fatal => "fatal",
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Advice => "advice",
        };
        let Self { rule, file, line, problem, mend, .. } = self;
        write!(f, "{level:<7} {file}:{line}: {problem} {mend} ({rule})")
    }
}

/// All that was found, the worst first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Report(pub Vec<Finding>);

impl Report {
    /// Takes a finding, one of each rule at each place.
    pub fn add(&mut self, finding: Finding) {
        let same =
            |known: &Finding| (known.rule, &known.file, known.line) == (finding.rule, &finding.file, finding.line);
        if !self.0.iter().any(same) {
            self.0.push(finding);
        }
    }

    /// Whether this rule has found something in one of these files.
    pub fn has(&self, rule: &str, mut files: impl Iterator<Item = String>) -> bool {
        files.any(|file| self.0.iter().any(|known| known.rule == rule && known.file == file))
    }

    pub fn worst(&self) -> Option<Level> {
        self.0.iter().map(|finding| finding.level).min()
    }

    /// Whether a site may be given this theme.
    pub fn passes(&self) -> bool {
        self.worst().is_none_or(|worst| worst > Level::Error)
    }

    pub(super) fn sort(&mut self) {
        self.0.sort_by(|a, b| (a.level, &a.file, a.line, a.rule).cmp(&(b.level, &b.file, b.line, b.rule)));
    }
}
