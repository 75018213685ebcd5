//! When to try again what has failed.

/// After a failure the next try comes after what failed was to live, but within these bounds, in milliseconds.
const SOONEST: i64 = 3_000;
const LATEST: i64 = 30_000;

/// Milliseconds to wait after a failure at `now`. What failed together is not tried again together: up to a quarter is
/// added, by name and moment.
pub fn wait(period: Option<i64>, name: &str, now: i64) -> i64 {
    let wait = period.unwrap_or(SOONEST).clamp(SOONEST, LATEST - LATEST / 5);
    let seed = name.bytes().fold(now, |seed, byte| (seed ^ i64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    wait + (seed >> 24).rem_euclid(wait / 4 + 1)
}

#[cfg(test)]
mod tests {
    use super::wait;
    use std::collections::HashSet;

    #[test]
    fn the_next_try_comes_within_the_window_and_not_for_all_pages_at_once() {
        for period in [None, Some(0), Some(1_000), Some(10_000), Some(30_000), Some(i64::MAX)] {
            let waits: HashSet<_> = (0..100).map(|n| wait(period, &format!("/{n}/"), 1_700_000_000_000)).collect();
            assert!(waits.iter().all(|wait| (3_000..=30_000).contains(wait)), "{period:?}: {waits:?}");
            assert!(waits.len() > 50, "{period:?}: {} of 100 differ", waits.len());
        }
        assert!((10_000..=12_500).contains(&wait(Some(10_000), "/", 0)));
    }
}
