use tests::{Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

const HOUR: i64 = 3600;
const YEAR: i64 = 365 * 24 * HOUR;

/// What a page of another origin sees where the server does not expose the header (O-109).
const NO_DATE: &str = r#"{"steps":[{"change":{"headers":{"Date":null}}}]}"#;

/// Somebody approves after the clock was set.
fn with_clock_set(by: i64) -> impl Fn(World) -> World {
    move |world| world.viewer(Viewer::ApprovesAfter(secs(22))).tv_clock_set(secs(8), by)
}

#[test]
fn setting_the_clock_harms_nobody_whose_server_tells_the_time() {
    // Three hours forward look like sleep; the server's `Date` shows that they were none.
    for by in [3 * HOUR, -3 * HOUR, 20 * YEAR, -20 * YEAR] {
        with_each(with_clock_set(by), |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN, "{by}");
            assert!(log.gaps().iter().all(|gap| *gap <= 5), "{:?}", log.gaps());
        });
    }
}

#[test]
fn without_the_servers_date_a_step_of_hours_is_taken_for_sleep() {
    // The one case that is lost: nothing else tells it from standby, after which the code would be dead.
    let story = with_clock_set(3 * HOUR);
    with_each(
        |world| story(world.script(NO_DATE)),
        |_, log| assert_eq!(log.end_text(), "expired"),
    );
}

#[test]
fn setting_the_clock_while_the_keys_are_fetched_does_not_age_the_tokens() {
    for by in [3 * HOUR, -3 * HOUR] {
        with_each(
            // The tokens come at 5.9 s, the keys at 6.1 s.
            |world| world.viewer(Viewer::ApprovesAfter(secs(3))).tv_clock_set(secs(6), by),
            |_, log| assert_eq!(log.end_text(), SIGNED_IN),
        );
    }
}

#[test]
fn a_set_that_has_no_idea_of_the_date_believes_the_servers() {
    for by in [-20 * YEAR, 20 * YEAR] {
        let story = |world: World| {
            let world = world.tv_clock_set(secs(0), by);
            world.viewer(Viewer::ApprovesAfter(secs(22)))
        };
        with_each(story, |_, log| assert_eq!(log.end_text(), SIGNED_IN));
        let error = if by < 0 { "issued_in_the_future" } else { "expired" };
        with_each(
            |world| story(world.script(NO_DATE)),
            |_, log| assert_eq!(log.end_text(), format!("failed: id_token_{error}")),
        );
    }
}
