//! A rehearsal tells what would be, and leaves nothing behind.

use std::sync::Arc;

use perennial::content::{
    change::Change,
    command::{self, Who},
    read::{Answer, PageNumber, Read},
};

use crate::{
    reads::{posts, window},
    site::{on_each_database, publish, tagged},
};

#[test]
fn a_rehearsal_leaves_nothing_behind() {
    on_each_database(async |site| {
        let id = site.draft(tagged("Hello", &["News"])).await;
        let reads = [Read::Posts(window(posts(), PageNumber::FromFirst(1))), Read::Total(posts())];
        let permalinks = Arc::new(site.permalinks.clone());
        let rehearsed =
            command::rehearse(&site.db, permalinks, Who::CommandLine, site.now(), publish(id), &reads).await.unwrap();
        assert_eq!(rehearsed.answers[1].answer, Answer::Total(1));
        let would_be = rehearsed.change.unwrap();
        assert_eq!(site.revision().await, 0);
        assert_eq!(site.public(id).await, None);
        assert_eq!(site.ask(&reads[1]).await.answer, Answer::Total(0));

        let change = site.try_apply(publish(id)).await.unwrap().change.unwrap();
        let change = Change { moves: would_be.moves.clone(), ..change };
        assert_eq!(change, would_be, "it comes as it was rehearsed, but for the time of publication");
        let window = site.ask(&reads[0]).await;
        assert_ne!(window.answer, rehearsed.answers[0].answer, "which it has from the moment of publishing");
    });
}
