//! `perennial user`: people who may sign in. Works beside a running server.

use std::{
    io::{IsTerminal, stdin},
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::{
    content::{
        command::{
            Who, apply,
            people::{CreateUser, SetPassword},
            second_factor::RemoveSecondFactor,
        },
        database::Database,
        library,
        permalink::Permalinks,
        time::Time,
    },
    http::auth::{password, secret},
    model::user::{self, Role},
};

#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Let somebody sign in.
    Add(Add),
    /// Give somebody another password; whoever is signed in under their name is signed out.
    Password(Password),
    /// Let somebody sign in with the password alone again, who has lost their authenticator app and their recovery codes.
    SecondFactorOff { email: String },
}

#[derive(Clone, Debug, Args)]
pub struct Add {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// owner, administrator, editor, author or contributor.
    #[arg(long, value_parser = role)]
    role: Role,
    /// Read the password from standard input; otherwise one is made up and shown.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Clone, Debug, Args)]
pub struct Password {
    email: String,
    /// Read the password from standard input; otherwise one is made up and shown.
    #[arg(long)]
    password_stdin: bool,
}

pub async fn run(command: Command, db: &Database) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => self::add(add, db).await,
        Command::Password(password) => self::password(password, db).await,
        Command::SecondFactorOff { email } => second_factor_off(&email, db).await,
    }
}

async fn add(Add { email, name, role, password_stdin }: Add, db: &Database) -> anyhow::Result<()> {
    let chosen = Chosen::read(password_stdin)?;
    let command = CreateUser { email: email.clone(), name, role, password_hash: chosen.hash().await? };
    apply(db, Arc::new(Permalinks::default()), Who::CommandLine, Time::now().0, command).await?;
    println!("{email} can sign in.");
    chosen.show();
    Ok(())
}

async fn password(Password { email, password_stdin }: Password, db: &Database) -> anyhow::Result<()> {
    let user = find(&email, db).await?;
    let chosen = Chosen::read(password_stdin)?;
    let command = SetPassword { user: user.id, password_hash: chosen.hash().await?, but: None };
    apply(db, Arc::new(Permalinks::default()), Who::CommandLine, Time::now().0, command).await?;
    println!("{email} has another password.");
    chosen.show();
    Ok(())
}

async fn second_factor_off(email: &str, db: &Database) -> anyhow::Result<()> {
    let command = RemoveSecondFactor { user: find(email, db).await?.id };
    apply(db, Arc::new(Permalinks::default()), Who::CommandLine, Time::now().0, command).await?;
    println!("{email} signs in with the password alone.");
    Ok(())
}

async fn find(email: &str, db: &Database) -> anyhow::Result<user::Model> {
    let Some(user) = library::user_by_email(&db.readers, email).await? else {
        bail!("nobody has the address {email}; \"perennial user add\" makes a user")
    };
    Ok(user)
}

struct Chosen {
    password: String,
    made_up: bool,
}

impl Chosen {
    fn read(asked: bool) -> anyhow::Result<Self> {
        let mut line = String::new();
        if asked || !stdin().is_terminal() {
            stdin().read_line(&mut line).context("the password cannot be read from standard input")?;
        }
        let given = line.trim_end_matches(['\r', '\n']);
        if !given.is_empty() || asked {
            return Ok(Self { password: given.to_owned(), made_up: false });
        }
        Ok(Self { password: secret::random().chars().take(24).collect(), made_up: true })
    }

    async fn hash(&self) -> anyhow::Result<String> {
        let password = self.password.clone();
        Ok(tokio::task::spawn_blocking(move || password::hash(&password)).await??)
    }

    fn show(&self) {
        if self.made_up {
            println!("The password is {}", self.password);
        }
    }
}

fn role(word: &str) -> Result<Role, String> {
    match word {
        "owner" => Ok(Role::Owner),
        "administrator" | "admin" => Ok(Role::Administrator),
        "editor" => Ok(Role::Editor),
        "author" => Ok(Role::Author),
        "contributor" => Ok(Role::Contributor),
        _ => Err("a role is owner, administrator, editor, author or contributor".into()),
    }
}
