//! The processor time of a hit, as a ratio to a static answer with the same bytes and headers.

use std::{
    env,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use perennial_tests::{Start, Theme};

use crate::{
    figure,
    load::Load,
    process::{cpu, pin, unpin},
};

const ROUNDS: usize = 9;
const REQUESTS: usize = 64_000;

/// Letters that do not compress to much less than 4 KB.
fn body() -> String {
    let mut state = 1_u64;
    let letter = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from((*state >> 33) % 90).expect("below 90"))
    };
    (0..5_000).map(|_| letter(&mut state)).filter(|c| !matches!(c, '{' | '}' | '%' | '#')).collect()
}

pub fn measure() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Servers are started, and so stay, on the first core; the load comes from the last.
    pin(0);
    let site = Start::default().theme(&Theme::default().route("page", "/page/", "", &body())).start();
    site.warm("/page/");
    let mut hits = Load::on(site.address());
    let file = site.folder().join("answer");
    std::fs::write(&file, without_date(hits.answer())).expect("a file");
    let yardstick = Yardstick::start(&file);
    let mut answers = Load::on(yardstick.address);
    let length = |answer: &[u8]| answer.split(|byte| *byte == b'\n').map(<[u8]>::len).sum::<usize>();
    assert_eq!(length(hits.answer()), length(answers.answer()), "both give the same");
    pin(cores - 1);

    let time = |load: &mut Load, process: u32| {
        let before = cpu(process);
        load.run(REQUESTS);
        (cpu(process) - before) as f64 / REQUESTS as f64 / 1_000.0
    };
    let (page, static_answer) = (site.process(), yardstick.process.id());
    time(&mut hits, page);
    time(&mut answers, static_answer);
    let rounds: Vec<_> = (0..ROUNDS).map(|_| (time(&mut hits, page), time(&mut answers, static_answer))).collect();
    unpin(cores);

    let best = |of: fn(&(f64, f64)) -> f64| rounds.iter().map(of).fold(f64::INFINITY, f64::min);
    let (hit, other) = (best(|round| round.0), best(|round| round.1));
    let mut ratios: Vec<_> = rounds.iter().map(|(hit, other)| hit / other).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "A hit of {} bytes takes {hit:.2} µs of processor time, a static answer {other:.2} µs.",
        hits.answer().len()
    );
    println!("Ratios of the rounds: {:.3} to {:.3}.", ratios[0], ratios[ROUNDS - 1]);
    figure("a hit: processor time against a static answer, median of rounds", ratios[ROUNDS / 2], "", 1.10)
}

fn without_date(answer: &[u8]) -> Vec<u8> {
    let line = answer.windows(6).position(|bytes| bytes == b"date: ").expect("a date");
    let end = line + answer[line..].iter().position(|byte| *byte == b'\n').expect("an end of the line");
    [&answer[..line], &answer[end + 1..]].concat()
}

struct Yardstick {
    process: Child,
    address: SocketAddr,
}

impl Yardstick {
    fn start(file: &std::path::Path) -> Self {
        let program = env::current_exe().expect("a program knows where it is").with_file_name("yardstick");
        let mut process = Command::new(program).arg(file).stdout(Stdio::piped()).spawn().expect("the yardstick starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("it was asked for")).read_line(&mut line).expect("an address");
        Self { process, address: line.trim().parse().expect("an address") }
    }
}

impl Drop for Yardstick {
    fn drop(&mut self) {
        // Either fails only when it has ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
