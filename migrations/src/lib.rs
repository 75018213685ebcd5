//! Perennial's database schema, for SQLite and PostgreSQL.
//!
//! Times are milliseconds since the epoch (UTC) in 64-bit integers: they sort alike in both databases.

mod access;
mod counts;
mod expiries;
mod logs;
mod people;
mod pictures;
mod posts;
mod previews;
mod redirects;
mod search;
mod site;
mod terms;
mod webhooks;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(site::CreateSite),
            Box::new(posts::CreatePosts),
            Box::new(terms::CreateTerms),
            Box::new(people::CreatePeople),
            Box::new(logs::CreateLogs),
            Box::new(previews::CreatePreviews),
            Box::new(expiries::CreateExpiries),
            Box::new(search::CreateSearch),
            Box::new(redirects::ExtendRedirects),
            Box::new(access::ExtendAccess),
            Box::new(webhooks::CreateWebhooks),
            Box::new(counts::KeepCounts),
            Box::new(pictures::ExtendPictures),
        ]
    }
}

/// `CREATE INDEX` over some columns, named after what it covers.
fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}

/// A reference that goes when the row it points to goes.
fn owned_by(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, "id").on_delete(ForeignKeyAction::Cascade).to_owned()
}
