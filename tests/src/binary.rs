//! The binary under test, and runs of it that end by themselves.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where the binary is.
pub fn path() -> PathBuf {
    let named = env::var_os("PERENNIAL_BIN").map(PathBuf::from);
    let path = named.unwrap_or_else(|| {
        let test = env::current_exe().expect("a test knows where it is");
        // target/<profile>/deps/<test>
        test.ancestors().nth(2).expect("tests are built into a folder").join("perennial")
    });
    assert!(path.is_file(), "{} is not there: build it first with `cargo build`, or set PERENNIAL_BIN", path.display());
    path
}

/// A command in `folder` that hears nothing of the settings around the tests.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PERENNIAL_")) {
        command.env_remove(name);
    }
    command
}

/// How a run ended, and what it said.
#[derive(Debug)]
pub struct Finished {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs `perennial` in `folder` until it ends.
pub fn perennial(folder: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Finished {
    let output = command(folder).args(arguments).envs(settings.iter().copied()).output().expect("the binary starts");
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}
