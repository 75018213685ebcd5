//! `perennial token`: secrets that let programs use the API. Works beside a running server.

use std::sync::Arc;

use clap::{Args, Subcommand};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    content::{
        command::{Who, apply, people::CreateToken},
        database::Database,
        permalink::Permalinks,
        time::Time,
    },
    http::auth::secret::{self, TOKEN_PREFIX},
    model::user::{self, Role},
};

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Make a token that acts for the site's owner, and print it. It is shown this once.
    Create(Create),
}

#[derive(Clone, Debug, Args)]
pub struct Create {
    /// What uses it.
    #[arg(long)]
    name: String,
    /// What it may do: admin, content:read, revalidate.
    #[arg(long, required = true, value_delimiter = ',')]
    scopes: Vec<String>,
}

pub async fn run(command: Command, db: &Database) -> anyhow::Result<()> {
    let Command::Create(Create { name, scopes }) = command;
    let owner = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Owner))
        .order_by_asc(user::Column::CreatedAt)
        .one(&db.readers)
        .await?;
    let token = format!("{TOKEN_PREFIX}{}", secret::random());
    let command = CreateToken {
        name,
        hash: secret::hash(&token),
        scopes: scopes.iter().map(|scope| scope.trim().to_owned()).collect(),
        user: owner.map(|owner| owner.id),
        expires_at: None,
    };
    apply(db, Arc::new(Permalinks::default()), Who::CommandLine, Time::now().0, command).await?;
    println!("{token}");
    Ok(())
}
