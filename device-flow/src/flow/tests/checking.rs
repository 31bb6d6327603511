use super::Scenario;
use super::scenario::KEYS;
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
fn tokens_that_are_here_are_not_given_up_while_a_network_comes_back() {
    let mut scenario = Scenario::to_checking();
    let mut waited = std::time::Duration::ZERO;
    while scenario.shows() != "failed: unreachable" {
        scenario.lose(TransportError::Unreachable);
        if scenario.wake_at.is_some() {
            waited += scenario.wait_for_wake();
        }
    }
    assert_eq!(waited.as_secs(), 1 + 2 + 4 + 8 + 16 + 32 + 64);
    // A server that is overloaded for a moment at a time is asked as often as it takes.
    let mut scenario = Scenario::to_checking();
    for _ in 0..100 {
        scenario.answer_with(503, &[("Retry-After", "1")], "");
        assert_eq!(scenario.wait_for_wake().as_secs(), 1);
    }
    let mut scenario = Scenario::to_checking();
    scenario.answer_with(503, &[("Retry-After", "240")], "");
    assert_eq!(scenario.wait_for_wake().as_secs(), 240);
    scenario.keys();
    scenario.signature(SignatureAnswer::Valid);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}

#[test]
fn a_set_of_keys_without_keys_is_named() {
    // A-76: authentik without a signing key.
    let mut scenario = Scenario::to_checking();
    scenario.answer(200, "{}");
    scenario.answer(200, "{}");
    assert_eq!(scenario.shows(), "failed: member_missing");
}

#[test]
fn keys_that_do_not_help_are_fetched_once_more() {
    // X-33: the server has just changed its key. RS256 needs an RSA key, and a key for something else is none.
    let others =
        r#"{"keys":[{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}]}"#;
    for unhelpful in [others, r#"{"keys":[]}"#, "{}", r#"{"keys":{}}"#] {
        let mut scenario = Scenario::to_checking();
        scenario.answer(200, unhelpful);
        assert_eq!(scenario.ask, "GET https://id.example/keys", "{unhelpful}");
        scenario.keys();
        scenario.signature(SignatureAnswer::Valid);
        assert_eq!(scenario.shows(), "Jane Doe by signature", "{unhelpful}");
    }
}

#[test]
fn a_key_that_nobody_publishes_is_not_looked_for_for_ever() {
    let other = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}]}"#;
    let mut scenario = Scenario::to_checking();
    scenario.answer(200, other);
    scenario.lose(TransportError::TimedOut);
    scenario.wait_for_wake();
    scenario.answer(200, other);
    assert_eq!(scenario.shows(), "failed: id_token_key_not_found");
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

#[test]
fn every_check_of_the_claims_is_made() {
    // OpenID Connect Core 1.0 section 3.1.3.7; the clock shows 1000 and may be 300 seconds off.
    for (claims, end) in [
        (
            r#"{"iss":"https://id.example/","aud":"tv","sub":"1","iat":1000,"exp":4600}"#,
            "id_token_issuer_mismatch",
        ),
        (
            r#"{"iss":"https://id.example","aud":"x","sub":"1","iat":1000,"exp":4600}"#,
            "id_token_audience_mismatch",
        ),
        (
            r#"{"iss":"https://id.example","aud":"tv","azp":"x","sub":"1","iat":1000,"exp":4600}"#,
            "id_token_authorized_party_mismatch",
        ),
        (
            r#"{"iss":"https://id.example","aud":"tv","iat":1000,"exp":4600}"#,
            "id_token_subject_missing",
        ),
        (
            r#"{"iss":"https://id.example","aud":"tv","sub":"1","iat":0,"exp":700}"#,
            "id_token_expired",
        ),
        (
            r#"{"iss":"https://id.example","aud":"tv","sub":"1","iat":1301,"exp":4600}"#,
            "id_token_issued_in_the_future",
        ),
        (
            r#"{"iss":"https://id.example","aud":"tv","sub":"1","iat":1000,"nbf":1301,"exp":4600}"#,
            "id_token_not_yet_valid",
        ),
    ] {
        let mut scenario = Scenario::to_pending();
        scenario.wait_for_wake();
        scenario.grant_with(claims);
        if scenario.shows() == "checking" {
            scenario.keys();
            scenario.signature(SignatureAnswer::Valid);
        }
        assert_eq!(scenario.shows(), std::format!("failed: {end}"), "{claims}");
        assert_eq!(scenario.flow.take_signed_in(), None, "{claims}");
    }
}

