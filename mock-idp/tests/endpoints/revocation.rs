//! The revocation endpoint (RFC 7009).

use crate::support::{ALL_SCOPES, Bench, assert_golden};
use mock_idp::{Request, Response};

/// A revocation request of a client, or of none.
fn revoke(bench: &mut Bench, client_id: &str, token: &str) -> Response {
    let path = bench.paths().revoke;
    bench.post(path, &[("client_id", client_id), ("token", token)])
}

/// Access token and refresh token of a new sign-in.
fn tokens(bench: &mut Bench) -> [String; 2] {
    let tokens = bench.sign_in(ALL_SCOPES).json();
    ["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned())
}

fn userinfo(bench: &mut Bench, token: &str) -> u16 {
    let request = Request::get(bench.paths().userinfo).with("Authorization", &format!("Bearer {token}"));
    bench.send(request).status
}

#[test]
fn success_says_the_least_the_product_can() {
    for (mut bench, body) in [
        (Bench::rfc(), ""),         // RFC 7009 section 2.2
        (Bench::okta(), ""),        // O-131
        (Bench::okta_org(), ""),    // O-131
        (Bench::authentik(), "{}"),
    ] {
        let [access, _] = tokens(&mut bench);
        for token in [access.as_str(), "nope"] {
            let answer = revoke(&mut bench, "tv", token);
            assert_eq!((answer.status, answer.text().as_str()), (200, body));
        }
    }
}

#[test]
fn a_revoked_access_token_opens_nothing() {
    for mut bench in [Bench::rfc(), Bench::okta(), Bench::authentik()] {
        let [access, refresh] = tokens(&mut bench);
        assert_eq!(userinfo(&mut bench, &access), 200);
        revoke(&mut bench, "tv", &access);
        assert_eq!(userinfo(&mut bench, &access), 401);
        assert_eq!(bench.refresh(&[("refresh_token", &refresh)]).status, 200);
    }
}

#[test]
fn a_revoked_refresh_token_ends_its_access_tokens_but_not_on_authentik() {
    for (mut bench, refused, userinfo_status) in [
        (Bench::rfc(), "rfc/invalid_grant", 401), // S-52
        (Bench::okta(), "okta/invalid_refresh_token", 401),
        (Bench::authentik(), "authentik/invalid_grant", 200), // goauthentik/authentik@02a34d2, views/token_revoke.py
    ] {
        let [access, refresh] = tokens(&mut bench);
        let [bystander, _] = tokens(&mut bench);
        revoke(&mut bench, "tv", &refresh);
        assert_golden(&bench.refresh(&[("refresh_token", &refresh)]), 400, refused);
        assert_eq!(userinfo(&mut bench, &access), userinfo_status);
        assert_eq!(userinfo(&mut bench, &bystander), 200);
    }
}

#[test]
fn another_client_s_token_is_refused_kept_or_gone() {
    for (mut bench, status, userinfo_status) in [
        (Bench::rfc(), 400, 200),       // RFC 7009 section 2.1
        (Bench::okta(), 200, 200),      // ours: as if it were unknown
        (Bench::authentik(), 200, 401), // goauthentik/authentik@02a34d2, views/token_revoke.py
    ] {
        let [access, _] = tokens(&mut bench);
        assert_eq!(revoke(&mut bench, "other", &access).status, status);
        assert_eq!(userinfo(&mut bench, &access), userinfo_status);
    }
}

#[test]
fn a_request_without_a_token_is_refused_but_not_by_authentik() {
    assert_golden(&revoke(&mut Bench::rfc(), "tv", ""), 400, "rfc/invalid_request");
    assert_golden(&revoke(&mut Bench::okta(), "tv", ""), 400, "okta/missing_token"); // O-131
    // goauthentik/authentik@02a34d2, views/token_revoke.py
    assert_eq!(revoke(&mut Bench::authentik(), "tv", "").text(), "{}");
}

#[test]
fn a_client_nobody_knows_revokes_nothing() {
    assert_golden(&revoke(&mut Bench::rfc(), "nobody", "nope"), 400, "rfc/invalid_client");
    assert_golden(&revoke(&mut Bench::okta(), "", "nope"), 401, "okta/missing_client"); // O-50
    let authentik = revoke(&mut Bench::authentik(), "nobody", "nope");
    assert_golden(&authentik, 401, "authentik/invalid_client");
}
