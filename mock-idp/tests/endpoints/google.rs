//! Google, by the public documentation that `tests/data/index.toml` names.

use crate::support::{Bench, DEVICE_CODE, SECRET, assert_golden, decode, golden, names};
use mock_idp::{Request, Response};

const SCOPE: &str = "openid profile email";

fn refresh_token(tokens: &Response) -> String {
    tokens.json()["refresh_token"].as_str().unwrap().to_owned()
}

#[test]
fn it_describes_itself_and_its_keys() {
    let mut bench = Bench::google();
    let metadata = bench.get("/.well-known/openid-configuration");
    assert_golden(&metadata, 200, "google/metadata");
    assert_golden(&bench.get("/oauth2/v3/certs"), 200, "google/jwks");
}

#[test]
fn the_address_has_a_name_of_its_own_and_no_complete_one() {
    let mut bench = Bench::google();
    let answer = bench.post("/device/code", &[("client_id", "tv"), ("scope", SCOPE)]);
    assert_golden(&answer, 200, "google/device_authorization");
    let codes = answer.json();
    let sample: serde_json::Value = serde_json::from_str(&golden("google/device_authorization")).unwrap();
    for name in ["device_code", "user_code"] {
        let [length, sample] = [&codes, &sample].map(|each| each[name].as_str().unwrap().len());
        assert_eq!(length, sample, "{name}");
    }
}

#[test]
fn polls_hear_428_then_403_then_tokens() {
    let mut bench = Bench::google();
    let started = bench.start(SCOPE);
    bench.wait(5);
    assert_golden(&bench.poll(&started.device_code), 428, "google/authorization_pending");
    bench.wait(1);
    assert_golden(&bench.poll(&started.device_code), 403, "google/slow_down");
    bench.idp.approve(bench.now, &started.user_code, None).unwrap();
    bench.wait(10);
    let tokens = bench.poll(&started.device_code);
    assert_golden(&tokens, 200, "google/token");
    assert_golden(&bench.poll(&started.device_code), 400, "google/invalid_grant"); // "already been claimed"

    let (header, claims) = decode(&tokens.json()["id_token"]);
    assert_eq!(names(&header), ["alg", "kid", "typ"]);
    assert_eq!(names(&claims), names(&golden("google/id_token")));
    let bearer = format!("Bearer {}", tokens.json()["access_token"].as_str().unwrap());
    let userinfo = bench.send(Request::get("/v1/userinfo").with("Authorization", &bearer));
    assert_eq!(names(&userinfo.text()), names(&golden("google/userinfo")));
    let claims: serde_json::Value = serde_json::from_str(&claims).unwrap();
    assert_eq!(userinfo.json()["sub"], claims["sub"]);
}

#[test]
fn a_denial_is_403() {
    let mut bench = Bench::google();
    let started = bench.start(SCOPE);
    bench.idp.deny(bench.now, &started.user_code).unwrap();
    assert_golden(&bench.poll(&started.device_code), 403, "google/access_denied");
}

#[test]
fn an_expired_code_is_like_any_other_that_is_invalid() {
    // G-02
    let mut bench = Bench::google();
    let started = bench.start(SCOPE);
    bench.wait(1800);
    assert_golden(&bench.poll(&started.device_code), 400, "google/invalid_grant");
}

#[test]
fn a_refresh_token_comes_unasked_and_only_once() {
    let mut bench = Bench::google();
    let token = refresh_token(&bench.sign_in(SCOPE));
    for _ in 0..2 {
        let answer = bench.refresh(&[("refresh_token", &token)]);
        assert_golden(&answer, 200, "google/refreshed");
    }
    let refused = bench.refresh(&[("refresh_token", "nope")]);
    assert_golden(&refused, 400, "google/invalid_refresh_token");
}

