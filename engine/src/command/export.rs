//! `perennial export`: what of the site other programs, and `perennial import`, can read.

use std::path::Path;

use crate::{
    boot,
    config::Config,
    export::{Out, Source},
    import::progress::Progress,
};

pub async fn run(target: &Path, config: &Config) -> anyhow::Result<()> {
    let out = Out::new(target)?;
    let database = boot::open(config, 2).await?;
    let permalinks = boot::theme(config, &database).await?.permalinks;
    let source = Source { readers: &database.readers, permalinks: &permalinks, media: &config.media };
    let mut progress = Progress::of("texts");
    let written = source.write(out, |done, total| progress.show(done, total)).await?;
    println!("{} texts and {} files of the media library are in {}.", written.texts, written.media, target.display());
    if written.changed > 0 {
        println!(
            "{} of the texts have changes that are not published; the export has what readers see.",
            written.changed
        );
    }
    Ok(())
}
