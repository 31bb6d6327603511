use super::Scenario;
use crate::SignatureAnswer;

/// OpenID Connect Core 1.0 appendix A.3.
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const AT_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";
/// SHA-256 of that access token, in base64url.
const DIGEST: &str = "77QmUPtjPfzWtF2AnpK9RWpXrWlrecdbLUyJDIb7S6Q";

/// The signature has been checked; the ID token has this `at_hash`, as JSON.
fn with_at_hash(at_hash: &str) -> Scenario {
    let claims = std::format!(
        r#"{{"iss":"https://id.example","aud":"tv","sub":"1","name":"Jane Doe","iat":1000,"exp":4600,"at_hash":{at_hash}}}"#
    );
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.grant_of(None, ACCESS_TOKEN, &claims);
    scenario.keys();
    scenario.signature(SignatureAnswer::Valid);
    scenario
}

#[test]
fn the_access_token_is_the_one_that_the_id_token_came_with() {
    let mut scenario = with_at_hash(&std::format!(r#""{AT_HASH}""#));
    assert_eq!(
        (scenario.shows().as_str(), scenario.ask.as_str()),
        ("checking", std::format!("digest {ACCESS_TOKEN}").as_str())
    );
    scenario.digest(DIGEST);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}

#[test]
fn another_access_token_signs_nobody_in() {
    for at_hash in [r#""MTIzNDU2Nzg5MDEyMzQ1Ng""#, r#""""#, "7", "null"] {
        let mut scenario = with_at_hash(at_hash);
        scenario.digest(DIGEST);
        assert_eq!(scenario.shows(), "failed: id_token_access_token_mismatch", "{at_hash}");
        assert_eq!(scenario.flow.take_signed_in(), None, "{at_hash}");
    }
}

#[test]
fn where_there_is_no_sha_256_the_connection_has_to_do() {
    let mut scenario = with_at_hash(&std::format!(r#""{AT_HASH}""#));
    scenario.digest_is(None);
    assert_eq!(scenario.shows(), "Jane Doe by signature");
}
