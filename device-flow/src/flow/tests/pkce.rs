use super::Scenario;
use crate::{SignatureAnswer, TransportError};

const SETTINGS: &str = r#"{"issuer":"https://id.example","client_id":"tv","pkce":true,"renewals":1}"#;
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn to_challenging() -> Scenario {
    let mut scenario = Scenario::with(SETTINGS);
    scenario.input(crate::Input::Start);
    scenario.metadata("https://id.example");
    scenario
}

fn to_pending() -> Scenario {
    let mut scenario = to_challenging();
    scenario.digest(VERIFIER);
    scenario.digest(CHALLENGE);
    scenario.code();
    scenario
}

#[test]
fn the_challenge_goes_with_the_request_and_the_verifier_with_every_poll() {
    let mut scenario = to_challenging();
    scenario.digest(VERIFIER);
    assert_eq!(scenario.ask, std::format!("digest {VERIFIER}"));
    scenario.digest(CHALLENGE);
    let challenge = std::format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
    assert_eq!(scenario.ask, "POST https://id.example/device");
    assert!(scenario.form.ends_with(&challenge), "{}", scenario.form);
    scenario.code();
    for _ in 0..2 {
        scenario.wait_for_wake();
        assert_eq!(scenario.ask, "POST https://id.example/token");
        let verifier = std::format!("&code_verifier={VERIFIER}");
        assert!(scenario.form.ends_with(&verifier), "{}", scenario.form);
        scenario.answer(400, r#"{"error":"authorization_pending"}"#);
    }
}

#[test]
fn each_request_has_a_verifier_of_its_own() {
    // RFC 7636 section 4.1.
    let first = to_challenging().ask;
    let mut scenario = to_pending();
    scenario.wait_for_wake();
    scenario.answer(400, r#"{"error":"expired_token"}"#);
    assert!(scenario.ask.starts_with("digest "), "{}", scenario.ask);
    assert_ne!(scenario.ask, first);
    let other = "A".repeat(43);
    scenario.digest(&other);
    scenario.digest(&other);
    scenario.code();
    scenario.wait_for_wake();
    let verifier = std::format!("&code_verifier={other}");
    assert!(scenario.form.ends_with(&verifier), "{}", scenario.form);
}

#[test]
fn a_sign_in_after_a_reset_has_a_verifier_of_its_own() {
    let first = to_challenging().ask;
    let mut scenario = to_pending();
    scenario.flow.reset();
    assert_eq!(scenario.shows(), "idle");
    scenario.input(crate::Input::Start);
    scenario.metadata("https://id.example");
    assert!(scenario.ask.starts_with("digest "), "{}", scenario.ask);
    assert_ne!(scenario.ask, first);
}

#[test]
fn the_old_code_keeps_its_verifier() {
    let mut scenario = to_pending();
    // Nobody wakes it before the code has run out; it is still shown while the new one is asked for.
    scenario.wait(std::time::Duration::from_secs(1800));
    assert_eq!(scenario.shows(), "WDJB-MJHT");
    let other = "A".repeat(43);
    scenario.digest(&other);
    scenario.digest(&other);
    assert_eq!(scenario.shows(), "WDJB-MJHT");
    scenario.code();
    let verifier = std::format!("&code_verifier={VERIFIER}");
    assert!(scenario.form.ends_with(&verifier), "{}", scenario.form);
}

#[test]
fn a_lost_answer_does_not_lose_the_challenge() {
    let mut scenario = to_challenging();
    scenario.digest(VERIFIER);
    scenario.digest(CHALLENGE);
    let form = scenario.form.clone();
    scenario.lose(TransportError::TimedOut);
    scenario.wait_for_wake();
    assert_eq!(scenario.form, form);
}

#[test]
fn without_sha_256_there_is_no_pkce() {
    // RFC 7636 section 4.2: `plain` only where that is known to be understood.
    let mut scenario = to_challenging();
    scenario.digest_is(None);
    assert_eq!(scenario.shows(), "failed: digest_unavailable");
    let mut scenario = to_challenging();
    scenario.signature(SignatureAnswer::Valid);
    assert_eq!(scenario.shows(), "failed: digest_unavailable");
}

#[test]
fn no_debug_text_holds_what_proves() {
    let scenario = to_pending();
    let text = std::format!("{:?}", scenario.flow);
    assert!(!text.contains(VERIFIER) && !text.contains("AAAAAAAA"), "{text}");
}
