//! Polling pace.

use crate::support::{ALL, AUTHENTIK, GOOGLE, Kind, OKTA, RFC, scene, sound, variant};

/// What polls hear, each so many seconds after the one before, until somebody approves and the last one is made.
#[track_caller]
fn check(kind: Kind, id: &str, polls: &[(u64, &str)], last: u64) {
    let mut scene = scene(kind, id);
    scene.start();
    for (number, &(seconds, expected)) in polls.iter().enumerate() {
        assert_eq!(
            scene.poll_after(seconds),
            expected,
            "{id} at {}, poll {}",
            kind.device,
            number + 1
        );
    }
    scene.approve();
    assert_eq!(scene.poll_after(last), "tokens", "{id} at {}", kind.device);
}

#[test]
pub(crate) fn slow_down_comes_once_and_lasts() {
    for kind in [RFC, OKTA, GOOGLE] {
        check(
            kind,
            "X-01",
            &[(5, "slow_down"), (10, "authorization_pending"), (9, "slow_down")],
            15,
        );
    }
    // nobody enforces the longer gap there.
    check(AUTHENTIK, "X-01", &[(5, "slow_down"), (5, "authorization_pending")], 5);
}

#[test]
pub(crate) fn slow_down_comes_three_times() {
    for kind in ALL {
        let polls = [
            (5, "slow_down"),
            (10, "slow_down"),
            (15, "slow_down"),
            (20, "authorization_pending"),
        ];
        check(kind, "X-02", &polls, 20);
    }
}

#[test]
pub(crate) fn slow_down_tells_an_interval_of_its_own() {
    for kind in ALL {
        let mut scene = scene(kind, "X-03");
        scene.start();
        scene.wait(5);
        let answer = scene.poll();
        assert_eq!(
            (answer.json()["error"].as_str(), answer.json()["interval"].as_u64()),
            (Some("slow_down"), Some(30))
        );
        scene.wait(10);
        assert!(scene.poll().json().get("interval").is_none());
    }
}

#[test]
pub(crate) fn slow_down_comes_as_429() {
    for kind in ALL {
        let mut scene = scene(kind, "X-04");
        scene.start();
        scene.wait(5);
        let answer = scene.poll();
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (429, Some("slow_down"))
        );
        scene.wait(10);
        assert_eq!(scene.poll().status, kind.pending);
    }
}

#[test]
pub(crate) fn every_poll_before_the_gap_is_over_raises_it() {
    for kind in ALL {
        let polls = [
            (5, "slow_down"),
            (5, "slow_down"),
            (10, "slow_down"),
            (20, "authorization_pending"),
        ];
        check(kind, "X-05", &polls, 20);
    }
}

#[test]
pub(crate) fn the_very_first_poll_hears_slow_down() {
    for kind in ALL {
        check(
            kind,
            "X-06",
            &[(600 / 20, "slow_down"), (10, "authorization_pending")],
            10,
        );
    }
}

#[test]
pub(crate) fn the_first_poll_counts_from_the_code() {
    for kind in ALL {
        check(kind, "X-07", &[(4, "slow_down"), (10, "authorization_pending")], 10);
        let mut without = sound(kind);
        without.start();
        assert_eq!(without.poll_after(0), "authorization_pending");
    }
}

#[test]
pub(crate) fn no_pace_is_enforced() {
    for kind in ALL {
        check(
            kind,
            "X-08",
            &[(0, "authorization_pending"), (0, "authorization_pending")],
            0,
        );
    }
}

#[test]
pub(crate) fn a_scenario_ends_with_its_count_and_is_listed_until_then() {
    let mut scene = variant(RFC, "X-02", None);
    scene.start();
    for left in [3, 2, 1] {
        let active = scene.idp.faults().active();
        assert_eq!(
            (active[0].id.as_str(), active[0].script.count, active[0].applied),
            ("X-02", Some(3), 3 - left)
        );
        scene.poll_after(30);
    }
    assert_eq!(scene.idp.faults().active(), []);
}
