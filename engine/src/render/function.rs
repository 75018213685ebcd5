//! Template functions: how a template asks for content, and how it says what becomes of its page.

use minijinja::{Environment, Error, ErrorKind, Value, value::Kwargs};
use uuid::Uuid;

use crate::content::read::{Answer, Kind, Read};

use super::{
    address, fetch, fragment, head, list, picture,
    question::Question,
    scope::{self, Ending},
    search,
    site::{self, Site},
    value::{Family, Maker},
};

/// More than this are a list, not a hint of what to read next.
const MOST_RELATED: u32 = 20;

pub fn register(templates: &mut Environment<'static>) {
    templates.add_function("posts", list::posts);
    templates.add_function("post", |kwargs: Kwargs| one(Kind::Post, &kwargs));
    templates.add_function("page", |kwargs: Kwargs| one(Kind::Page, &kwargs));
    templates.add_function("neighbours", neighbours);
    templates.add_function("related", related);
    templates.add_function("tag", |kwargs: Kwargs| term(Family::Tag, &kwargs));
    templates.add_function("author", |kwargs: Kwargs| term(Family::Author, &kwargs));
    templates.add_function("tags", || terms(Read::Tags, Family::Tag));
    templates.add_function("authors", || terms(Read::Authors, Family::Author));
    templates.add_function("menu", menu);
    templates.add_function("search", search::search);
    templates.add_function("setting", |name: String| site::setting(&name));
    templates.add_function("routes", routes);
    templates.add_function("asset", asset);
    templates.add_function("fetch", fetch::fetch);
    templates.add_function("cached", fragment::cached);
    templates.add_function("head", head::head);
    templates.add_function("image", picture::image);
    templates.add_function("revalidate", |seconds: u64| {
        scope::with(|scope| {
            scope.shorten(seconds);
            Ok(Value::from(""))
        })
    });
    templates.add_function("cache_tag", |name: String| {
        scope::with(|scope| {
            scope.add_tag(&name);
            Ok(Value::from(""))
        })
    });
    templates.add_function("not_found", || end(Ending::NotFound));
    templates.add_function("redirect", redirect);
    templates.add_function("fail", |reason: String| end(Ending::Fail(reason)));
    templates.add_global("site", Value::from_object(Site));
}

fn one(kind: Kind, kwargs: &Kwargs) -> Result<Value, Error> {
    let by = list::key(kwargs)?;
    kwargs.assert_all_used()?;
    scope::with(|scope| {
        let asked = scope.ask(Read::Post { kind, by })?;
        let Answer::Post(Some(post)) = &asked.answered.answer else { return Ok(Value::from(())) };
        Ok(Maker { stage: &scope.stage, sight: &asked.sight }.post(post))
    })
}

/// `neighbours(post)`: the posts published just before (`older`) and just after (`newer`).
fn neighbours(post: Value) -> Result<Value, Error> {
    let id = id_of(&post)?;
    scope::with(|scope| {
        let asked = scope.ask(Read::Neighbours { id })?;
        let make = Maker { stage: &scope.stage, sight: &asked.sight };
        let Answer::Neighbours { newer, older } = &asked.answered.answer else { return Ok(Value::from(())) };
        let value = |card: &Option<_>| card.as_ref().map_or(Value::from(()), |card| make.card(card));
        Ok(Value::from_pairs([("newer", value(newer)), ("older", value(older))]))
    })
}

/// `related(post, limit=3)`: posts of its first tag, the nearest before it, and after it where too few were before.
fn related(post: Value, kwargs: Kwargs) -> Result<Value, Error> {
    let limit = kwargs.get::<Option<u32>>("limit")?.unwrap_or(3);
    kwargs.assert_all_used()?;
    if !(1..=MOST_RELATED).contains(&limit) {
        let hint = format!("related(limit={limit}): say 1 to {MOST_RELATED}");
        return Err(Error::new(ErrorKind::InvalidOperation, hint));
    }
    let id = id_of(&post)?;
    scope::with(|scope| {
        let asked = scope.ask(Read::Related { id, limit })?;
        let make = Maker { stage: &scope.stage, sight: &asked.sight };
        let Answer::Cards(cards) = &asked.answered.answer else { return Ok(Value::from(())) };
        Ok(cards.iter().map(|card| make.card(card)).collect())
    })
}

/// The id of a post that a template holds; of anything else, one that no post has.
fn id_of(post: &Value) -> Result<Uuid, Error> {
    let id = post.get_attr("id")?;
    Ok(id.as_str().and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default())
}

fn term(family: Family, kwargs: &Kwargs) -> Result<Value, Error> {
    let slug: String = kwargs.get("slug")?;
    kwargs.assert_all_used()?;
    let read = match family {
        Family::Tag => Read::Tag { slug },
        Family::Author => Read::Author { slug },
    };
    scope::with(|scope| {
        let asked = scope.ask(read)?;
        let Answer::Term(Some(term)) = &asked.answered.answer else { return Ok(Value::from(())) };
        Ok(Maker { stage: &scope.stage, sight: &asked.sight }.term(term, family))
    })
}

fn terms(read: Read, family: Family) -> Result<Value, Error> {
    scope::with(|scope| {
        let asked = scope.ask(read)?;
        let make = Maker { stage: &scope.stage, sight: &asked.sight };
        let Answer::Terms(terms) = &asked.answered.answer else { return Ok(Value::from(())) };
        Ok(terms.iter().map(|term| make.term(term, family)).collect())
    })
}

fn menu(name: String) -> Result<Value, Error> {
    scope::with(|scope| {
        let asked = scope.ask(Read::Menu { name })?;
        let Answer::Menu(items) = &asked.answered.answer else { return Ok(Value::from(())) };
        Ok(Maker { stage: &scope.stage, sight: &asked.sight }.menu(items))
    })
}

/// `routes()`: `fixed` paths at which the theme has pages, and whether it has pages for `posts`, `pages`, `tags`, `authors`.
fn routes() -> Result<Value, Error> {
    scope::with(|scope| {
        scope.uses(Question::Routes);
        let routes = &scope.stage.theme.routes;
        let fixed = ("fixed", Value::from(routes.fixed().iter().map(|path| address::encode(path)).collect::<Vec<_>>()));
        let kinds = routes.routed().into_iter().map(|(name, is)| (name, Value::from(is)));
        Ok(Value::from_pairs(kinds.chain([fixed])))
    })
}

fn asset(path: String) -> Result<Value, Error> {
    scope::with(|scope| {
        scope.uses(Question::Asset(path.clone()));
        match scope.stage.theme.assets.named(&path) {
            // Made of the theme's own file name and a hash: nothing to escape.
            Some(asset) => Ok(Value::from_safe_string(asset.url.clone())),
            None => Err(Error::new(ErrorKind::InvalidOperation, format!("the theme has no file assets/{path}"))),
        }
    })
}

fn redirect(url: String, kwargs: Kwargs) -> Result<Value, Error> {
    let status = kwargs.get::<Option<u16>>("status")?.unwrap_or(308);
    kwargs.assert_all_used()?;
    if !matches!(status, 301 | 302 | 307 | 308) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("redirect(status={status}): say 301, 302, 307 or 308"),
        ));
    }
    end(Ending::Redirect { to: url, status })
}

/// Ends the template; the renderer finds the ending in the scope.
fn end(ending: Ending) -> Result<Value, Error> {
    scope::with(|scope| {
        let message = format!("the template ended itself: {ending:?}");
        scope.ending = Some(ending);
        Err(Error::new(ErrorKind::InvalidOperation, message))
    })
}
