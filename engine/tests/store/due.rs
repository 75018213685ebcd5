//! Posts are published and taken back when their time comes: once, in order, and on record when it was late.

use perennial::content::{
    command::post::{Schedule, ScheduleEnd, Unpublish},
    library,
    store::{CarriedOut, CarryOut},
};

use crate::{
    announcements::Running,
    site::{Site, on_each_database, publish, titled},
};

const HOUR: i64 = 3_600_000;

async fn carry_out(running: &Running, now: i64) -> CarriedOut {
    running.store.send(CarryOut { now }).await.unwrap()
}

/// What was done by the engine itself, the latest first.
async fn on_record(site: &Site) -> Vec<String> {
    let lines = library::audit(&site.db.readers, &Default::default()).await.unwrap().items;
    lines.into_iter().filter(|line| line.actor == "system").map(|line| line.action).collect()
}

#[test]
fn what_is_due_is_published_and_nothing_else() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        let later = site.now() + HOUR;
        for (title, at) in [("Now", site.now()), ("Later", later)] {
            let id = site.draft(titled(title)).await;
            site.apply(Schedule { id, expected: None, at }).await;
        }
        let now = site.now();
        let done = carry_out(&running, now).await;
        assert_eq!((done.turned.len(), done.next), (1, Some(later)));
        assert_eq!(carry_out(&running, now).await.turned, []);
        assert_eq!(running.revisions(), [1]);
        assert_eq!(on_record(&site).await, ["publish"]);
        running.end().await;
    });
}

#[test]
fn a_post_is_shown_for_as_long_as_was_planned() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        let id = site.draft(titled("A fair")).await;
        let (begin, end) = (site.now() + HOUR, site.now() + 2 * HOUR);
        site.apply(Schedule { id, expected: None, at: begin }).await;
        assert!(site.tags(ScheduleEnd { id, expected: None, at: Some(end) }).await.is_empty());
        let shown = library::post(&site.db.readers, &site.permalinks, id).await.unwrap().unwrap().summary;
        assert_eq!(shown.unpublish_at.map(|time| time.0), Some(end));
        for at in [begin, begin - 1] {
            assert_eq!(site.refused(ScheduleEnd { id, expected: None, at: Some(at) }).await, "invalid");
        }
        assert_eq!(site.refused(Schedule { id, expected: None, at: end }).await, "invalid");

        assert_eq!(carry_out(&running, begin - 1).await, CarriedOut { turned: vec![], next: Some(begin) });
        let done = carry_out(&running, begin).await;
        assert_eq!((done.turned[0].id, done.next), (id, Some(end)));
        assert!(site.public(id).await.is_some());
        let done = carry_out(&running, end + 999).await;
        assert_eq!((done.turned.len(), done.next), (1, None));
        assert_eq!(site.public(id).await, None);
        assert_eq!(carry_out(&running, end + 1_999).await, CarriedOut::default());
        assert_eq!(on_record(&site).await, ["unpublish", "publish"]);
        running.end().await;
    });
}

#[test]
fn what_was_missed_is_done_late_and_said_so() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        let begin = site.now() + HOUR;
        let [begun, over] = [site.draft(titled("Begun")).await, site.draft(titled("Over")).await];
        for id in [begun, over] {
            site.apply(Schedule { id, expected: None, at: begin }).await;
        }
        site.apply(ScheduleEnd { id: over, expected: None, at: Some(begin + HOUR) }).await;
        assert_eq!(carry_out(&running, begin + 2 * HOUR).await.turned.len(), 2);
        assert_eq!(site.public(begun).await.unwrap().card.published_at, begin, "the date its editor chose");
        assert_eq!(site.public(over).await, None, "its time has passed");
        assert_eq!(on_record(&site).await, ["late", "publish", "late", "unpublish"]);
        let late = library::audit(&site.db.readers, &Default::default()).await.unwrap().items.remove(0);
        assert_eq!(late.detail["seconds"], 7_200);

        // Planned for a time that had passed is not late.
        let id = site.draft(titled("At once")).await;
        site.apply(Schedule { id, expected: None, at: site.now() - HOUR }).await;
        assert_eq!(carry_out(&running, site.now()).await.turned.len(), 1);
        assert_eq!(on_record(&site).await[0], "publish");
        running.end().await;
    });
}

#[test]
fn an_end_can_be_moved_and_is_forgotten_with_the_publication() {
    on_each_database(async |site| {
        let running = Running::start(&site, 0);
        let id = site.draft(titled("Hello")).await;
        let end = site.now() + HOUR;
        assert_eq!(site.refused(ScheduleEnd { id, expected: None, at: Some(end) }).await, "wrong_state");
        site.apply(publish(id)).await;
        for at in [Some(end), Some(end + HOUR), None] {
            site.apply(ScheduleEnd { id, expected: None, at }).await;
            assert_eq!(carry_out(&running, site.now()).await.next, at);
        }
        site.apply(ScheduleEnd { id, expected: None, at: Some(end) }).await;
        site.apply(Unpublish { id, expected: None }).await;
        site.apply(publish(id)).await;
        assert_eq!(carry_out(&running, end).await, CarriedOut::default());
        assert!(site.public(id).await.is_some());
        running.end().await;
    });
}
