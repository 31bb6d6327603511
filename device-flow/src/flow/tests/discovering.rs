use std::time::Duration;

use super::Scenario;
use crate::{Input, TransportError};

#[test]
fn nothing_happens_before_the_person_starts() {
    let mut scenario = Scenario::new();
    scenario.input(Input::Wake);
    assert_eq!(
        (scenario.shows().as_str(), scenario.ask.as_str(), scenario.wake_at),
        ("idle", "", None)
    );
}

#[test]
fn starting_asks_for_the_metadata() {
    let scenario = Scenario::to_discovering();
    assert_eq!(scenario.ask, "GET https://id.example/.well-known/openid-configuration");
    assert_eq!(scenario.shows(), "connecting");
}

#[test]
fn the_other_place_is_tried_when_the_first_has_nothing() {
    let mut scenario = Scenario::to_discovering();
    scenario.answer(404, "<html>");
    assert_eq!(
        scenario.ask,
        "GET https://id.example/.well-known/oauth-authorization-server"
    );
    scenario.metadata("https://id.example");
    assert_eq!(scenario.ask, "POST https://id.example/device");
}

#[test]
fn when_both_places_fail_the_first_error_is_told() {
    let mut scenario = Scenario::to_discovering();
    scenario.metadata("https://id.example/");
    scenario.answer(404, "");
    assert_eq!(scenario.shows(), "failed: issuer_mismatch");
    let mut scenario = Scenario::to_discovering();
    scenario.metadata("https://id.example/");
    scenario.answer(200, r#"{"issuer":"https://id.example"}"#);
    assert_eq!(scenario.shows(), "failed: issuer_mismatch");
}

#[test]
fn where_the_first_place_has_nothing_the_second_tells() {
    let mut scenario = Scenario::to_discovering();
    scenario.answer(404, "<html>");
    scenario.metadata("https://id.example/");
    assert_eq!(scenario.shows(), "failed: issuer_mismatch");
}

#[test]
fn a_place_that_cannot_be_read_hides_nothing() {
    let mut scenario = Scenario::to_discovering();
    scenario.metadata("https://id.example/");
    scenario.forbid();
    assert_eq!(scenario.shows(), "failed: issuer_mismatch");
    let mut scenario = Scenario::to_discovering();
    scenario.forbid();
    scenario.metadata("https://id.example/");
    assert_eq!(scenario.shows(), "failed: issuer_mismatch");
}

#[test]
fn retry_after_is_waited_for_within_reason() {
    let wait = |seconds| {
        let mut scenario = Scenario::to_discovering();
        scenario.answer_with(503, &[("Retry-After", seconds)], "");
        (
            scenario.shows(),
            scenario.wake_at.map(|at| at.since(scenario.now).as_secs()),
        )
    };
    assert_eq!(wait("7"), ("connecting with trouble".into(), Some(7)));
    assert_eq!(wait("0"), ("connecting with trouble".into(), Some(1)), "never at once");
    assert_eq!(
        wait("3600"),
        ("failed: server_unavailable".into(), None),
        "nobody waits an hour"
    );
}

#[test]
fn a_lost_answer_is_asked_for_again_four_times_in_all() {
    let mut scenario = Scenario::to_discovering();
    for seconds in [1, 2, 4] {
        scenario.lose(TransportError::Unreachable);
        assert_eq!(scenario.shows(), "connecting with trouble");
        assert_eq!(scenario.wait_for_wake(), Duration::from_secs(seconds));
        assert_eq!(scenario.ask, "GET https://id.example/.well-known/openid-configuration");
    }
    scenario.lose(TransportError::Unreachable);
    assert_eq!(scenario.shows(), "failed: unreachable");
}

#[test]
fn what_looks_forbidden_once_may_have_been_a_dropped_connection() {
    let mut scenario = Scenario::to_discovering();
    scenario.lose(TransportError::CrossOriginRefused);
    assert_eq!(scenario.shows(), "connecting with trouble");
    assert_eq!(scenario.wait_for_wake(), Duration::from_secs(1));
    scenario.metadata("https://id.example");
    scenario.lose(TransportError::CrossOriginRefused);
    scenario.wait_for_wake();
    scenario.code();
    scenario.grant();
    scenario.lose(TransportError::CrossOriginRefused);
    assert_eq!(scenario.shows(), "checking with trouble");
    scenario.wait_for_wake();
    scenario.keys();
    assert_eq!(scenario.ask, "verify");
}

#[test]
fn two_such_verdicts_with_another_between_them_are_no_proof() {
    let mut scenario = Scenario::to_authorizing();
    for error in [
        TransportError::CrossOriginRefused,
        TransportError::Interrupted,
        TransportError::CrossOriginRefused,
    ] {
        scenario.lose(error);
        assert_eq!(scenario.shows(), "connecting with trouble");
        scenario.wait_for_wake();
    }
    scenario.code();
}

#[test]
fn what_the_browser_forbids_twice_is_sought_at_the_other_place() {
    // RFC 8414 section 3: a server without OpenID Connect, whose 404 no page may read.
    let mut scenario = Scenario::to_discovering();
    scenario.forbid();
    assert_eq!(
        scenario.ask,
        "GET https://id.example/.well-known/oauth-authorization-server"
    );
    scenario.metadata("https://id.example");
    assert_eq!(scenario.ask, "POST https://id.example/device");
}

#[test]
fn what_the_browser_forbids_everywhere_is_told() {
    let mut scenario = Scenario::to_discovering();
    scenario.forbid();
    scenario.forbid();
    assert_eq!(scenario.shows(), "failed: cross_origin_refused");
    let mut scenario = Scenario::to_discovering();
    scenario.forbid();
    scenario.answer(404, "<html>");
    assert_eq!(scenario.shows(), "failed: cross_origin_refused");
}

#[test]
fn explicit_endpoints_need_no_metadata() {
    let mut scenario = Scenario::with(
        r#"{"client_id":"tv","scope":"","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t"}"#,
    );
    scenario.input(Input::Start);
    assert_eq!(scenario.ask, "POST https://id.example/d");
}

#[test]
fn a_sign_in_can_be_started_again_after_its_end() {
    let mut scenario = Scenario::to_discovering();
    scenario.input(Input::Cancel);
    assert_eq!(scenario.shows(), "cancelled");
    scenario.input(Input::Start);
    assert_eq!(scenario.ask, "GET https://id.example/.well-known/openid-configuration");
}
