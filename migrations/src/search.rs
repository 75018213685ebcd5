//! The index of searches. The text that searches used to go through is dropped.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

pub(crate) struct CreateSearch;

impl MigrationName for CreateSearch {
    fn name(&self) -> &str {
        "m0008_search"
    }
}

/// The index is filled by the engine, which folds what goes into it: databases split and fold words each in their own way.
const SQLITE: [&str; 2] = [
    // Numbers are never given twice: those of the index stay when a post goes.
    "CREATE TABLE search_entry (number INTEGER PRIMARY KEY AUTOINCREMENT, post_id uuid_text NOT NULL UNIQUE \
     REFERENCES post (id) ON DELETE CASCADE)",
    // It holds no texts, only where words are in them.
    "CREATE VIRTUAL TABLE search USING fts5(title, slug, body, content = '', contentless_delete = 1, \
     tokenize = 'ascii', prefix = '2 3')",
];

const POSTGRES: [&str; 2] = [
    "CREATE TABLE search_entry (post_id uuid PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE, \
     live boolean NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
];

#[async_trait::async_trait]
impl MigrationTrait for CreateSearch {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        manager.alter_table(Table::alter().table("post").drop_column("folded").to_owned()).await
    }
}
