//! A post's card: the picture that stands for it on other sites when it has none of its own.

use minijinja::{Error, ErrorKind};

use crate::{
    content::read::{Card, Post},
    raster,
};

use super::{
    address,
    page::Made,
    scope::{Scope, Subject},
    site,
};

/// What is written on it.
const SAID: &[&str] = &["url", "title", "authors"];

/// The address of the card of a post, if one can be drawn.
pub fn url(scope: &Scope, post: &Post) -> Option<String> {
    let home = scope.stage.theme.permalinks.post(&post.card);
    raster::has_letters(&post.card.title).then(|| address::encode(&address::card(&home)))
}

/// The file for the page's subject.
pub fn make(scope: &mut Scope) -> Result<Option<Made>, Error> {
    let Subject::Post(post, sight) = scope.subject.clone() else { return Ok(None) };
    scope.saw(&sight, SAID);
    if !raster::has_letters(&post.card.title) {
        return Ok(None);
    }
    let site = site::text(scope, "title")?;
    let card = raster::Card { title: &post.card.title, site: &site, by: &by(&post.card) };
    let png = raster::card(card).map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
    Ok(Some(Made::beside("card", "image/png", png)))
}

fn by(card: &Card) -> String {
    card.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>().join(", ")
}
