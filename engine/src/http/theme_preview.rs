//! Links that show the site with a theme that readers do not see (yet): any page, at its own address.
//!
//! The link names the theme and the moment it ends, signed with the site's secret. One that is not good is as if it were not
//! there.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode, web};
use percent_encoding::percent_decode_str;
use tokio::sync::Semaphore;

use crate::{
    content::library,
    render::{
        key::PageKey,
        preview::{Preview, Shown},
        stage::Stage,
    },
};

use super::{answer, desk::Desk};

/// How long a link is good, in milliseconds.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// The key of the query that carries it.
const NAME: &str = "preview_theme";

/// A link before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeLink {
    pub theme: String,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
}

impl ThemeLink {
    /// A link that begins now.
    pub fn new(theme: String, now: i64) -> Self {
        Self { theme, expires_at: now + LIFE }
    }

    /// What follows a page's path; `None` when the secret is none.
    pub fn query(&self, secret: &str) -> Option<String> {
        let Self { theme, expires_at } = self;
        Some(format!("?{NAME}={expires_at:x}-{}-{theme}", self.signature(secret)?.to_hex()))
    }

    fn signature(&self, secret: &str) -> Option<blake3::Hash> {
        let key = blake3::Hash::from_hex(secret).ok()?;
        Some(blake3::keyed_hash(key.as_bytes(), format!("theme {} {}", self.theme, self.expires_at).as_bytes()))
    }

    /// A link as it stands in a query, and what it says it is signed with.
    fn read(query: &str) -> Option<(Self, blake3::Hash)> {
        let token = query.split('&').find_map(|pair| pair.strip_prefix(NAME)?.strip_prefix('='))?;
        let token = percent_decode_str(token).decode_utf8().ok()?;
        let mut parts = token.splitn(3, '-');
        let expires_at = i64::from_str_radix(parts.next()?, 16).ok()?;
        let signature = blake3::Hash::from_hex(parts.next()?).ok()?;
        Some((Self { theme: parts.next()?.to_owned(), expires_at }, signature))
    }
}

/// The page at this address with the theme of the link in the query; `None` when there is no good link in it.
pub async fn show(desk: &Desk, renders: &Semaphore, key: &PageKey, query: &str, now: i64) -> Option<HttpResponse> {
    let (link, signature) = ThemeLink::read(query).filter(|(link, _)| link.expires_at > now)?;
    let secret = desk.read(|db| async move { library::secret(&db).await }).await.ok()?.ok()?;
    // Hashes are compared in the same time whatever they have in common.
    if link.signature(&secret) != Some(signature) {
        return None;
    }
    let Ok(_permit) = renders.try_acquire() else { return Some(answer::plain(StatusCode::SERVICE_UNAVAILABLE, BUSY)) };
    let (themes, theme) = (desk.themes.clone(), link.theme.clone());
    let opened = web::block(move || themes.open(&theme).and_then(Stage::build)).await.ok()?;
    let stage = match opened {
        Ok(stage) => Arc::new(stage),
        Err(error) => {
            tracing::warn!(theme = link.theme, %error, "a theme cannot be shown");
            return Some(answer::plain(StatusCode::INTERNAL_SERVER_ERROR, FAILED));
        }
    };
    desk.offstage.take(stage.clone());
    let shown = Shown::Page(key.clone());
    Some(match desk.renderer.send(Preview { stage, shown }).await {
        Ok(Ok(page)) => answer::preview(page),
        Ok(Err(error)) => {
            tracing::warn!(theme = link.theme, page = %key, %error, "a page cannot be made with this theme");
            answer::plain(StatusCode::INTERNAL_SERVER_ERROR, FAILED)
        }
        Err(_) => answer::plain(StatusCode::SERVICE_UNAVAILABLE, BUSY),
    })
}

const FAILED: &str = "This page could not be made with this theme. The site's log says why.\n";
const BUSY: &str = "The site is busy. Please try again in a few seconds.\n";

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_link_is_read_as_it_was_written_and_its_end_and_theme_are_signed() {
        let link = ThemeLink::new("mine-1.2.0".into(), 1_000);
        let query = link.query(SECRET).unwrap();
        let (read, signature) = ThemeLink::read(&format!("a=b&{}", &query[1..])).unwrap();
        assert_eq!((&read, Some(signature)), (&link, link.signature(SECRET)));
        assert_ne!(ThemeLink { expires_at: 7, ..link.clone() }.signature(SECRET), Some(signature));
        assert_ne!(ThemeLink { theme: "other".into(), ..link }.signature(SECRET), Some(signature));
        for wrong in ["", "preview_theme=", "preview_theme=1-2-3", "preview_themes=x", "q=preview_theme=1"] {
            assert_eq!(ThemeLink::read(wrong), None, "{wrong}");
        }
    }
}
