//! The userinfo endpoint (OpenID Connect Core section 5.3).

use crate::support::{ALL_SCOPES, Bench, assert_golden};
use mock_idp::{Request, Response};

fn userinfo(bench: &mut Bench, token: &str) -> Response {
    let path = bench.paths().userinfo;
    bench.send(Request::get(path).with("Authorization", &format!("Bearer {token}")))
}

fn access_token(bench: &mut Bench, scope: &str) -> String {
    bench.sign_in(scope).json()["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn it_says_who_signed_in() {
    let mut rfc = Bench::rfc();
    let token = access_token(&mut rfc, ALL_SCOPES);
    assert_golden(&userinfo(&mut rfc, &token), 200, "rfc/userinfo");
    for mut bench in [Bench::okta(), Bench::okta_org(), Bench::authentik()] {
        let token = access_token(&mut bench, ALL_SCOPES);
        let answer = userinfo(&mut bench, &token).json();
        assert_eq!(answer["name"], "Jane Doe");
        assert_eq!(answer["email"], "jane@example.test");
    }
}

#[test]
fn its_subject_is_the_id_token_s() {
    for mut bench in [Bench::okta(), Bench::authentik()] {
        let tokens = bench.sign_in(ALL_SCOPES).json();
        let claims: serde_json::Value = serde_json::from_str(&crate::support::decode(&tokens["id_token"]).1).unwrap();
        let answer = userinfo(&mut bench, tokens["access_token"].as_str().unwrap()).json();
        assert_eq!(answer["sub"], claims["sub"]);
    }
}

#[test]
fn a_bad_token_is_told_by_header_alone() {
    let okta = userinfo(&mut Bench::okta(), "nope");
    assert_eq!((okta.status, okta.text().as_str()), (401, ""));
    // O-132
    let told = r#"Bearer error="invalid_token", error_description="The access token is invalid""#;
    assert_eq!(okta.header("www-authenticate"), Some(told));
    // A-102: without the word Bearer
    let authentik = userinfo(&mut Bench::authentik(), "nope");
    assert_eq!((authentik.status, authentik.text().as_str()), (401, ""));
    assert!(
        authentik
            .header("www-authenticate")
            .unwrap()
            .starts_with(r#"error="invalid_token""#)
    );
}

#[test]
fn an_expired_token_is_a_bad_one() {
    let mut bench = Bench::okta();
    let token = access_token(&mut bench, "openid");
    bench.wait(3600);
    assert_eq!(userinfo(&mut bench, &token).status, 401);
}

#[test]
fn it_needs_openid() {
    let mut bench = Bench::okta();
    let token = access_token(&mut bench, "profile");
    assert_eq!(userinfo(&mut bench, &token).status, 403);
}
