//! What touches HTTP, CORS or timers, told in a real browser: the rest is told in simulated time.

use mock_idp::Switch;
use serde_json::json;

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

/// A living room whose server misbehaves as a scenario of the mock's catalogue says.
fn with(scenario: &str, variant: Option<&str>, count: Option<u64>) -> LivingRoom {
    let room = LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("rfc"), "client_id": "tv" }));
    let switch = Switch {
        variant: variant.map(Into::into),
        count,
        ..Switch::default()
    };
    room.mock
        .faults()
        .switch_on(scenario, switch)
        .expect("the catalogue has it");
    room
}

/// Starts, and fails at once with this code.
#[track_caller]
fn fails_at_the_start(room: &LivingRoom, code: &str) {
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), code);
}

/// Starts, is approved, and greets Jane.
#[track_caller]
fn signs_in(room: &LivingRoom) {
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
}

#[test]
fn a_device_endpoint_that_no_page_may_read_is_told_from_no_network() {
    for variant in ["405", "404", "200"] {
        fails_at_the_start(&with("X-60", Some(variant), None), "cross_origin_refused");
    }
    fails_at_the_start(&with("X-61", None, None), "cross_origin_refused");
}

#[test]
fn errors_that_a_page_may_not_read_are_waited_out() {
    let room = with("X-62", None, None);
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    tv.page
        .wait_for("the first poll to be lost", "document.querySelector('[data-trouble]')");
    assert_eq!(tv.user_code(), user_code, "the code still counts");
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
}

#[test]
fn no_request_needs_a_preflight() {
    signs_in(&with("X-63", None, None));
}

#[test]
fn a_gateways_page_and_a_damaged_answer_cost_a_moment() {
    for (scenario, variant) in [("X-23", "502"), ("X-26", "not_utf8")] {
        signs_in(&with(scenario, Some(variant), Some(1)));
    }
}
