//! `search(q, page=1, limit=10)`: what readers find, the best first.

use std::{fmt::Write, sync::Arc};

use minijinja::{
    Error, ErrorKind, Value,
    value::{Enumerator, Kwargs, Object, ObjectRepr},
};

use crate::content::{ask::Found, search::snippet::Part};

use super::{
    filter, list,
    scope::{self, Sight},
    value::Maker,
};

/// The most results on one page.
const MOST: u32 = 100;

/// One page of results.
#[derive(Debug)]
struct Results {
    hits: Vec<Value>,
    total: u64,
    page: u32,
    limit: u32,
}

/// A post that was found: its card, and where the words stand in its text.
#[derive(Debug)]
struct Hit {
    card: Value,
    snippet: String,
}

/// What is not given, as where a query has no such key, finds nothing.
pub fn search(question: Value, kwargs: Kwargs) -> Result<Value, Error> {
    let page = list::page_number(kwargs.get::<Option<Value>>("page")?).unwrap_or(1);
    let limit = kwargs.get::<Option<u32>>("limit")?.unwrap_or(10);
    kwargs.assert_all_used()?;
    if !(1..=MOST).contains(&limit) {
        let problem = format!("search(limit={limit}): a page holds 1 to {MOST} results");
        return Err(Error::new(ErrorKind::InvalidOperation, problem));
    }
    scope::with(|scope| {
        let Found { hits, total } = scope.search(question.as_str().unwrap_or_default(), page, limit)?;
        let sight = Sight::aside();
        let make = Maker { stage: &scope.stage, sight: &sight };
        let hits = hits.into_iter();
        let hits =
            hits.map(|hit| Value::from_object(Hit { card: make.card(&hit.card), snippet: marked(&hit.snippet) }));
        Ok(Value::from_object(Results { hits: hits.collect(), total, page, limit }))
    })
}

/// As HTML in which nothing but the marks is markup.
fn marked(parts: &[Part]) -> String {
    let mut html = String::new();
    for part in parts {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = filter::escape(&part.text, |piece| text.write_str(piece));
        let _ = if part.hit { write!(html, "<mark>{text}</mark>") } else { html.write_str(&text) };
    }
    html
}

impl Results {
    fn pages(&self) -> u64 {
        self.total.div_ceil(self.limit.into()).max(1)
    }
}

impl Object for Results {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        if let Some(index) = key.as_usize() {
            return self.hits.get(index).cloned();
        }
        Some(match key.as_str()? {
            "total" => Value::from(self.total),
            "page" => Value::from(self.page),
            "pages" => Value::from(self.pages()),
            "prev" => Value::from((self.page > 1).then(|| self.page - 1)),
            "next" => Value::from((u64::from(self.page) < self.pages()).then(|| self.page + 1)),
            _ => return None,
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.hits.len())
    }
}

impl Object for Hit {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            "snippet" => Some(Value::from_safe_string(self.snippet.clone())),
            other => self.card.get_attr(other).ok().filter(|value| !value.is_undefined()),
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_holds_no_markup_of_the_text() {
        let part = |text: &str, hit| Part { text: text.into(), hit };
        let html = marked(&[part("<b>\"a\" & ", false), part("<script>", true)]);
        assert_eq!(html, "&lt;b&gt;&quot;a&quot; &amp; <mark>&lt;script&gt;</mark>");
    }
}
