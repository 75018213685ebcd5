//! Preview links: who holds one sees a post as it would be read if it were published now, on the page's own address.
//!
//! The link names the post and the moment it ends, signed with a key that the post has as long as its links are good.
//! One that is not good is as if it were not there. Where it says so, the page tells the window around it which lines of the
//! text somebody clicked on: that is how the editor finds the place.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    content::{library, read::Post},
    render::preview::{Preview, Previewed, Shown},
};

use super::{answer, desk::Desk};

/// How long a link is good, in milliseconds.
const LIFE: i64 = 7 * 24 * 60 * 60 * 1000;

/// The key of the query that carries it.
const NAME: &str = "preview";

/// The pair of the query with which the editor's own frame asks for lines.
const PLACED: &str = "lines=1";

/// What such a page does when somebody clicks.
const POINTER: &str = concat!("<script>", include_str!("preview.js"), "</script>");

/// A link before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub post: Uuid,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
}

impl Link {
    /// A link that begins now.
    pub fn new(post: Uuid, now: i64) -> Self {
        Self { post, expires_at: now + LIFE }
    }

    /// What follows the page's path; `None` when the key is none.
    pub fn query(&self, key: &str) -> Option<String> {
        let Self { post, expires_at } = self;
        Some(format!("?{NAME}={}.{expires_at:x}.{}", post.simple(), self.signature(key)?.to_hex()))
    }

    fn signature(&self, key: &str) -> Option<blake3::Hash> {
        let key = blake3::Hash::from_hex(key).ok()?;
        Some(blake3::keyed_hash(key.as_bytes(), format!("{} {}", self.post, self.expires_at).as_bytes()))
    }

    /// A link as it stands in a query, and what it says it is signed with.
    fn read(token: &str) -> Option<(Self, blake3::Hash)> {
        let mut parts = token.split('.');
        let (post, expires_at, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let link = Self { post: Uuid::parse_str(post).ok()?, expires_at: i64::from_str_radix(expires_at, 16).ok()? };
        Some((link, blake3::Hash::from_hex(signature).ok()?)).filter(|_| parts.next().is_none())
    }
}

/// What a query asks of a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'q> {
    /// The credential, good or not.
    token: &'q str,
    /// Whether the page is to say where in the text its elements come from.
    placed: bool,
}

/// What a query asks, when it carries a credential.
pub fn asked(query: &str) -> Option<Asked<'_>> {
    let token = query.split('&').find_map(|pair| pair.strip_prefix(NAME)?.strip_prefix('='))?;
    Some(Asked { token, placed: query.split('&').any(|pair| pair == PLACED) })
}

/// The preview that the link opens; `None` when it opens none.
pub async fn show(desk: &Desk, renders: &Semaphore, asked: Asked<'_>, now: i64) -> Option<HttpResponse> {
    let Asked { token, placed } = asked;
    let (link, signature) = Link::read(token).filter(|(link, _)| link.expires_at > now)?;
    let found = desk.read(move |db| async move {
        let key = library::preview_key(&db, link.post).await?;
        // Hashes are compared in the same time whatever they have in common.
        if key.and_then(|key| link.signature(&key)) != Some(signature) {
            return Ok(None);
        }
        library::preview(&db, link.post, now, placed).await
    });
    match found.await {
        Ok(Ok(post)) => Some(render(desk, renders, post?, placed).await),
        Ok(Err(error)) => {
            tracing::error!(post = %link.post, %error, "a preview could not be read");
            Some(answer::plain(StatusCode::INTERNAL_SERVER_ERROR, FAILED))
        }
        Err(_) => Some(answer::plain(StatusCode::SERVICE_UNAVAILABLE, BUSY)),
    }
}

async fn render(desk: &Desk, renders: &Semaphore, post: Post, placed: bool) -> HttpResponse {
    let Ok(_permit) = renders.try_acquire() else { return answer::plain(StatusCode::SERVICE_UNAVAILABLE, BUSY) };
    let id = post.card.id;
    match desk.renderer.send(Preview { stage: desk.pages.stage(), shown: Shown::Post(Arc::new(post)) }).await {
        Ok(Ok(page)) if placed && page.content_type.starts_with("text/html") => answer::preview(pointing(page)),
        Ok(Ok(page)) => answer::preview(page),
        Ok(Err(error)) => {
            tracing::error!(post = %id, %error, "a preview could not be made");
            answer::plain(StatusCode::INTERNAL_SERVER_ERROR, FAILED)
        }
        Err(_) => answer::plain(StatusCode::SERVICE_UNAVAILABLE, BUSY),
    }
}

/// The page with the script that tells where somebody clicked. A page that is not text stays as it is.
fn pointing(page: Previewed) -> Previewed {
    let Ok(html) = std::str::from_utf8(&page.body) else { return page };
    let (head, tail) = html.rfind("</body>").and_then(|at| html.split_at_checked(at)).unwrap_or((html, ""));
    Previewed { body: [head, POINTER, tail].concat().into(), ..page }
}

const FAILED: &str = "This preview could not be made. The site's log says why.\n";
const BUSY: &str = "The site is busy. Please try again in a few seconds.\n";

/// For a link that opens nothing, where readers find nothing either.
pub fn over() -> HttpResponse {
    let text = "This preview link is not good any more: it has expired, or whoever made it has taken it back, or it was \
                not copied whole. Ask for a new one.\n";
    answer::plain(StatusCode::GONE, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    #[test]
    fn a_link_is_read_as_it_was_written() {
        let link = Link::new(Uuid::from_u128(7), 1_000);
        let query = link.query(KEY).unwrap();
        let (read, signature) = Link::read(asked(&format!("a=b&{}", &query[1..])).unwrap().token).unwrap();
        assert_eq!((read, Some(signature)), (link, link.signature(KEY)));
        let later = Link { expires_at: link.expires_at + 1, ..link };
        assert_ne!(later.signature(KEY), Some(signature), "the end is signed");
        assert_ne!(Link { post: Uuid::nil(), ..link }.signature(KEY), Some(signature), "the post is signed");
        assert_ne!(link.signature(&KEY.replace('0', "1")), Some(signature));
    }

    #[test]
    fn what_is_no_link_is_none() {
        for wrong in ["", "1", "a.b.c", "..", &format!("{}.10", Uuid::nil()), &format!("{0}.1.{1}.x", Uuid::nil(), KEY)]
        {
            assert_eq!(Link::read(wrong), None, "{wrong}");
        }
        assert_eq!(asked("previews=1&q=preview=2"), None);
    }

    #[test]
    fn lines_are_given_when_they_are_asked_for() {
        assert_eq!(asked("preview=x&v=2").map(|asked| asked.placed), Some(false));
        assert_eq!(asked("preview=x&lines=1&v=2").map(|asked| asked.placed), Some(true));
    }
}
