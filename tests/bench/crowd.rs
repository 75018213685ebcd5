//! Many at once: readers of one page that is not there yet, and edits faster than anybody writes.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use perennial_tests::{Editor, Site, Start, Theme};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde_json::json;

use crate::{
    figure,
    site::{at_rest, imported},
};

const READERS: usize = 2_000;
/// Half a second's work for the renderer.
const SLOW: &str =
    "{{ render.id }}{% for a in range(300) %}{% for b in range(300) %}{{ a * b }} {% endfor %}{% endfor %}";

const EDITORS: usize = 8;
const EDITS_A_SECOND: u32 = 50;
const SECONDS: u32 = 60;

pub fn measure(corpus: &Path) -> bool {
    readers() & edits(corpus)
}

fn readers() -> bool {
    let files = Some(4 * READERS as u64);
    setrlimit(Resource::Nofile, Rlimit { current: files, maximum: files }).expect("as many files as there are readers");
    let theme = Theme::default().route("cold", "/cold/", "", SLOW);
    let site = Start::default().theme(&theme).start();
    let mut streams: Vec<_> = (0..READERS).map(|_| TcpStream::connect(site.address()).expect("a connection")).collect();
    let begun = Instant::now();
    for stream in &mut streams {
        stream.write_all(b"GET /cold/ HTTP/1.1\r\nhost: site.test\r\nconnection: close\r\n\r\n").expect("a request");
    }
    let mut bodies = streams.iter_mut().map(|stream| {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer[..80.min(answer.len())]));
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an end of the head");
        answer.split_off(head)
    });
    let first = bodies.next().expect("readers");
    assert!(bodies.all(|body| body == first), "all get the same bytes, with the number of one render");
    println!("{READERS} readers of one cold page of {} bytes all have it after {:?}.", first.len(), begun.elapsed());
    drop(bodies);
    let renders = site.signed_in().get("/cache/explain?path=/cold/")["renders"].as_f64().expect("a number");
    figure("renders of one cold page that 2,000 readers wait for", renders, "", 1.0)
}

/// Titles of all posts in turn, each seen on its page as soon as the publishing is answered.
fn edits(corpus: &Path) -> bool {
    let site = imported(corpus).start();
    let editor = site.signed_in();
    site.wait_for("pages at rest", || at_rest(&site).filter(|pages| *pages > 750));
    let ids = posts(&editor);
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let total = (EDITS_A_SECOND * SECONDS) as usize;
    thread::scope(|scope| {
        for _ in 0..EDITORS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= total {
                        return;
                    }
                    let due = Duration::from_secs(1) / EDITS_A_SECOND * u32::try_from(n).expect("a small number");
                    thread::sleep(due.saturating_sub(begun.elapsed()));
                    edit(&site, &editor, &ids[n % ids.len()], n);
                }
            });
        }
    });
    let took = begun.elapsed().as_secs_f64();
    let acknowledged = Instant::now();
    site.wait_for("pages at rest", || at_rest(&site));
    println!("{total} edits, each visible when it was answered, in {took:.1} s ({:.1} a second).", total as f64 / took);
    let late = figure("a minute of 50 edits a second", took, "s", f64::from(SECONDS) + 2.0);
    late & figure("lag of the last page behind the last edit", acknowledged.elapsed().as_secs_f64(), "s", 2.0)
}

fn edit(site: &Site, editor: &Editor<'_>, id: &str, n: usize) {
    let path = format!("/posts/{id}");
    let title = format!("Edit number {n} of many");
    let saved = editor.patch(&path, json!({"title": title}));
    editor.post(&format!("{path}/publish"), json!({}));
    let url = saved["url"].as_str().expect("a url");
    let page = url.strip_prefix("http://site.test").unwrap_or(url);
    assert!(site.get(page).text().contains(&title), "{page} shows what was acknowledged");
}

fn posts(editor: &Editor<'_>) -> Vec<String> {
    let posts = editor.get("/posts?status=published&kind=post&limit=1000");
    posts["items"].as_array().expect("a list").iter().map(|post| post["id"].as_str().expect("an id").into()).collect()
}
