//! A site of a test's own: the real binary on an empty folder, started, stopped, killed and started again.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, ExitStatus, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use reqwest::{
    blocking::{Client, RequestBuilder},
    redirect,
};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{answer::Answer, binary, binary::Finished, editor::Editor, log::Log, theme::Theme};

/// The address that pages give themselves; requests go to wherever the site listens.
pub const URL: &str = "http://site.test";

/// How long anything that a test waits for may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a site is to be started.
#[derive(Debug)]
pub struct Start {
    folder: TempDir,
    settings: Vec<(String, String)>,
    arguments: Vec<String>,
}

impl Default for Start {
    fn default() -> Self {
        let (settings, arguments) = Default::default();
        Self { folder: tempfile::tempdir().expect("a folder"), settings, arguments }
    }
}

impl Start {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Of the command line.
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        self
    }

    pub fn theme(self, theme: &Theme) -> Self {
        theme.write(&self.folder.path().join("themes"));
        self.with("PERENNIAL_THEME", "mine")
    }

    /// Begins with a copy of everything that another site keeps but its pages. Nothing may be changing there.
    pub fn copy_of(self, site: &Site) -> Self {
        copy(&site.data(), &self.folder.path().join("data"), "cache");
        self
    }

    /// The working directory, for what has to be there before anything starts.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command on the folder before anything serves it.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        let settings: Vec<_> = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        binary::perennial(self.folder.path(), arguments, &settings)
    }

    pub fn start(self) -> Site {
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(PATIENCE).build();
        let site = Site {
            running: Mutex::new(None),
            address: Mutex::new((Ipv4Addr::LOCALHOST, 0).into()),
            folder: self.folder,
            settings: self.settings,
            arguments: self.arguments,
            client: client.expect("a client"),
        };
        site.start();
        site
    }
}

/// A running site. It is killed, and its folder removed, when it is dropped.
#[derive(Debug)]
pub struct Site {
    // Before the folder: what runs ends before its files go.
    running: Mutex<Option<Running>>,
    /// Where it listens, or listened last.
    address: Mutex<SocketAddr>,
    folder: TempDir,
    settings: Vec<(String, String)>,
    arguments: Vec<String>,
    client: Client,
}

#[derive(Debug)]
struct Running {
    process: Child,
    log: Log,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Either fails only when the process has ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Site {
    /// With nothing in it and every setting at its default.
    pub fn empty() -> Self {
        Start::default().start()
    }

    /// Starts what was stopped or killed, on the same folder, and waits until it is ready.
    pub fn start(&self) {
        let mut process = binary::command(self.folder.path())
            .args(&self.arguments)
            .env("PERENNIAL_LISTEN", "127.0.0.1:0")
            .env("PERENNIAL_SITE_URL", URL)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let log = Log::of(process.stderr.take().expect("it was asked for"));
        let address = log.find("where it listens", |line| {
            let after = line.split_once("is served at ")?.1;
            after.split(['"', ' ']).next()?.parse().ok()
        });
        *self.lock() = Some(Running { process, log });
        *self.address.lock().expect("nothing panics while it sets the address") = address;
        self.wait_for("readiness", || (self.get("/readyz").status == 200).then_some(()));
    }

    /// Asks it to end, and expects that it does so in time and says that all is well.
    pub fn stop(&self) {
        let mut running = self.lock().take().expect("the site runs");
        kill_process(Pid::from_child(&running.process), Signal::TERM).expect("the process is there");
        let begun = Instant::now();
        let status = ended(&mut running.process);
        assert!(status.success(), "it ended with {status}:\n{}", running.log.lines().join("\n"));
        assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?} to end", begun.elapsed());
    }

    /// Ends it as a power cut would.
    pub fn kill_9(&self) {
        drop(self.lock().take().expect("the site runs"));
    }

    pub fn restart(&self) {
        self.stop();
        self.start();
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The working directory, which holds `data` and `themes`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn address(&self) -> SocketAddr {
        *self.address.lock().expect("nothing panics while it sets the address")
    }

    pub fn process(&self) -> u32 {
        self.lock().as_ref().expect("the site runs").process.id()
    }

    pub fn log(&self) -> Log {
        self.lock().as_ref().expect("the site runs").log.clone()
    }

    /// The token of the link that sets up the owner.
    pub fn setup_token(&self) -> String {
        self.log().find("the set-up link", |line| {
            let token = line.split_once("/admin/setup?token=")?.1;
            Some(token.chars().take_while(char::is_ascii_alphanumeric).collect())
        })
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers)
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().and_then(Answer::of);
        answer.unwrap_or_else(|error| panic!("{method} {path} is not answered: {error}"))
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        self.client.request(method, format!("http://{}{path}", self.address()))
    }

    /// Waits until the page comes from the cache, as every page that is made at start soon does.
    pub fn warm(&self, path: &str) -> Answer {
        self.wait_for(path, || Some(self.get(path)).filter(|answer| answer.cache() == "HIT"))
    }

    /// Sets up the owner, and is that person from now on.
    pub fn signed_in(&self) -> Editor<'_> {
        Editor::set_up(self)
    }

    /// Asks again and again, for a bounded time, until `ask` has an answer.
    pub fn wait_for<T>(&self, what: &str, ask: impl Fn() -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            assert!(Instant::now() < until, "no {what}; the log:\n{}", self.log().lines().join("\n"));
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().expect("nothing panics while it starts or stops a site")
    }
}

/// Waits for the end, for a bounded time.
fn ended(process: &mut Child) -> ExitStatus {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = process.try_wait().expect("it is our own process") {
            return status;
        }
        assert!(Instant::now() < until, "the process does not end");
        thread::sleep(Duration::from_millis(10));
    }
}

fn copy(from: &Path, to: &Path, but: &str) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten().filter(|entry| entry.file_name() != but) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, but);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
