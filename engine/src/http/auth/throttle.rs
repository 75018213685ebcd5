//! Throttle: how often passwords may be tried, for one client address and for one account.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock, QuantaInstant},
};

/// At once, and then per minute.
const BY_ADDRESS: (u32, u32) = (20, 12);
/// More than one address gets, so that nobody alone can lock somebody else out.
const BY_ACCOUNT: (u32, u32) = (40, 30);

/// Codes of a second factor, for one account: who gets so far knows its password, and the codes are short.
const BY_CODE: (u32, u32) = (10, 2);

/// Counters beyond this number are looked through for ones that are over.
const MANY: usize = 10_000;

#[derive(Debug)]
pub struct Throttle {
    clock: DefaultClock,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<blake3::Hash>,
    codes: DefaultKeyedRateLimiter<blake3::Hash>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            clock: DefaultClock::default(),
            addresses: RateLimiter::keyed(quota(BY_ADDRESS)),
            accounts: RateLimiter::keyed(quota(BY_ACCOUNT)),
            codes: RateLimiter::keyed(quota(BY_CODE)),
        }
    }
}

impl Throttle {
    /// Counts an attempt. When there were too many: the seconds until the next.
    pub fn admit(&self, address: Option<IpAddr>, email: &str) -> Result<(), u64> {
        if self.addresses.len() + self.accounts.len() > MANY {
            self.addresses.retain_recent();
            self.accounts.retain_recent();
            self.codes.retain_recent();
        }
        if let Some(address) = address {
            self.addresses.check_key(&network(address)).map_err(|refused| self.wait(refused))?;
        }
        self.accounts.check_key(&blake3::hash(email.as_bytes())).map_err(|refused| self.wait(refused))
    }

    /// Counts a code of an account's second factor; likewise.
    pub fn admit_code(&self, email: &str) -> Result<(), u64> {
        self.codes.check_key(&blake3::hash(email.as_bytes())).map_err(|refused| self.wait(refused))
    }

    fn wait(&self, refused: governor::NotUntil<QuantaInstant>) -> u64 {
        refused.wait_time_from(self.clock.now()).as_secs() + 1
    }
}

fn quota((burst, per_minute): (u32, u32)) -> Quota {
    let number = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(number(per_minute)).allow_burst(number(burst))
}

/// Whoever has one IPv6 address has its whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts(throttle: &Throttle, address: &str, email: &str) -> usize {
        let address = address.parse().unwrap();
        (0..1_000).take_while(|_| throttle.admit(Some(address), email).is_ok()).count()
    }

    #[test]
    fn guessing_is_slowed_down_and_locks_nobody_else_out() {
        let throttle = Throttle::default();
        assert_eq!(attempts(&throttle, "9.9.9.9", "ada@example.org"), 20);
        let wait = throttle.admit(Some("9.9.9.9".parse().unwrap()), "bob@example.org").unwrap_err();
        assert!((1..=6).contains(&wait), "{wait}");
        assert!(throttle.admit(Some("1.1.1.1".parse().unwrap()), "ada@example.org").is_ok());
    }

    #[test]
    fn codes_are_short_and_so_are_the_tries() {
        let throttle = Throttle::default();
        let tried = (0..1_000).take_while(|_| throttle.admit_code("ada@example.org").is_ok()).count();
        assert_eq!(tried, 10);
        assert!(throttle.admit_code("bob@example.org").is_ok());
    }

    #[test]
    fn neither_many_addresses_nor_one_network_help() {
        let throttle = Throttle::default();
        let tried: usize = (0..10).map(|n| attempts(&throttle, &format!("9.9.9.{n}"), "ada@example.org")).sum();
        assert_eq!(tried, 40);
        let tried: usize = (0..10).map(|n| attempts(&throttle, &format!("2001:db8::{n}"), "bob@example.org")).sum();
        assert_eq!(tried, 20);
    }
}
