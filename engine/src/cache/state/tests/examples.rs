//! Single stories, told step by step.

use super::*;

/// What each test case with a story of its own begins with.
fn stored(world: &mut World, page: usize) {
    world.step(Step::Read { page });
    world.step(Step::Finish { nth: 0, fails: false });
}

#[test]
fn an_edit_that_changes_nothing_read_costs_no_render() {
    let mut world = World::new(true);
    stored(&mut world, 0);
    world.step(Step::Edit { fact: 0, value: 1 });
    world.step(Step::Announce);
    assert_eq!(world.published[&key(0)].1, Mark::Expired, "expired until it is verified");
    world.step(Step::AnswerVerification { fails: false });
    assert_eq!(world.published[&key(0)].1, Mark::Fresh);
    assert!(world.renders.is_empty());
}

#[test]
fn a_render_that_an_edit_overtook_is_not_given_to_who_came_after_the_edit() {
    let mut world = World::new(true);
    world.step(Step::Read { page: 0 });
    world.step(Step::Snapshot { nth: 0 });
    world.step(Step::Edit { fact: 0, value: 2 });
    world.step(Step::Announce);
    world.step(Step::Read { page: 0 });
    world.step(Step::Finish { nth: 0, fails: false });
    assert_eq!(world.waiting.len(), 1, "who came before the edit was answered, who came after it waits");
    world.come_to_rest();
    assert!(world.waiting.is_empty());
    assert_eq!(world.published[&key(0)].0.values, [(0, 2), (1, 1)]);
}

#[test]
fn the_last_good_page_stays_when_a_render_fails_and_is_made_again_later() {
    let mut world = World::new(true);
    stored(&mut world, 0);
    world.step(Step::Edit { fact: 0, value: 2 });
    world.step(Step::Announce);
    world.step(Step::AnswerVerification { fails: false });
    world.step(Step::Finish { nth: 0, fails: true });
    assert_eq!(world.published[&key(0)].1, Mark::Degraded);
    world.step(Step::Read { page: 0 });
    assert!(world.renders.is_empty(), "not at once again");
    world.step(Step::Pass { millis: 3_751 });
    world.step(Step::Finish { nth: 0, fails: false });
    assert_eq!(world.published[&key(0)], (Shown { revision: 1, values: vec![(0, 2), (1, 1)] }, Mark::Fresh));
}

#[test]
fn what_was_withdrawn_is_not_given_out_even_when_nothing_else_can_be() {
    let mut world = World::new(true);
    stored(&mut world, 0);
    world.step(Step::Edit { fact: 0, value: 0 });
    world.step(Step::Announce);
    world.step(Step::Read { page: 0 });
    world.step(Step::AnswerVerification { fails: false });
    world.step(Step::Finish { nth: 0, fails: true });
    assert!(!world.published.contains_key(&key(0)));
    assert!(world.waiting.is_empty(), "its reader was told");
}

#[test]
fn a_page_with_a_period_is_made_again_at_its_deadline_only_if_somebody_came() {
    let last = PAGES - 1;
    let mut world = World::new(true);
    stored(&mut world, last);
    world.step(Step::Pass { millis: 4_001 });
    assert!(world.renders.is_empty(), "nobody came since it was made");
    world.step(Step::Read { page: last });
    world.step(Step::Finish { nth: 0, fails: false });
    world.step(Step::Read { page: last });
    world.step(Step::Pass { millis: 4_001 });
    assert_eq!(world.renders.len(), 1, "somebody came, so it is made without waiting for the next");
}

