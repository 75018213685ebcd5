//! No question of a page makes SQLite read a whole table: what is fast with ten posts is fast with a hundred thousand.

use std::sync::Mutex;

use perennial::content::{
    ask::ask,
    command::{author::CreateAuthor, menu::PutMenu, post::PostPatch},
    menu::Item,
    read::{Fields, Key, Kind, Order, PageNumber, Read, Window},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::{
    reads::all_reads,
    site::{Site, on_sqlite, tagged},
};

/// Lists of all tags or all authors are what they read.
const WHOLE: [&str; 2] = ["SCAN tag USING INDEX tag_slug", "SCAN author USING INDEX author_slug"];

/// A connection that remembers what it was asked.
struct Recorder {
    db: DatabaseConnection,
    statements: Mutex<Vec<Statement>>,
}

#[async_trait::async_trait]
impl ConnectionTrait for Recorder {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.statements.lock().unwrap().push(statement.clone());
        self.db.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.statements.lock().unwrap().push(statement.clone());
        self.db.query_all_raw(statement).await
    }
}

/// How SQLite goes about each statement of a read.
async fn plans(site: &Site, read: &Read) -> Vec<(String, String)> {
    let recorder = Recorder { db: site.db.readers.clone(), statements: Mutex::default() };
    ask(&recorder, read).await.unwrap();
    let mut plans = Vec::new();
    for mut statement in recorder.statements.into_inner().unwrap() {
        let sql = statement.sql.clone();
        statement.sql = format!("EXPLAIN QUERY PLAN {sql}");
        for row in site.db.readers.query_all_raw(statement).await.unwrap() {
            plans.push((sql.clone(), row.try_get::<String>("", "detail").unwrap()));
        }
    }
    plans
}

/// A site on which every query finds something to look up.
async fn furnished(site: &Site) -> Vec<Read> {
    let author = site.apply(CreateAuthor { name: "a".into(), ..Default::default() }).await;
    let fields = PostPatch {
        authors: Some(vec![author]),
        feature_image: Some(Some("/media/a.png".into())),
        ..tagged("a", &["a"])
    };
    let id = site.published(fields).await;
    let items = vec![
        Item { post: Some(id.to_string()), ..Default::default() },
        Item { label: "Tag".into(), tag: Some("a".into()), ..Default::default() },
    ];
    site.apply(PutMenu { name: "main".into(), expected: None, items }).await;
    let mut reads = all_reads();
    reads.extend([
        Read::Post { kind: Kind::Post, by: Key::Id(id) },
        Read::Neighbours { id },
        Read::Related { id, limit: 3 },
    ]);
    reads
}

#[test]
fn no_read_scans_a_table() {
    on_sqlite(async |site| {
        let reads = furnished(&site).await;
        for read in reads {
            for (sql, plan) in plans(&site, &read).await {
                let scans = plan.starts_with("SCAN") && !WHOLE.contains(&plan.as_str());
                assert!(!scans, "{read:?}\n{sql}\n{plan}");
            }
        }
    });
}

#[test]
fn posts_are_looked_up_by_their_ids() {
    on_sqlite(async |site| {
        let mut seen = 0;
        for read in furnished(&site).await {
            for (sql, plan) in plans(&site, &read).await {
                if sql.contains(r#""post"."id" IN"#) {
                    seen += 1;
                    assert!(plan.contains("sqlite_autoindex_post_1"), "{read:?}\n{sql}\n{plan}");
                }
            }
        }
        assert!(seen > 0, "no read fetched posts");
    });
}

#[test]
fn lists_by_date_are_read_in_order() {
    on_sqlite(async |site| {
        for read in furnished(&site).await {
            let Read::Posts(Window { order, page, fields: Fields::Card, .. }) = &read else { continue };
            let by_date =
                matches!(order, Order::NewestFirst | Order::OldestFirst) || matches!(page, PageNumber::FromOldest(_));
            for (sql, plan) in plans(&site, &read).await {
                // The terms of a window's posts are sorted after they are fetched.
                let sorts = plan.contains("TEMP B-TREE") && sql.contains("LIMIT");
                assert!(!(by_date && sorts), "{read:?}\n{sql}\n{plan}");
            }
        }
    });
}
