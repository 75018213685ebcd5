//! Lists of posts as templates see them: iterable, with page numbers that are only asked for when they are used.

use std::{fmt, sync::Arc};

use minijinja::{
    Error, ErrorKind, Value,
    value::{Enumerator, Kwargs, Object, ObjectRepr},
};
use uuid::Uuid;

use crate::content::read::{Answer, Fields, Filter, Key, Kind, Limit, Order, PageNumber, Read, Window};

use super::{scope, site, value::Maker};

/// The most posts one list may hold, by how much of each is read.
const MOST_CARDS: u32 = 1_000;
const MOST_FULL: u32 = 200;
const MOST_DATES: u32 = 50_000;

/// What `posts(…)` gives.
struct List {
    window: Window,
    items: Vec<Value>,
}

/// `posts(tag=, author=, featured=, kind=, limit=10 or "site", page=1, order="-published_at", anchor=, fields="card")`
pub fn posts(kwargs: Kwargs) -> Result<Value, Error> {
    let window = window(&kwargs)?;
    kwargs.assert_all_used()?;
    let items = scope::with(|scope| {
        let asked = scope.ask(Read::Posts(window.clone()))?;
        let make = Maker { stage: &scope.stage, sight: &asked.sight };
        Ok(match &asked.answered.answer {
            Answer::Cards(cards) => cards.iter().map(|card| make.card(card)).collect(),
            Answer::Posts(posts) => posts.iter().map(|post| make.post(post)).collect(),
            Answer::Dates(dates) => dates.iter().map(|dated| make.dated(dated)).collect(),
            _ => Vec::new(),
        })
    })?;
    Ok(Value::from_object(List { window, items }))
}

fn window(kwargs: &Kwargs) -> Result<Window, Error> {
    let wrong = |what: String| Error::new(ErrorKind::InvalidOperation, what);
    let text = |key| kwargs.get::<Option<String>>(key);
    let fields = match text("fields")?.as_deref() {
        None | Some("card") => Fields::Card,
        Some("dates") => Fields::Dates,
        Some("full") => Fields::Full,
        Some(other) => return Err(wrong(format!("posts(fields={other:?}): say \"card\", \"dates\" or \"full\""))),
    };
    let most = match fields {
        Fields::Card => MOST_CARDS,
        Fields::Dates => MOST_DATES,
        Fields::Full => MOST_FULL,
    };
    let limit = match kwargs.get::<Option<Value>>("limit")? {
        None => Limit::Posts(10),
        Some(limit) if limit.as_str() == Some("site") => Limit::Site,
        Some(limit) => {
            let posts = limit.as_usize().and_then(|posts| u32::try_from(posts).ok());
            Limit::Posts(posts.filter(|posts| (1..=most).contains(posts)).ok_or_else(|| {
                wrong(format!("posts(limit={limit}): a list of this kind holds 1 to {most} posts; \"site\" is as many as the site's setting says"))
            })?)
        }
    };
    let kind = match text("kind")?.as_deref() {
        None | Some("post") => Kind::Post,
        Some("page") => Kind::Page,
        Some(other) => return Err(wrong(format!("posts(kind={other:?}): say \"post\" or \"page\""))),
    };
    let order = match text("order")?.as_deref() {
        None | Some("-published_at") => Order::NewestFirst,
        Some("published_at") => Order::OldestFirst,
        Some("title") => Order::Title,
        Some("-updated_at") => Order::RecentlyUpdated,
        Some(other) => {
            return Err(wrong(format!(
                "posts(order={other:?}): say -published_at, published_at, title or -updated_at"
            )));
        }
    };
    let page = page_number(kwargs.get::<Option<Value>>("page")?);
    let page = match text("anchor")?.as_deref() {
        None | Some("newest") => PageNumber::FromFirst(page.unwrap_or(1)),
        Some("oldest") if order == Order::NewestFirst => PageNumber::FromOldest(page),
        Some("oldest") => return Err(wrong("posts(anchor=\"oldest\") is for lists ordered by -published_at".into())),
        Some(other) => return Err(wrong(format!("posts(anchor={other:?}): say \"newest\" or \"oldest\""))),
    };
    let filter = Filter { kind, tag: text("tag")?, author: text("author")?, featured: kwargs.get("featured")? };
    Ok(Window { filter, order, limit, page, fields })
}

/// A page number as it stands in a path. What is no page number (`0`, `07`, `x`) is a page past every end: an empty list.
pub(super) fn page_number(page: Option<Value>) -> Option<u32> {
    let page = page.filter(|page| !page.is_undefined() && !page.is_none())?;
    let number = match page.as_str() {
        Some(text) if text.starts_with('0') || text.starts_with('+') => None,
        Some(text) => text.parse().ok(),
        None => page.as_usize().and_then(|number| u32::try_from(number).ok()),
    };
    Some(number.filter(|number| *number > 0).unwrap_or(u32::MAX))
}

impl List {
    fn total(&self) -> Result<u64, Error> {
        scope::with(|scope| match &scope.ask(Read::Total(self.window.filter.clone()))?.answered.answer {
            Answer::Total(total) => Ok(*total),
            _ => Ok(0),
        })
    }

    fn pages(&self) -> Result<u64, Error> {
        let limit = match self.window.limit {
            Limit::Posts(posts) => posts.into(),
            Limit::Site => {
                scope::with(|scope| site::value(scope, "posts_per_page"))?.as_usize().unwrap_or(1).max(1) as u64
            }
        };
        let total = self.total()?;
        Ok(match self.window.page {
            PageNumber::FromFirst(_) => total.div_ceil(limit).max(1),
            PageNumber::FromOldest(_) => (total / limit).max(1),
        })
    }

    fn around(&self, which: impl Fn(Option<u32>, Option<u32>) -> Option<u32>) -> Result<Value, Error> {
        scope::with(|scope| match &scope.ask(Read::Around(self.window.clone()))?.answered.answer {
            Answer::Around { prev, next } => Ok(Value::from(which(*prev, *next))),
            _ => Ok(Value::from(())),
        })
    }
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        if let Some(index) = key.as_usize() {
            return self.items.get(index).cloned();
        }
        let value = match key.as_str()? {
            "total" => self.total().map(Value::from),
            "pages" => self.pages().map(Value::from),
            "prev" => self.around(|prev, _| prev),
            "next" => self.around(|_, next| next),
            "page" => match self.window.page {
                PageNumber::FromFirst(page) | PageNumber::FromOldest(Some(page)) => Ok(Value::from(page)),
                PageNumber::FromOldest(None) => self.pages().map(Value::from),
            },
            _ => return None,
        };
        Some(value.unwrap_or_else(Value::from))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}

/// A key out of `slug=` or `id=`; an id that is none finds nothing.
pub fn key(kwargs: &Kwargs) -> Result<Key, Error> {
    if let Some(slug) = kwargs.get::<Option<String>>("slug")? {
        return Ok(Key::Slug(slug));
    }
    match kwargs.get::<Option<String>>("id")? {
        Some(id) => Ok(Key::Id(Uuid::parse_str(&id).unwrap_or(Uuid::nil()))),
        None => Err(Error::new(ErrorKind::MissingArgument, "say which one: slug= or id=")),
    }
}
