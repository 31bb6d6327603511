use super::Scenario;
use crate::{Input, SignatureAnswer, TransportError};

#[test]
fn the_keys_are_asked_for_before_anybody_is_believed() {
    let scenario = Scenario::to_checking();
    assert_eq!(
        (scenario.shows().as_str(), scenario.ask.as_str()),
        ("checking", "GET https://id.example/keys")
    );
}

#[test]
fn a_valid_signature_signs_in() {
    let mut scenario = Scenario::to_checking();
    scenario.keys();
    assert_eq!(scenario.ask, "verify");
    scenario.signature(SignatureAnswer::Valid);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}

#[test]
fn an_invalid_signature_signs_nobody_in() {
    let mut scenario = Scenario::to_checking();
    scenario.keys();
    scenario.signature(SignatureAnswer::Invalid);
    assert_eq!(scenario.shows(), "failed: id_token_signature_invalid");
    assert_eq!(scenario.flow.take_signed_in(), None);
}

#[test]
fn without_cryptography_the_connection_vouches_if_it_is_tls() {
    let mut scenario = Scenario::to_checking();
    scenario.keys();
    scenario.signature(SignatureAnswer::Unavailable);
    assert_eq!(scenario.shows(), "Jane Doe by tls");
}

fn without_cryptography_over(settings: &str, issuer: &str) -> Scenario {
    let mut scenario = Scenario::with(settings);
    scenario.input(Input::Start);
    scenario.metadata(issuer);
    scenario.code();
    scenario.grant();
    scenario.keys();
    scenario.signature(SignatureAnswer::Unavailable);
    scenario
}

#[test]
fn without_cryptography_and_tls_nobody_vouches() {
    let settings = r#"{"issuer":"http://127.0.0.1:8628","client_id":"tv"}"#;
    let scenario = without_cryptography_over(settings, "http://127.0.0.1:8628");
    assert_eq!(scenario.shows(), "failed: id_token_signature_unchecked");
}

#[test]
fn with_leave_for_plain_http_the_result_says_that_nobody_vouched() {
    let settings = r#"{"issuer":"http://192.0.2.1:8628","client_id":"tv","allow_insecure_http":true}"#;
    let scenario = without_cryptography_over(settings, "http://192.0.2.1:8628");
    assert_eq!(scenario.shows(), "Jane Doe by none");
}

#[test]
fn lost_keys_are_asked_for_again() {
    let mut scenario = Scenario::to_checking();
    scenario.lose(TransportError::TimedOut);
    assert_eq!(scenario.shows(), "checking with trouble");
    scenario.wait_for_wake();
    scenario.keys();
    scenario.signature(SignatureAnswer::Valid);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}

#[test]
fn a_set_of_keys_without_keys_is_named() {
    // A-76: authentik without a signing key.
    let mut scenario = Scenario::to_checking();
    scenario.answer(200, "{}");
    assert_eq!(scenario.shows(), "failed: member_missing");
}

#[test]
fn the_tokens_leave_once() {
    let mut scenario = Scenario::to_checking();
    scenario.keys();
    scenario.signature(SignatureAnswer::Valid);
    let signed_in = scenario.flow.take_signed_in().expect("signed in");
    assert_eq!(signed_in.tokens.access_token.expose(), "secret");
    assert_eq!(scenario.flow.take_signed_in(), None);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}

#[test]
fn no_debug_text_holds_a_secret() {
    let mut scenario = Scenario::to_checking();
    let before = std::format!("{:?}", scenario.flow);
    scenario.keys();
    scenario.signature(SignatureAnswer::Valid);
    for text in [before, std::format!("{:?}", scenario.flow)] {
        assert!(
            !text.contains("secret") && !text.contains("GmRhmhcx") && !text.contains("eyJ"),
            "{text}"
        );
    }
}
