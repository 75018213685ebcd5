//! The `perennial` command.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use perennial::{
    boot, command,
    config::{Config, Said},
    telemetry,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A publishing engine whose pages never go stale.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Settings file, instead of perennial.toml in this folder.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Everything that must be kept is in this folder.
    #[arg(long, global = true)]
    data_dir: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site (the default).
    Serve {
        /// Address and port to answer at.
        #[arg(long)]
        listen: Option<String>,
        /// For whoever makes a theme: read it again on every save, reload browsers, and show what is wrong with a template.
        #[arg(long)]
        dev: bool,
    },
    /// Bring the database up to date and end.
    Migrate,
    /// Say whether the server with these settings is ready.
    Healthcheck,
    /// Show every setting with its origin, and try what the server needs.
    Doctor,
    /// Write everything that must be kept into one file. Works beside a running server.
    Backup {
        /// A new file, such as site.zip
        file: PathBuf,
    },
    /// Bring back what a backup holds, where there is no site yet.
    Restore {
        /// What "perennial backup" wrote.
        file: PathBuf,
    },
    /// Bring another program's site here: posts, pages, redirects and media.
    Import(command::import::Args),
    /// Write the texts of the site as Markdown, with the media library.
    Export {
        /// A new folder, or a new file that ends in .zip
        out: PathBuf,
    },
    /// Write the whole site as files that any web server can serve.
    Build(command::build::Build),
    /// Look at the pages of the running server, and have them made again.
    Cache(command::cache::Cache),
    /// Begin a theme, and look at one before it is used.
    #[command(subcommand)]
    Theme(command::theme::Command),
    /// People who may sign in.
    #[command(subcommand)]
    User(command::user::Command),
    /// Secrets that let programs use the API.
    #[command(subcommand)]
    Token(command::token::Command),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let system = actix_rt::System::with_tokio_rt(|| {
        // Without a runtime there is nothing to run, and nobody to tell but the terminal.
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap_or_else(|error| {
            eprintln!("perennial: the runtime cannot start: {error}");
            std::process::exit(1)
        })
    });
    let result = system.block_on(run(arguments));
    // What ends with it may still have something to log; the sentence that tells people what to do comes last.
    drop(system);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("perennial: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut flags: Vec<_> = arguments.data_dir.into_iter().map(|folder| ("data_dir", folder)).collect();
    if let Some(Command::Serve { listen: Some(listen), .. }) = &arguments.command {
        flags.push(("listen", listen.clone()));
    }
    let said = Said::gather(arguments.config.as_deref(), &flags)?;
    if let Some(Command::Doctor) = arguments.command {
        return command::doctor::run(&said).await;
    }
    let config = Config::of(&said)?;
    telemetry::start(&config)?;
    match arguments.command.unwrap_or(Command::Serve { listen: None, dev: false }) {
        Command::Serve { dev, .. } => boot::serve(config, dev).await,
        Command::Migrate => boot::open(&config, 1).await.map(|_| println!("The database is up to date.")),
        Command::Import(args) => command::import::run(args, &config).await,
        Command::Healthcheck => command::healthcheck::run(config.listen),
        Command::Doctor => command::doctor::run(&said).await,
        Command::Backup { file } => command::backup::run(&file, &config).await,
        Command::Restore { file } => command::restore::run(&file, &config).await,
        Command::Export { out } => command::export::run(&out, &config).await,
        Command::Build(build) => command::build::run(build, &config).await,
        Command::Cache(cache) => command::cache::run(cache, config.listen).await,
        Command::Theme(theme) => command::theme::run(theme, &config).await,
        Command::User(user) => command::user::run(user, &boot::open(&config, 1).await?).await,
        Command::Token(token) => command::token::run(token, &boot::open(&config, 1).await?).await,
    }
}
