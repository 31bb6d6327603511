//! OpenID Connect Core 1.0 section 12.2: what an ID token that comes with a refresh must say.

use super::*;

const SETTINGS: &str = r#"{"issuer":"https://id.example","token_endpoint":"https://id.example/token","device_authorization_endpoint":"https://id.example/device","jwks_uri":"https://id.example/keys","client_id":"tv"}"#;

/// How Jane's session goes on after a refresh with this answer.
fn after(answer: &str) -> std::string::String {
    let tab = Tab::new(config(SETTINGS), Store::None, an_hour()).tell("wake; wait");
    let tab = tab.tell(answer);
    match tab.session.end() {
        Some(end) => end.code().into(),
        None => tab
            .session
            .access_token(tab.now)
            .map_or("no token", AccessToken::expose)
            .into(),
    }
}

#[test]
fn it_is_about_the_same_person_from_the_same_issuer_for_this_client() {
    assert_eq!(after("id_token https://id.example tv jane"), "a2");
    for (answer, end) in [
        ("id_token https://id.example tv eve", "id_token_subject_mismatch"),
        ("id_token https://id.example/ tv jane", "id_token_issuer_mismatch"),
        ("id_token https://id.example other jane", "id_token_audience_mismatch"),
    ] {
        assert_eq!(after(answer), end, "{answer}");
    }
}

#[test]
fn a_refresh_needs_none() {
    assert_eq!(after("tokens a2"), "a2");
}
