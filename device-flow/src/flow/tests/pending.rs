use std::time::Duration;

use super::Scenario;
use crate::{Answer, Input, SignatureAnswer, TransportError, UnixTime, View};

#[test]
fn polls_go_to_the_token_endpoint() {
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    assert_eq!(scenario.ask, "POST https://id.example/token");
}

#[test]
fn a_spurious_wake_does_nothing() {
    let mut scenario = Scenario::to_pending();
    let wake_at = scenario.wake_at;
    scenario.wait(Duration::from_secs(1));
    assert_eq!((scenario.ask.as_str(), scenario.wake_at), ("", wake_at));
    scenario.wait_for_wake();
    scenario.input(Input::Wake);
    assert_eq!(
        (scenario.ask.as_str(), scenario.wake_at),
        ("", None),
        "one ask is outstanding"
    );
}

#[test]
fn start_pressed_twice_is_start_pressed_once() {
    let mut scenario = Scenario::to_pending();
    scenario.input(Input::Start);
    assert_eq!((scenario.shows().as_str(), scenario.ask.as_str()), ("WDJB-MJHT", ""));
}

#[test]
fn an_answer_that_comes_after_cancel_is_dropped() {
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.input(Input::Cancel);
    scenario.answer(200, r#"{"access_token":"secret","token_type":"Bearer"}"#);
    assert_eq!(scenario.shows(), "cancelled");
    assert_eq!(scenario.flow.take_signed_in(), None);
}

#[test]
fn an_answer_counts_once() {
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.answer(400, r#"{"error":"authorization_pending"}"#);
    scenario.answer(400, r#"{"error":"access_denied"}"#);
    assert_eq!(scenario.shows(), "WDJB-MJHT");
}

#[test]
fn an_answer_of_the_wrong_kind_is_a_lost_one() {
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    let id = scenario.asked.expect("a poll");
    let answer = Answer::Signature {
        found: SignatureAnswer::Valid,
        unix_time: UnixTime::from_secs(0),
    };
    scenario.input(Input::Answer(id, answer));
    assert_eq!(
        (scenario.shows().as_str(), scenario.ask.as_str()),
        ("WDJB-MJHT with trouble", "")
    );
    assert_eq!(
        scenario.wait_for_wake(),
        Duration::from_millis(10_250),
        "the interval and as much again"
    );
}

#[test]
fn trouble_is_shown_beside_the_code_and_goes_away() {
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.lose(TransportError::Offline);
    assert_eq!(scenario.shows(), "WDJB-MJHT with trouble");
    scenario.wait_for_wake();
    scenario.answer(400, r#"{"error":"authorization_pending"}"#);
    assert_eq!(scenario.shows(), "WDJB-MJHT");
}

#[test]
fn the_countdown_counts_and_ends_at_zero() {
    let scenario = Scenario::to_pending();
    let left = |seconds| match scenario.flow.view(scenario.now + Duration::from_secs(seconds)) {
        View::Code(code) => (code.lifetime.as_secs(), code.left.as_secs()),
        other => panic!("{other:?}"),
    };
    assert_eq!(left(0), (1800, 1800));
    assert_eq!(left(1799), (1800, 1));
    assert_eq!(left(1801), (1800, 0));
}

#[test]
fn a_denial_keeps_the_words_of_the_server() {
    // O-36, X-45.
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    let body = r#"{"error":"access_denied","error_description":"User is not assigned to the client application."}"#;
    scenario.answer(400, body);
    assert_eq!(
        scenario.shows(),
        "denied: User is not assigned to the client application."
    );
}

#[test]
fn the_address_for_people_has_no_scheme() {
    let scenario = Scenario::to_pending();
    let View::Code(code) = scenario.flow.view(scenario.now) else {
        panic!("a code is shown")
    };
    assert_eq!(code.address_for_people(), "example.com/device");
    assert_eq!(
        code.address_for_qr().as_str(),
        "https://example.com/device?user_code=WDJB-MJHT"
    );
}
