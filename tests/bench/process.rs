//! What a process has used, and on which core it runs.

use std::fs;

use rustix::thread::{CpuSet, sched_setaffinity};

/// Keeps this thread, and what it starts from now on, on one core.
pub fn pin(core: usize) {
    let mut cores = CpuSet::new();
    cores.set(core);
    sched_setaffinity(None, &cores).expect("a core of this machine");
}

/// Lets this thread, and what it starts from now on, run anywhere.
pub fn unpin(cores: usize) {
    let mut all = CpuSet::new();
    (0..cores).for_each(|core| all.set(core));
    sched_setaffinity(None, &all).expect("cores of this machine");
}

/// Nanoseconds of processor time of all threads that are there.
pub fn cpu(process: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("the process is there").flatten();
    tasks
        .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok())
        .sum()
}

/// Seconds of processor time, threads that have ended among them; `None` when the process has.
pub fn seconds(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(11).map_while(|field| field.parse::<f64>().ok());
    Some((fields.next()? + fields.next()?) / rustix::param::clock_ticks_per_second() as f64)
}

/// MiB of memory: `VmRSS:` in use, `VmHWM:` the most there was; `None` when the process has ended.
pub fn memory(process: u32, which: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(which))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1024.0)
}
