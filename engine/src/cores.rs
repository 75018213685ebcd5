//! Work on all cores: many things of which each takes a while.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Works on each thing, on as many at once as there are cores, and gives the results in their order. `progress` is told how
/// many are done. Blocks.
pub fn each<T: Sync, R: Send>(
    things: &[T],
    work: impl Fn(&T) -> R + Sync,
    progress: impl FnMut(usize) + Send,
) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new((Vec::with_capacity(things.len()), progress)));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(at) else { return };
                    let result = work(thing);
                    let (results, progress) = &mut *done.lock().unwrap_or_else(PoisonError::into_inner);
                    results.push((at, result));
                    progress(results.len());
                }
            });
        }
    });
    let (mut results, _) = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn all_is_worked_on_and_given_in_order() {
        let mut told = Vec::new();
        let squares = each(&[1, 2, 3, 4, 5], |n| n * n, |done| told.push(done));
        assert_eq!(squares, [1, 4, 9, 16, 25]);
        assert_eq!(told, [1, 2, 3, 4, 5]);
        assert!(each(&[] as &[u8], |n| *n, |_| {}).is_empty());
    }
}
