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
fn only_words_that_an_rfc_has_for_it_end_the_polling() {
    let html = "<html>Welcome to our Wi-Fi";
    for (status, body, shows) in [
        // X-20, X-21, X-04: the error decides, whatever the status.
        (200, r#"{"error":"authorization_pending"}"#, "WDJB-MJHT"),
        (401, r#"{"error":"authorization_pending"}"#, "WDJB-MJHT"),
        (403, r#"{"error":"authorization_pending"}"#, "WDJB-MJHT"),
        (428, r#"{"error":"authorization_pending"}"#, "WDJB-MJHT"),
        (429, r#"{"error":"slow_down"}"#, "WDJB-MJHT"),
        (500, r#"{"error":"expired_token"}"#, "expired"),
        (503, r#"{"error":"invalid_client"}"#, "failed: invalid_client"),
        // X-23, O-58, O-69, A-87, A-88: the server will be back.
        (408, "", "WDJB-MJHT with trouble"),
        (429, html, "WDJB-MJHT with trouble"),
        (429, r#"{"error":"invalid_grant"}"#, "WDJB-MJHT with trouble"),
        (429, r#"{"errorCode":"E0000047"}"#, "WDJB-MJHT with trouble"),
        (429, r#"{"error":"too_many_requests"}"#, "WDJB-MJHT with trouble"),
        (500, r#"{"error":"server_error"}"#, "WDJB-MJHT with trouble"),
        (502, html, "WDJB-MJHT with trouble"),
        (503, r#"{"error":"authentik starting"}"#, "WDJB-MJHT with trouble"),
        // X-26: somebody on the way said something else.
        (200, html, "WDJB-MJHT with trouble"),
        (200, r#"{"access_token":"sec"#, "WDJB-MJHT with trouble"),
        (400, "", "WDJB-MJHT with trouble"),
        (403, html, "WDJB-MJHT with trouble"),
        (511, html, "WDJB-MJHT with trouble"),
        // X-25, X-29, X-31, X-46: everything else with a name is an end.
        (
            400,
            r#"{"error":"authorization_declined"}"#,
            "failed: authorization_declined",
        ),
        (400, r#"{"error":"server_error"}"#, "failed: server_error"),
        (400, r#"{"error":"use_dpop_nonce"}"#, "failed: use_dpop_nonce"),
        (401, r#"{"errorCode":"invalid_client"}"#, "failed: invalid_client"),
        (401, r#"{"error":"access_denied"}"#, "denied: "),
        // X-30.
        (0, "", "failed: redirected"),
        (307, "", "failed: redirected"),
    ] {
        let mut scenario = Scenario::to_pending();
        scenario.wait_for_wake();
        scenario.answer(status, body);
        assert_eq!(scenario.shows(), shows, "{status} {body}");
    }
}

#[test]
fn tokens_that_come_as_a_form_are_tokens() {
    // X-22.
    let mut scenario = Scenario::with(r#"{"issuer":"https://id.example","client_id":"tv","scope":"read"}"#);
    scenario.input(Input::Start);
    scenario.metadata("https://id.example");
    scenario.code();
    scenario.wait_for_wake();
    let media_type = [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")];
    scenario.answer_with(
        200,
        &media_type,
        "access_token=gho_16C7e42F&scope=repo%2Cgist&token_type=bearer",
    );
    let tokens = scenario.flow.take_signed_in().expect("signed in").tokens;
    assert_eq!(
        (
            tokens.access_token.expose(),
            tokens.token_type.as_str(),
            tokens.scope.as_deref()
        ),
        ("gho_16C7e42F", "bearer", Some("repo,gist"))
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
