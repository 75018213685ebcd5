//! `perennial cache`: looks at the pages of a running server, and has them made again.

use std::{fmt::Write, net::SocketAddr};

use anyhow::ensure;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::client::{Client, Server, encoded};

#[derive(Debug, Args)]
pub struct Cache {
    #[command(flatten)]
    server: Server,
    /// Print what the server answers, as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Every page that is stored, by path.
    List {
        /// Only those in this state: fresh, stale, expired, rendering or failed.
        #[arg(long)]
        state: Option<String>,
        /// Only those with this in their path.
        #[arg(long, short)]
        q: Option<String>,
    },
    /// Why one page is what it is: its state, its tags, and what it read.
    Explain {
        /// Such as /hello/
        path: String,
    },
    /// Have pages made again.
    Revalidate(Revalidate),
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").args(["tag", "path"]).required(true).multiple(true)))]
struct Revalidate {
    /// All pages that carry this tag; may be repeated.
    #[arg(long)]
    tag: Vec<String>,
    /// This page, or the pages of a route when it is a pattern such as /{slug}/; may be repeated.
    #[arg(long)]
    path: Vec<String>,
    /// Everything below the paths too.
    #[arg(long)]
    subtree: bool,
    #[arg(long, value_enum, default_value_t = Mode::Expire)]
    mode: Mode,
    /// With --mode refresh: leave alone what is not stored.
    #[arg(long)]
    only_if_generated: bool,
    /// Change nothing; say which pages it would be.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// The next reader waits for the new page.
    Expire,
    /// The next reader gets the old page while the new one is made.
    Stale,
    /// Made at once; readers keep the old page meanwhile.
    Refresh,
}

pub async fn run(cache: Cache, listen: SocketAddr) -> anyhow::Result<()> {
    let Cache { server, json, command } = cache;
    let client = Client::new(server, listen)?;
    let (document, text) = match command {
        Command::List { state, q } => {
            let pages = list(&client, state, q).await?;
            let text = table(&pages);
            (pages.into(), text)
        }
        Command::Explain { path } => {
            let page = client.get(&format!("/cache/explain?path={}", encoded(&path))).await?;
            let text = explained(&page);
            (page, text)
        }
        Command::Revalidate(asked) => return revalidate(&client, &asked, json).await,
    };
    print(json, &document, &text)
}

fn print(json: bool, document: &Value, text: &str) -> anyhow::Result<()> {
    match json {
        true => println!("{}", serde_json::to_string_pretty(document)?),
        false => print!("{text}"),
    }
    Ok(())
}

async fn list(client: &Client, state: Option<String>, q: Option<String>) -> anyhow::Result<Vec<Value>> {
    let mut query = String::from("/cache/pages?limit=1000");
    for (name, value) in [("state", state), ("q", q)] {
        if let Some(value) = value {
            write!(query, "&{name}={}", encoded(&value))?;
        }
    }
    let (mut pages, mut from) = (Vec::new(), String::new());
    loop {
        let mut part = client.get(&format!("{query}{from}")).await?;
        let items = part.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take);
        pages.extend(items.unwrap_or_default());
        match part.get("next").and_then(Value::as_str) {
            Some(next) => from = format!("&cursor={}", encoded(next)),
            None => return Ok(pages),
        }
    }
}

fn table(pages: &[Value]) -> String {
    let mut text = format!("{:<10} {:>6} {:>8} {:>8} {:>8}  {}\n", "STATE", "STATUS", "AGE", "LEFT", "RENDERS", "PATH");
    for page in pages {
        let [state, status, age, left, renders, path] =
            ["state", "status", "age", "life_left", "renders", "path"].map(|name| word(page, name));
        text.push_str(&format!("{state:<10} {status:>6} {age:>8} {left:>8} {renders:>8}  {path}\n"));
    }
    text + &counted(pages.len()) + "\n"
}

fn explained(page: &Value) -> String {
    let mut text = String::new();
    for (label, name) in [
        ("path", "path"),
        ("route", "route"),
        ("state", "state"),
        ("status", "status"),
        ("revision", "revision"),
        ("seconds old", "age"),
        ("seconds left", "life_left"),
        ("renders", "renders"),
        ("render ms", "render_ms"),
        ("made because", "last_cause"),
        ("last error", "last_error"),
        ("ETag", "etag"),
    ] {
        text.push_str(&format!("{label:<13} {}\n", word(page, name)));
    }
    text.push_str("tags\n");
    for tag in items(page, "tags") {
        text.push_str(&format!("  {}\n", tag.as_str().unwrap_or_default()));
    }
    text.push_str("reads\n");
    for read in items(page, "reads") {
        text.push_str(&format!("  {}\n", word(read, "query")));
    }
    text
}

async fn revalidate(client: &Client, asked: &Revalidate, json: bool) -> anyhow::Result<()> {
    let (mode, will, when) = match asked.mode {
        Mode::Expire => ("expire", "will be made again", "when the next reader comes"),
        Mode::Stale => ("stale", "will be made again", "while the next reader gets the old one"),
        Mode::Refresh => ("refresh", "made again", "now"),
    };
    let order = json!({
        "tags": asked.tag, "paths": asked.path, "type": if asked.subtree { "subtree" } else { "page" }, "mode": mode,
        "only_if_generated": asked.only_if_generated, "dry_run": asked.dry_run,
    });
    let done = client.post("/revalidate", &order).await?;
    for warning in items(&done, "warnings") {
        eprintln!("perennial: {}", warning.as_str().unwrap_or_default());
    }
    let mut text = String::new();
    for path in items(&done, "paths") {
        text.push_str(&format!("{}\n", path.as_str().unwrap_or_default()));
    }
    for page in items(&done, "results") {
        text.push_str(&format!("{:<14} {} {}\n", word(page, "state"), word(page, "path"), word(page, "error")));
    }
    let pages = done.get("pages").and_then(Value::as_u64).and_then(|pages| usize::try_from(pages).ok());
    let will = if asked.dry_run { "would be made again" } else { will };
    text.push_str(&format!("{} {will} {when}\n", counted(pages.unwrap_or_default())));
    print(json, &done, &text)?;
    let failed = items(&done, "results").iter().filter(|page| word(page, "state") == "failed").count();
    ensure!(failed == 0, "{} could not be made; readers keep what there was", counted(failed));
    Ok(())
}

fn counted(pages: usize) -> String {
    if pages == 1 { "1 page".into() } else { format!("{pages} pages") }
}

fn items<'v>(document: &'v Value, name: &str) -> &'v [Value] {
    document.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A field as a word; what is not there is a dash.
fn word(document: &Value, name: &str) -> String {
    match document.get(name) {
        None | Some(Value::Null) => "-".into(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