#[test]
fn the_times_are_compared_with_the_servers_clock_where_it_can_be_read() {
    // The device shows 1000 seconds after 1970; the token was made at 784111777, and the answer with it says so (X-32).
    let claims =
        r#"{"iss":"https://id.example","aud":"tv","sub":"1","name":"Jane Doe","iat":784111777,"exp":784115377}"#;
    for (date, end) in [
        (None, "failed: id_token_issued_in_the_future"),
        (Some("Sun, 06 Nov 1994 08:49:38 GMT"), "Jane Doe by signature"),
        (Some("Sun, 06 Nov 1994 09:54:36 GMT"), "Jane Doe by signature"),
        (Some("Sun, 06 Nov 1994 09:54:37 GMT"), "failed: id_token_expired"),
        (
            Some("Sun, 06 Nov 1994 08:44:36 GMT"),
            "failed: id_token_issued_in_the_future",
        ),
    ] {
        let mut scenario = Scenario::to_pending();
        scenario.wait_for_wake();
        scenario.grant_dated(date, claims);
        scenario.keys();
        scenario.signature(SignatureAnswer::Valid);
        assert_eq!(scenario.shows(), end, "{date:?}");
    }
}

#[test]
fn only_the_servers_own_fresh_answers_tell_its_time() {
    let claims = r#"{"iss":"https://id.example","aud":"tv","sub":"1","name":"Jane Doe","iat":1000,"exp":4600}"#;
    let other_day = [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")];
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.answer_with(502, &other_day, "<html>a proxy's page");
    scenario.wait_for_wake();
    scenario.grant_with(claims);
    scenario.answer_with(200, &other_day, KEYS);
    scenario.signature(SignatureAnswer::Valid);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}

#[test]
fn a_nonce_that_nobody_sent_means_nothing() {
    // Step 11: the device authorization request has no place for one (RFC 8628 section 3.1).
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.grant_with(r#"{"iss":"https://id.example","aud":"tv","sub":"1","nonce":"n","iat":1000,"exp":4600}"#);
    scenario.keys();
    scenario.signature(SignatureAnswer::Valid);
    assert_eq!(scenario.shows(), "somebody by signature");
}

#[test]
fn an_id_token_that_was_asked_for_must_come() {
    // OpenID Connect Core 1.0 section 3.1.3.3.
    for body in [
        r#"{"access_token":"secret","token_type":"Bearer"}"#,
        r#"{"access_token":"secret","token_type":"Bearer","id_token":7}"#,
        r#"{"access_token":"secret","token_type":"Bearer","scope":"profile openid"}"#,
    ] {
        let mut scenario = Scenario::to_pending();
        scenario.wait_for_wake();
        scenario.answer(200, body);
        assert_eq!(scenario.shows(), "failed: id_token_missing", "{body}");
    }
}

#[test]
fn a_server_may_grant_less_than_was_asked_for() {
    // RFC 6749 section 5.1.
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.answer(
        200,
        r#"{"access_token":"secret","token_type":"Bearer","scope":"profile"}"#,
    );
    assert_eq!(scenario.shows(), "somebody by nobody");
}

#[test]
fn without_openid_nobody_is_named() {
    let mut scenario = Scenario::with(r#"{"issuer":"https://id.example","client_id":"tv","scope":"read"}"#);
    scenario.input(Input::Start);
    scenario.metadata("https://id.example");
    scenario.code();
    scenario.grant();
    assert_eq!(scenario.shows(), "somebody by nobody");
}
