use std::time::Duration;

use tests::{Network, Press, Viewer, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn what_is_approved_after_a_cancel_is_lost_and_a_new_start_works() {
    // somebody approves at 12 s, when nobody waits any more, and at 32 s what the new code asks for.
    with_each(
        |world| {
            let world = world.press(secs(8), Press::Cancel).press(secs(20), Press::Start);
            world.viewer(Viewer::ApprovesAfter(secs(12)))
        },
        |_, log| {
            assert_eq!((log.end_text(), log.codes()), (SIGNED_IN, 2));
            assert_eq!(log.polls_in(secs(8)..secs(20)), 0, "nobody polls after a cancel");
        },
    );
}

#[test]
fn a_cancel_is_in_time_at_any_moment() {
    // Every answer is on its way for a second, so most of these moments have one that comes too late.
    for moment in (100..16_000).step_by(500) {
        let moment = Duration::from_millis(moment);
        with_each(
            |world| {
                let network = Network::default().latency(Duration::from_millis(500));
                let world = world.network(network).viewer(Viewer::ApprovesAfter(secs(14)));
                world.press(moment, Press::Cancel)
            },
            |_, log| {
                assert_eq!(log.end_text(), "cancelled");
                assert_eq!(log.ended_at(), moment);
            },
        );
    }
}

#[test]
fn start_pressed_again_and_again_is_start_pressed_once() {
    with_each(
        |world| {
            let presses = [0, 50, 150, 300, 3000, 5700, 16_000].map(Duration::from_millis);
            let world = presses
                .into_iter()
                .fold(world, |world, at| world.press(at, Press::Start));
            world.viewer(Viewer::ApprovesAfter(secs(20)))
        },
        |_, log| {
            assert_eq!((log.end_text(), log.codes()), (SIGNED_IN, 1));
            assert_eq!(log.gaps(), [5, 5, 5]);
        },
    );
}

#[test]
fn a_code_that_ran_out_is_followed_by_another_only_when_a_person_asks() {
    // X-42, RFC 8628 section 3.5.
    with_each(
        |world| world.press(secs(3000), Press::Start),
        |issuer, log| {
            assert_eq!((log.end_text(), log.codes()), ("expired", 2));
            let idle = secs(issuer.code_lifetime() + 10)..secs(3000);
            assert_eq!(log.polls_in(idle), 0, "nobody polls in between");
        },
    );
}
