//! A thousand photographs of twelve megapixels are imported (or as many as `PERENNIAL_BENCH_PHOTOS` says): how much memory that takes, and
//! whether all cores are at work while they are made smaller.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use image::{ImageEncoder, codecs::jpeg::JpegEncoder};
use perennial_tests::binary;

use crate::{
    figure,
    process::{memory, seconds},
};

const PHOTOS: usize = 1_000;
const WIDTH: usize = 4_000;
const HEIGHT: usize = 3_000;

pub fn measure() -> bool {
    let photos = env::var("PERENNIAL_BENCH_PHOTOS").ok().and_then(|text| text.parse().ok()).unwrap_or(PHOTOS);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("photos");
    take(&site, photos, cores);

    let mut import = binary::command(folder.path())
        .args(["import", "photos"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let drawing = Arc::new(AtomicBool::new(false));
    let lines = BufReader::new(import.stderr.take().expect("it was asked for")).lines();
    let seen = drawing.clone();
    let progress = thread::spawn(move || {
        let told = lines.map_while(Result::ok).filter(|line| line.ends_with(" pictures"));
        told.inspect(|_| seen.store(true, Ordering::Relaxed)).last()
    });
    let (begun, process) = (Instant::now(), import.id());
    let (mut most, mut from, mut worked) = (0_f64, None, (0.0, 0.0));
    while import.try_wait().expect("it can be asked").is_none() {
        // It may have ended just now.
        let Some((now, memory)) = seconds(process).zip(memory(process, "VmHWM:")) else { break };
        most = most.max(memory);
        if drawing.load(Ordering::Relaxed) {
            let (since, before) = *from.get_or_insert((Instant::now(), now));
            worked = (since.elapsed().as_secs_f64(), now - before);
        }
        thread::sleep(Duration::from_millis(50));
    }
    let took = begun.elapsed().as_secs_f64();
    assert!(import.wait().expect("it ended").success(), "the photographs are imported");
    let last = progress.join().expect("its lines are text").expect("it says how far it is");
    assert_eq!(last, format!("{photos} of {photos} pictures"));
    println!("{photos} photographs were imported and made smaller in {took:.0} s, {:.2} s each.", took / photos as f64);
    let idle = 100.0 * (1.0 - worked.1 / worked.0 / cores as f64);
    figure("the most memory that importing photographs takes", most, "MiB", 1_024.0)
        & figure("time of the cores that is idle while they are made smaller", idle, "%", 15.0)
}

/// Writes photographs, each unlike the others, and texts that show them.
fn take(folder: &Path, photos: usize, cores: usize) {
    fs::create_dir_all(folder).expect("a folder");
    // Light that goes over slowly, and grain: about as hard to compress as what a camera gives.
    let grain: Vec<u8> = (0..WIDTH * HEIGHT * 3)
        .scan(1_u32, |seed, _| {
            *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Some((*seed >> 28) as u8)
        })
        .collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= photos {
                        return;
                    }
                    let light = |at: usize| ((at / 3 % WIDTH + at / 3 / WIDTH + n * 37) / 32 % 240) as u8;
                    let pixels: Vec<u8> = grain.iter().enumerate().map(|(at, grain)| light(at) + grain).collect();
                    let mut jpeg = Vec::new();
                    JpegEncoder::new_with_quality(&mut jpeg, 88)
                        .write_image(&pixels, WIDTH as u32, HEIGHT as u32, image::ExtendedColorType::Rgb8)
                        .expect("a picture");
                    fs::write(folder.join(format!("photo-{n}.jpg")), jpeg).expect("a file");
                    let text = format!("---\ntitle: Photo {n}\n---\n\n![Photo {n}](photo-{n}.jpg)\n");
                    fs::write(folder.join(format!("photo-{n}.md")), text).expect("a file");
                }
            });
        }
    });
}
