//! The index in SQLite: an FTS5 table without texts. What readers may find has positive numbers, all else negative ones, so
//! that their searches are a range of it.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, Statement, Value,
    sea_query::{Expr, Query as Sql, SelectStatement},
};

use super::{Entry, MOST, Query};

/// A word of the title weighs as much as ten of the text. Only with the matches set down once is each of them scored, and the
/// index gone through, no more than once.
const RANKED: &str = "WITH hit AS MATERIALIZED (SELECT rowid AS number, bm25(search, 10, 4, 1) AS score \
    FROM search WHERE search MATCH ?1 AND rowid > 0 ORDER BY rowid DESC LIMIT ?2) \
    SELECT (SELECT post_id FROM search_entry entry WHERE entry.number = hit.number), (SELECT COUNT(*) FROM hit) \
    FROM hit ORDER BY score, number DESC LIMIT ?3 OFFSET ?4";

pub(super) async fn write<C: ConnectionTrait>(db: &C, entry: &Entry<'_>) -> Result<(), DbErr> {
    let id: Value = entry.post.into();
    run(db, "INSERT INTO search_entry (post_id) VALUES (?1) ON CONFLICT DO NOTHING", vec![id.clone()]).await?;
    let number = "SELECT number FROM search_entry WHERE post_id = ?1";
    let row = db.query_one_raw(statement(number, vec![id])).await?;
    let number: i64 = row.ok_or_else(|| DbErr::RecordNotFound("search_entry".into()))?.try_get_by_index(0)?;
    run(db, "DELETE FROM search WHERE rowid IN (?1, -?1)", vec![number.into()]).await?;
    let words = entry.folded();
    let number = if entry.live { number } else { -number };
    let values = vec![number.into(), words.title.into(), words.slug.into(), words.body.into()];
    run(db, "INSERT INTO search (rowid, title, slug, body) VALUES (?1, ?2, ?3, ?4)", values).await
}

/// Forgets everything.
pub(super) async fn clear<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    run(db, "INSERT INTO search (search) VALUES ('delete-all')", Vec::new()).await
}

pub(super) fn ranked(query: &Query, offset: u64, limit: u64) -> Statement {
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    statement(RANKED, vec![expression(query).into(), number(MOST), number(limit), number(offset)])
}

pub(super) fn found(query: &Query) -> SelectStatement {
    let mut ids = Sql::select();
    ids.column(("search_entry", "post_id")).from("search_entry");
    if query.is_empty() {
        return ids.and_where(Expr::value(false)).to_owned();
    }
    let numbers = "number IN (SELECT ABS(rowid) FROM search WHERE search MATCH ?)";
    ids.and_where(Expr::cust_with_values(numbers, [expression(query)])).to_owned()
}

/// The question in the language of FTS5. Its words hold letters and digits only.
fn expression(query: &Query) -> String {
    let phrases = query.0.iter().map(|phrase| {
        let words = phrase.words.join(" ");
        if phrase.open { format!("\"{words}\"*") } else { format!("\"{words}\"") }
    });
    phrases.collect::<Vec<_>>().join(" AND ")
}

fn statement(sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

async fn run<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<(), DbErr> {
    db.execute_raw(statement(sql, values)).await.map(drop)
}
