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
    world.step(Step::Pass { millis: 3_001 });
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
