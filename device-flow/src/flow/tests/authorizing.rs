use super::Scenario;
use crate::View;

#[test]
fn the_code_is_shown() {
    let scenario = Scenario::to_pending();
    assert_eq!(scenario.shows(), "WDJB-MJHT");
    assert_eq!(scenario.ask, "", "the first poll waits");
}

#[test]
fn a_refusal_is_told_with_the_words_of_the_server() {
    let mut scenario = Scenario::to_authorizing();
    // O-54: Okta does not know the client, in its native error object.
    scenario.answer(
        400,
        r#"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter."}"#,
    );
    assert_eq!(scenario.shows(), "failed: invalid_client");
    let View::Failed(failure) = scenario.flow.view(scenario.now) else {
        panic!("it failed")
    };
    assert_eq!(failure.what(), "Invalid value for 'client_id' parameter");
}

#[test]
fn only_the_slash_of_an_empty_path_is_left_out() {
    for (uri, shown) in [
        ("https://id.example/", "id.example"),
        ("https://id.example/device/", "id.example/device/"),
        ("https://id.example/device?next=/", "id.example/device?next=/"),
    ] {
        let mut scenario = Scenario::to_authorizing();
        scenario.answer(
            200,
            &std::format!(r#"{{"device_code":"d","user_code":"c","verification_uri":"{uri}"}}"#),
        );
        let View::Code(code) = scenario.flow.view(scenario.now) else {
            panic!("a code is shown")
        };
        assert_eq!(code.address_for_people(), shown);
    }
}

#[test]
fn too_many_starts_are_not_made_more() {
    // A-34: authentik's throttle.
    let mut scenario = Scenario::to_authorizing();
    scenario.answer(429, r#"{"error": "slow_down"}"#);
    assert_eq!(scenario.shows(), "failed: slow_down");
}

#[test]
fn a_server_that_is_still_starting_is_asked_again() {
    // A-87.
    let mut scenario = Scenario::to_authorizing();
    scenario.answer(503, r#"{"error":"authentik starting"}"#);
    assert_eq!(scenario.shows(), "connecting with trouble");
    scenario.wait_for_wake();
    scenario.code();
    assert_eq!(scenario.shows(), "WDJB-MJHT");
}

#[test]
fn a_missing_member_is_named() {
    let mut scenario = Scenario::to_authorizing();
    scenario.answer(200, r#"{"device_code":"d"}"#);
    assert_eq!(scenario.shows(), "failed: member_missing");
}
