use std::time::Duration;

use super::Scenario;
use crate::TransportError;

const LIFETIME: Duration = Duration::from_secs(1800);
const EXPIRED: &str = r#"{"error":"expired_token"}"#;

/// A code is on the screen, and so many more are within the budget.
fn with(renewals: u8) -> Scenario {
    let settings = std::format!(r#"{{"issuer":"https://id.example","client_id":"tv","renewals":{renewals}}}"#);
    let mut scenario = Scenario::with(&settings);
    scenario.input(crate::Input::Start);
    scenario.metadata("https://id.example");
    scenario.code();
    scenario
}

#[test]
fn without_a_budget_no_code_is_asked_for() {
    let mut scenario = with(0);
    scenario.wait(LIFETIME);
    assert_eq!(scenario.ask, "POST https://id.example/token", "the last ask");
}

#[test]
fn a_budget_is_used_up() {
    let mut scenario = with(1);
    scenario.wait(LIFETIME);
    assert_eq!(scenario.ask, "POST https://id.example/device");
    scenario.code();
    // The old one is asked about a last time, beside the new one.
    assert_eq!(scenario.ask, "POST https://id.example/token");
    scenario.answer(400, EXPIRED);
    scenario.wait(LIFETIME);
    assert_eq!(scenario.ask, "POST https://id.example/token");
    scenario.answer(400, EXPIRED);
    assert_eq!(scenario.shows(), "expired");
}

#[test]
fn a_budget_is_used_up_by_a_server_that_ends_codes_early_too() {
    let mut scenario = with(1);
    scenario.wait_for_wake();
    scenario.answer(400, EXPIRED);
    assert_eq!(scenario.ask, "POST https://id.example/device");
    scenario.code();
    scenario.wait_for_wake();
    scenario.answer(400, EXPIRED);
    assert_eq!(scenario.shows(), "expired");
}

#[test]
fn a_new_code_that_does_not_come_gives_the_old_one_its_last_ask() {
    let mut scenario = with(1);
    scenario.wait(LIFETIME);
    scenario.lose(TransportError::TimedOut);
    assert_eq!(scenario.shows(), "WDJB-MJHT");
    assert_eq!(scenario.ask, "POST https://id.example/token");
}

#[test]
fn a_new_code_that_got_lost_is_not_taken_off_the_budget() {
    let mut scenario = with(1);
    scenario.wait(LIFETIME);
    assert_eq!(scenario.ask, "POST https://id.example/device");
    scenario.lose(TransportError::Interrupted);
    assert_eq!(scenario.ask, "POST https://id.example/token", "the last ask");
    scenario.answer(400, EXPIRED);
    assert_eq!(scenario.ask, "POST https://id.example/device");
    scenario.code();
    assert_eq!(scenario.shows(), "WDJB-MJHT");
}

#[test]
fn a_new_code_that_is_refused_is_not_asked_for_again() {
    // X-49.
    let mut scenario = with(2);
    scenario.wait(LIFETIME);
    assert_eq!(scenario.ask, "POST https://id.example/device");
    scenario.answer(429, r#"{"error":"too_many_user_codes"}"#);
    assert_eq!(scenario.ask, "POST https://id.example/token", "the last ask");
    scenario.answer(400, EXPIRED);
    assert_eq!(scenario.shows(), "expired");
}

#[test]
fn nobody_is_told_of_a_new_code_that_they_did_not_ask_for() {
    let mut scenario = with(1);
    scenario.wait_for_wake();
    scenario.answer(400, EXPIRED);
    for _ in 0..20 {
        if scenario.ask.is_empty() {
            scenario.wait_for_wake();
        }
        scenario.lose(TransportError::TimedOut);
        if scenario.shows() == "expired" {
            return;
        }
    }
    panic!("{}", scenario.shows());
}
