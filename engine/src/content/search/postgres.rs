//! The index in PostgreSQL: a column of words with their places and weights. No extension is needed, and none of the
//! database's own ways to fold words is used.

use std::fmt::Write;

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, Statement, Value,
    sea_query::{Expr, Query as Sql, SelectStatement},
};

use super::{Entry, MOST, Query};

/// Weights of the text, of nothing, of the slug, of the title.
const RANKED: &str = "SELECT post_id, COUNT(*) OVER () FROM (SELECT post_id, ts_rank('{0.1, 0.1, 0.4, 1.0}', words, \
    CAST($1 AS tsquery), 1) AS score FROM search_entry WHERE live AND words @@ CAST($1 AS tsquery) LIMIT $2) hit \
    ORDER BY score DESC, post_id DESC LIMIT $3 OFFSET $4";

const WRITE: &str = "INSERT INTO search_entry (post_id, live, words) VALUES ($1, $2, CAST($3 AS tsvector)) \
    ON CONFLICT (post_id) DO UPDATE SET live = excluded.live, words = excluded.words";

/// Places beyond this are all the same to PostgreSQL.
const FARTHEST: usize = 16_383;

pub(super) async fn write<C: ConnectionTrait>(db: &C, entry: &Entry<'_>) -> Result<(), DbErr> {
    let values: Vec<Value> = vec![entry.post.into(), entry.live.into(), vector(entry).into()];
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, WRITE, values)).await.map(drop)
}

pub(super) fn ranked(query: &Query, offset: u64, limit: u64) -> Statement {
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let values = vec![expression(query).into(), number(MOST), number(limit), number(offset)];
    Statement::from_sql_and_values(DbBackend::Postgres, RANKED, values)
}

pub(super) fn found(query: &Query) -> SelectStatement {
    let mut ids = Sql::select();
    ids.column(("search_entry", "post_id")).from("search_entry");
    if query.is_empty() {
        return ids.and_where(Expr::value(false)).to_owned();
    }
    ids.and_where(Expr::cust_with_values("words @@ CAST($1 AS tsquery)", [expression(query)])).to_owned()
}

/// Every word with its place and the weight of where it stands, in the form PostgreSQL writes them itself. Between title,
/// slug and text a place is left out: no phrase goes from one to the other.
fn vector(entry: &Entry<'_>) -> String {
    let words = entry.folded();
    let mut vector = String::new();
    let mut place = 1;
    for (text, weight) in [(&words.title, 'A'), (&words.slug, 'B'), (&words.body, 'D')] {
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let _ = write!(vector, "{word}:{}{weight} ", place.min(FARTHEST)); // Writing to a string cannot fail.
            place += 1;
        }
        place += 1;
    }
    vector
}

/// The question in PostgreSQL's language. Its words hold letters and digits only.
fn expression(query: &Query) -> String {
    let phrases = query.0.iter().map(|phrase| {
        let words = phrase.words.join(" <-> ");
        if phrase.open { format!("({words}:*)") } else { format!("({words})") }
    });
    phrases.collect::<Vec<_>>().join(" & ")
}
