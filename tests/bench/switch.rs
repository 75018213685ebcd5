//! The switch to another theme on a site of 10,000 posts (or as many as `PERENNIAL_BENCH_POSTS` says), with readers who never stop.

use std::{
    env, fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use perennial_tests::{Site, Start};

use crate::{
    figure,
    process::memory,
    scale::{rest, write},
};

const POSTS: usize = 10_000;
const READERS: usize = 4;

/// How the new site's pages are told from the old ones.
const MARK: &str = "data-site=\"new\"";

pub fn measure() -> bool {
    let posts = env::var("PERENNIAL_BENCH_POSTS").ok().and_then(|text| text.parse().ok()).unwrap_or(POSTS);
    let start = Start::default().with("PERENNIAL_CACHE_MEMORY", "1GiB");
    let folder = start.folder().join("many");
    write(&folder, posts);
    let import = start.run(&["import", folder.to_str().expect("a path of text")]);
    assert_eq!(import.code, Some(0), "{}", import.stderr);
    marked(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/default"), &start.folder().join("themes/new"));
    let site = start.start();
    let editor = site.signed_in();
    let pages = rest(&site, posts as u64);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|reader| {
                let (site, stop) = (&site, &stop);
                scope.spawn(move || read(site, posts, reader, stop))
            })
            .collect();
        let begun = Instant::now();
        let answer = editor.ask("POST", "/themes/new/activate", &[], None).expect("an answer");
        assert_eq!(answer.status, 202, "{}", answer.text());
        let switch = loop {
            let switch = editor.get("/themes")["switch"].clone();
            if switch["state"] != "rendering" {
                break switch;
            }
            thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(switch["state"], "done", "{switch}");
        let took = begun.elapsed().as_secs_f64();
        stop.store(true, Ordering::Relaxed);
        let read: Vec<_> =
            readers.into_iter().map(|reader| reader.join().expect("a reader without complaint")).collect();
        let (old, new): (usize, usize) = read.iter().fold((0, 0), |sum, read| (sum.0 + read.old, sum.1 + read.new));
        let slowest = read.iter().map(|read| read.slowest).max().unwrap_or_default();
        println!(
            "{pages} pages; meanwhile readers were given {old} of the old site, then {new} of the new one; no mix, no error."
        );
        println!("The most memory that took: {:.0} MiB.", memory(site.process(), "VmHWM:").expect("it runs"));
        figure("the slowest answer during the switch", slowest.as_secs_f64() * 1_000.0, "ms", 1_000.0)
            & figure("switch to another theme, until readers see it", took, "s", 120.0)
    })
}

struct Read {
    old: usize,
    new: usize,
    slowest: Duration,
}

fn read(site: &Site, posts: usize, reader: usize, stop: &AtomicBool) -> Read {
    let mut read = Read { old: 0, new: 0, slowest: Duration::ZERO };
    for n in reader.. {
        if stop.load(Ordering::Relaxed) && read.new > 100 {
            break;
        }
        let path = if n % 10 == 0 { "/".to_owned() } else { format!("/post-{}/", n * 7_919 % posts) };
        let begun = Instant::now();
        let answer = site.get(&path);
        read.slowest = read.slowest.max(begun.elapsed());
        assert_eq!(answer.status, 200, "{path}");
        if answer.text().contains(MARK) {
            read.new += 1;
        } else {
            assert_eq!(read.new, 0, "{path} is of the old site");
            read.old += 1;
        }
    }
    read
}

/// A copy of a theme whose pages say that they are new.
fn marked(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the theme").flatten() {
        let (own, target) = (entry.path(), to.join(entry.file_name()));
        if own.is_dir() {
            marked(&own, &target);
        } else if own.ends_with("templates/base.html") {
            let text = fs::read_to_string(&own).expect("a template").replacen("<html ", &format!("<html {MARK} "), 1);
            fs::write(target, text).expect("a file");
        } else {
            fs::copy(own, target).expect("a file");
        }
    }
}
