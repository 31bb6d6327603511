use super::*;
use expect_test::{Expect, expect};

fn check(json: &str, expected: &Expect) {
    let text = match Settings::from_json(json.as_bytes()).and_then(Config::new) {
        Ok(config) => format!("{} {:?}", config.client_id, config.scope),
        Err(error) => format!("{}: {error}", error.code()),
    };
    expected.assert_eq(&text);
}

#[test]
fn the_scope_has_a_default() {
    check(
        r#"{"issuer":"https://id.example","client_id":"tv"}"#,
        &expect![[r#"tv "openid profile""#]],
    );
}

#[test]
fn a_misspelt_setting_is_named() {
    check(
        r#"{"isuer":"https://id.example","client_id":"tv"}"#,
        &expect!["config_unreadable: The configuration cannot be read: unknown field `isuer`"],
    );
}

#[test]
fn a_setting_of_another_type_is_named() {
    for (member, must_be) in [
        (r#""issuer":1"#, "`issuer` must be a text"),
        (r#""pkce":"yes""#, "`pkce` must be true or false"),
        (r#""renewals":256"#, "`renewals` must be a small whole number"),
        (r#""renewals":1.5"#, "`renewals` must be a small whole number"),
    ] {
        let error = Settings::from_json(format!("{{{member}}}").as_bytes()).expect_err(member);
        assert_eq!(error, ConfigError::Unreadable(must_be.into()));
    }
}

#[test]
fn nobody_can_sign_in_without_an_issuer() {
    check(
        r#"{"client_id":"tv"}"#,
        &expect!["config_missing: `issuer` is missing: it is the address of the authorization server"],
    );
}

#[test]
fn nobody_can_sign_in_without_a_client_id() {
    check(
        r#"{"issuer":"https://id.example"}"#,
        &expect!["config_missing: `client_id` is missing: the server needs to know which application asks"],
    );
}

#[test]
fn plain_http_needs_leave() {
    check(
        r#"{"issuer":"http://id.example","client_id":"tv"}"#,
        &expect![
            "config_insecure: `issuer` is plain http to another machine (http://id.example). Use https, or set `allow_insecure_http` for a test network"
        ],
    );
    check(
        r#"{"issuer":"http://id.example","client_id":"tv","allow_insecure_http":true}"#,
        &expect![[r#"tv "openid profile""#]],
    );
    check(
        r#"{"issuer":"http://127.0.0.1:8628","client_id":"tv"}"#,
        &expect![[r#"tv "openid profile""#]],
    );
}

#[test]
fn an_issuer_is_an_address() {
    check(
        r#"{"issuer":"id.example","client_id":"tv"}"#,
        &expect![[r#"config_invalid: `issuer` must be an address such as https://id.example; it is "id.example""#]],
    );
    check(
        r#"{"issuer":"https://id.example?tenant=1","client_id":"tv"}"#,
        &expect![[
            r#"config_invalid: `issuer` must be an address without query or fragment; it is "https://id.example?tenant=1""#
        ]],
    );
}

#[test]
fn explicit_endpoints_come_in_pairs() {
    check(
        r#"{"token_endpoint":"https://id.example/token","client_id":"tv"}"#,
        &expect!["config_missing: `device_authorization_endpoint` is missing: explicit endpoints come in pairs"],
    );
}

#[test]
fn an_id_token_needs_an_issuer_to_be_checked_against() {
    check(
        r#"{"token_endpoint":"https://id.example/t","device_authorization_endpoint":"https://id.example/d","client_id":"tv"}"#,
        &expect!["config_missing: `issuer` is missing: the scope `openid` asks for an ID token, which must name it"],
    );
}

#[test]
fn an_id_token_needs_a_key_to_be_checked_with() {
    check(
        r#"{"issuer":"https://id.example","token_endpoint":"https://id.example/t","device_authorization_endpoint":"https://id.example/d","client_id":"tv"}"#,
        &expect![
            "config_missing: `jwks_uri` is missing: the scope `openid` asks for an ID token, whose signature needs a key"
        ],
    );
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    check(
        r#"{"issuer":"https://jane:hunter2@id.example","client_id":"tv"}"#,
        &expect![[r#"config_invalid: `issuer` must be an address without user information; it is "(not shown)""#]],
    );
}

#[test]
fn renewals_have_a_limit() {
    check(
        r#"{"issuer":"https://id.example","client_id":"tv","renewals":20}"#,
        &expect![[
            r#"config_invalid: `renewals` must be from 0 to 19, as servers give out few codes without a person; it is "20""#
        ]],
    );
}

#[test]
fn a_program_that_forgets_the_seed_is_told() {
    check(
        r#"{"issuer":"https://id.example","client_id":"tv","pkce":true}"#,
        &expect![
            "config_missing: `seed` is missing: `pkce` makes its secrets from random bytes, which the program brings along"
        ],
    );
}

#[test]
fn presets_compute_an_issuer() {
    let issuer = |settings: Settings| settings.issuer.unwrap_or_default();
    assert_eq!(
        issuer(Settings::okta("atko.okta.example", None, "tv")),
        "https://atko.okta.example"
    );
    assert_eq!(
        issuer(Settings::okta("atko.okta.example", Some("default"), "tv")),
        "https://atko.okta.example/oauth2/default"
    );
    assert_eq!(
        issuer(Settings::authentik("https://id.example/", "tv", "c")),
        "https://id.example/application/o/tv/"
    );
}