#[test]
fn a_page_that_is_held_is_not_tried_again_until_it_is_released() {
    let mut world = World::new(true);
    stored(&mut world, 0);
    world.step(Step::Edit { fact: 0, value: 2 });
    world.step(Step::Announce);
    world.step(Step::AnswerVerification { fails: false });
    let (key, _) = world.renders.remove(0);
    world.feed(Event::RenderFailed { key: key.clone(), error: "broken".into(), held: true });
    world.step(Step::Pass { millis: 100_000 });
    world.step(Step::Read { page: 0 });
    assert!(world.renders.is_empty() && world.waiting.is_empty(), "readers have the last good page");
    assert_eq!(world.published[&key].1, Mark::Degraded);
    world.feed(Event::Released { key: key.clone() });
    world.step(Step::Finish { nth: 0, fails: false });
    assert_eq!(world.published[&key].1, Mark::Fresh);
}

#[test]
fn the_last_good_page_is_fetched_from_the_shelf_when_making_a_new_one_fails() {
    let mut world = World::new(true);
    (0..5).for_each(|page| stored(&mut world, page));
    assert!(!world.published.contains_key(&key(0)), "memory holds four");
    world.step(Step::Edit { fact: 0, value: 2 });
    world.step(Step::Announce);
    world.step(Step::Read { page: 0 });
    world.step(Step::AnswerVerification { fails: false });
    let nth = world.renders.iter().position(|(other, _)| *other == key(0)).unwrap();
    world.step(Step::Finish { nth, fails: true });
    assert!(world.waiting.is_empty(), "its reader was answered");
    assert_eq!(world.published[&key(0)].1, Mark::Degraded);
}

#[test]
fn a_flood_of_addresses_pushes_out_only_itself() {
    let mut world = World::new(false);
    (0..4).for_each(|page| stored(&mut world, page));
    for n in 0..3_000 {
        let key = PageKey::of_path(&format!("/no/{n}/"));
        world.last_waiter += 1;
        world.waiting.insert(world.last_waiter, (key.clone(), 0));
        world.feed(Event::Fetch { key: key.clone(), waiter: world.last_waiter });
        world.renders.clear();
        if n % 2 == 0 {
            world.feed(Event::RenderFailed { key, error: "broken".into(), held: false });
        } else {
            world.feed(Event::Rendered { key, page: nothing(world.now) });
        }
    }
    assert!(world.waiting.is_empty());
    assert!((0..4).all(|page| world.published.contains_key(&key(page))), "every good page is still there");
    assert_eq!(world.state.summary(world.now).not_found, 2);
    assert_eq!(world.state.entries().count(), 4 + 2 + 1_000);
    assert_eq!(world.published.len(), 4 + 2);
    assert!(world.wakes.is_empty(), "nothing of it is made again without a reader");
}

/// A page for what was not found, with a period of its own.
fn nothing(now: i64) -> Made<Shown> {
    let facts = Facts {
        revision: 0,
        status: 404,
        route: "404".into(),
        hash: "nothing".into(),
        bytes: 10,
        made_at: now,
        modified_at: now,
        fresh_until: Some(now + 60_000),
        expires_at: now + 1_000_000,
        took_ms: 1,
    };
    let payload = Shown { revision: 0, values: Vec::new() };
    Made { payload, facts, reads: Vec::new(), tags: Vec::new(), dynamic: false }
}

#[test]
fn every_reader_of_a_dynamic_page_has_a_page_of_its_own() {
    let mut world = World::new(true);
    for waiter in 1..=3 {
        world.waiting.insert(waiter, (key(0), 0));
        world.feed(Event::Fetch { key: key(0), waiter });
    }
    let page = Made { dynamic: true, ..nothing(world.now) };
    let answers = world.state.handle(Event::Rendered { key: key(0), page }, world.now, &mut |_| false);
    let made = answers.iter().filter(|effect| matches!(effect, Effect::Answer { answer: Answer::Made(_), .. })).count();
    let alone = answers.iter().filter(|effect| matches!(effect, Effect::Answer { answer: Answer::Alone, .. })).count();
    assert_eq!((made, alone), (1, 2));
    assert_eq!(world.state.entries().count(), 0, "nothing of it is kept");
}