#[test]
fn whoever_has_a_token_revokes_its_whole_sign_in() {
    let mut bench = Bench::google();
    for member in ["access_token", "refresh_token"] {
        let tokens = bench.sign_in(SCOPE);
        let bystander = refresh_token(&bench.sign_in(SCOPE));
        let token = tokens.json()[member].as_str().unwrap().to_owned();
        let escaped: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
        let revoked = bench.post(&format!("/revoke?token={escaped}"), &[]);
        assert_eq!((revoked.status, revoked.text().as_str()), (200, "{}"), "{member}");
        let refused = bench.refresh(&[("refresh_token", &refresh_token(&tokens))]);
        assert_golden(&refused, 400, "google/invalid_refresh_token");
        assert_eq!(bench.refresh(&[("refresh_token", &bystander)]).status, 200);
        let again = bench.post("/revoke", &[("token", &token)]);
        assert_golden(&again, 400, "google/invalid_token");
    }
}

#[test]
fn a_client_with_a_secret_shows_it_with_its_device_code_alone() {
    let mut bench = Bench::google();
    let start = [("client_id", "confidential"), ("scope", SCOPE)];
    let started = bench.post("/device/code", &start).json();
    let [device_code, user_code] = ["device_code", "user_code"].map(|name| started[name].as_str().unwrap());
    bench.idp.approve(bench.now, user_code, None).unwrap();
    let poll = |secret: &'static [(&str, &str)]| {
        let fields = [
            ("client_id", "confidential"),
            ("grant_type", DEVICE_CODE),
            ("device_code", device_code),
        ];
        Request::form("/token", &[&fields[..], secret].concat())
    };
    assert_golden(&bench.send(poll(&[])), 400, "google/missing_secret");
    let wrong = bench.send(poll(&[("client_secret", "x")]));
    assert_golden(&wrong, 401, "google/wrong_secret");
    let tokens = bench.send(poll(&[("client_secret", SECRET)]));
    assert_golden(&tokens, 200, "google/token");
    // "Refreshing an access token": optional
    let token = refresh_token(&tokens);
    let refresh = [
        ("client_id", "confidential"),
        ("grant_type", "refresh_token"),
        ("refresh_token", &token),
    ];
    assert_eq!(bench.post("/token", &refresh).status, 200);
}

#[test]
fn what_is_wrong_with_a_request_is_told_as_documented() {
    let mut bench = Bench::google();
    let mut start = |fields: &[(&str, &str)], status, file: &str| {
        assert_golden(&bench.post("/device/code", fields), status, &format!("google/{file}"));
    };
    start(&[("client_id", "nobody"), ("scope", SCOPE)], 401, "invalid_client");
    start(
        &[("client_id", "no-device-grant"), ("scope", SCOPE)],
        401,
        "wrong_client_type",
    );
    start(&[("scope", SCOPE)], 400, "missing_client");
    start(&[("client_id", "tv")], 400, "missing_scope");
    start(&[("client_id", "tv"), ("scope", "openid nope")], 400, "invalid_scope");
    let token = [("client_id", "tv"), ("grant_type", "device_code")];
    let answer = bench.post("/token", &token);
    assert_golden(&answer, 400, "google/unsupported_grant_type");
    bench
        .idp
        .faults()
        .switch_on("X-49", mock_idp::Switch::default())
        .unwrap();
    for _ in 0..20 {
        bench.start(SCOPE);
    }
    let answer = bench.post("/device/code", &[("client_id", "tv"), ("scope", SCOPE)]);
    assert_golden(&answer, 403, "google/rate_limit_exceeded");
}

#[test]
fn a_user_code_is_case_sensitive() {
    let mut bench = Bench::google();
    let code = bench.start(SCOPE).user_code;
    let mut opens = |code: &str| {
        bench
            .get(&format!("/device?user_code={code}"))
            .text()
            .contains("name=\"password\"")
    };
    assert!(opens(&code));
    assert!(!opens(&code.to_lowercase()));
}
