//! Sessions of browsers: the cookie, and how long it is good.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time},
};

/// In milliseconds; from the last visit.
const LIFE: i64 = 30 * DAY;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Browsers send a `__Host-` cookie to this host alone, and over HTTPS alone.
fn name(site_url: &str) -> &'static str {
    if is_secure(site_url) { "__Host-perennial" } else { "perennial" }
}

fn is_secure(site_url: &str) -> bool {
    site_url.starts_with("https:")
}

pub fn cookie(site_url: &str, secret: &str) -> Cookie<'static> {
    Cookie::build(name(site_url), secret.to_owned())
        .path("/")
        .http_only(true)
        .secure(is_secure(site_url))
        .same_site(SameSite::Strict)
        .max_age(time::Duration::milliseconds(LIFE))
        .finish()
}

/// Takes the cookie back.
pub fn no_cookie(site_url: &str) -> Cookie<'static> {
    let mut cookie = cookie(site_url, "");
    cookie.make_removal();
    cookie
}

/// The secret that a request carries.
pub fn secret(request: &HttpRequest, site_url: &str) -> Option<String> {
    request.cookie(name(site_url)).map(|cookie| cookie.value().to_owned())
}

/// Until when a session is good that is used now.
pub fn expiry(now: i64) -> i64 {
    now + LIFE
}

/// Whether a session was last prolonged so long ago that it should be again.
pub fn is_worn(expires_at: i64, now: i64) -> bool {
    expires_at - now < LIFE - DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_for_this_host_alone() {
        let secure = cookie("https://blog.example", "s").to_string();
        assert!(secure.starts_with("__Host-perennial=s;"), "{secure}");
        for word in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(secure.contains(word), "{secure}");
        }
        assert!(!secure.contains("Domain"), "{secure}");
        let plain = cookie("http://localhost:8080", "s").to_string();
        assert!(plain.starts_with("perennial=s;") && !plain.contains("Secure"), "{plain}");
    }

    #[test]
    fn a_session_is_prolonged_once_a_day() {
        let now = 1_000_000;
        assert!(!is_worn(expiry(now), now));
        assert!(is_worn(expiry(now - DAY - 1), now));
    }
}
