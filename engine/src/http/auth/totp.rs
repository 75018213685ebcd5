//! One-time codes of authenticator apps (TOTP, RFC 6238: HMAC-SHA-1, six digits, thirty seconds), and recovery codes. Pure but for
//! what is random.

use data_encoding::{BASE32_NOPAD, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::RngCore;
use sha1::Sha1;

/// In milliseconds.
const PERIOD: i64 = 30_000;
const DIGITS: usize = 6;
/// Clocks differ and people type slowly: codes of the steps so near are right as well.
const NEAR: i64 = 1;

const RECOVERY_CODES: usize = 10;

/// What app and site share: 160 random bits in base 32, as RFC 4226 recommends.
pub fn secret() -> String {
    base32::<20>(&BASE32_NOPAD)
}

/// What an app reads from a picture.
pub fn uri(secret: &str, site: &str, account: &str) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (site, account) = (encode(site), encode(account));
    format!("otpauth://totp/{site}:{account}?secret={secret}&issuer={site}")
}

/// The step that a code is of, when it is right now. `now` in milliseconds since the epoch.
pub fn step(secret: &str, code: &str, now: i64) -> Option<i64> {
    let key = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let given: String = code.chars().filter(|char| !char.is_whitespace()).collect();
    let current = now / PERIOD;
    (current - NEAR..=current + NEAR).rev().find(|step| super::secret::equal(&at(&key, *step), &given))
}

/// Codes for when the app is lost, each good once. 80 random bits, easy to copy by hand.
pub fn recovery_codes() -> Vec<String> {
    let code = || {
        let letters = base32::<10>(&BASE32_NOPAD).to_lowercase();
        letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// A recovery code as it is hashed, however it was typed.
pub fn plain(code: &str) -> String {
    code.chars().filter(|char| char.is_ascii_alphanumeric()).collect::<String>().to_lowercase()
}

fn base32<const BYTES: usize>(encoding: &Encoding) -> String {
    let mut bytes = [0; BYTES];
    rand::rng().fill_bytes(&mut bytes);
    encoding.encode(&bytes)
}

/// The code of a step (RFC 4226, section 5.3).
fn at(key: &[u8], step: i64) -> String {
    let Ok(mac) = Hmac::<Sha1>::new_from_slice(key) else { return String::new() };
    let digest = mac.chain_update(step.to_be_bytes()).finalize().into_bytes();
    let start = usize::from(digest.last().copied().unwrap_or_default() & 0xf);
    let four = digest.iter().skip(start).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:0DIGITS$}", (four & 0x7fff_ffff) % 10_u32.pow(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's appendix B, in base 32.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(step(RFC, code, seconds * 1000), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_is_right_for_about_a_minute_however_it_is_spaced() {
        let right = |code, seconds: i64| step(RFC, code, seconds * 1000).is_some();
        assert!(right("287 082", 59) && right("287082", 30) && right("287082", 89));
        assert!(!right("287082", 90) && !right("287083", 59) && !right("", 59));
    }

    #[test]
    fn recovery_codes_are_many_and_typed_in_any_way() {
        let codes = recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert_eq!(codes[0].len(), "abcd-efgh-ijkl-mnop".len(), "{}", codes[0]);
        assert_eq!(plain(&codes[0].to_uppercase().replace('-', " ")), plain(&codes[0]));
        assert_ne!(codes[0], codes[1]);
    }

    #[test]
    fn an_app_is_told_whose_code_it_is() {
        let told = uri("ABC", "A & B", "ada@example.org");
        assert_eq!(told, "otpauth://totp/A%20%26%20B:ada%40example%2Eorg?secret=ABC&issuer=A%20%26%20B");
    }
}
