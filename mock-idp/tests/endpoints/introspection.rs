//! The introspection endpoint (RFC 7662).

use crate::support::{ALL_SCOPES, Bench, PAGE, SECRET, assert_golden, decode, names};
use mock_idp::{Request, Response};
use serde_json::Value;

const INACTIVE: [&str; 2] = [r#"{"active":false}"#, r#"{"active": false}"#];

fn introspect(bench: &mut Bench, client: &[(&str, &str)], token: &str) -> Response {
    let path = bench.paths().introspect;
    let fields = [client, &[("token", token)]].concat();
    bench.post(path, &fields)
}

const TV: &[(&str, &str)] = &[("client_id", "tv")];
const CONFIDENTIAL: &[(&str, &str)] = &[("client_id", "confidential"), ("client_secret", SECRET)];

/// Whoever may ask about a token of client `tv`.
fn benches() -> [(Bench, &'static [(&'static str, &'static str)]); 4] {
    [
        (Bench::rfc(), CONFIDENTIAL),
        (Bench::okta(), TV), // O-130: a public client sends its id
        (Bench::okta_org(), TV),
        (Bench::authentik(), CONFIDENTIAL), // A-101
    ]
}

/// Access token and refresh token of a new sign-in.
fn tokens(bench: &mut Bench) -> [String; 2] {
    let tokens = bench.sign_in(ALL_SCOPES).json();
    ["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned())
}

#[track_caller]
fn assert_inactive(answer: &Response) {
    assert_eq!(answer.status, 200);
    assert!(INACTIVE.contains(&answer.text().as_str()), "{}", answer.text());
}

#[test]
fn an_active_token_is_described_in_the_order_of_its_product() {
    let told = |(mut bench, caller): (Bench, &[(&str, &str)])| {
        let [access, refresh] = tokens(&mut bench);
        [access, refresh].map(|token| names(&introspect(&mut bench, caller, &token).text()).join(" "))
    };
    let [rfc, okta, okta_org, authentik] = benches().map(told);
    // RFC 7662 section 2.2, the sample
    assert_eq!(rfc, ["active client_id username scope sub iss exp iat"; 2]);
    // O-130
    let access = "active token_type scope client_id username exp iat sub aud iss jti uid";
    assert_eq!(okta, [access, "active token_type scope client_id username exp sub"]);
    assert_eq!(okta_org, okta);
    // A-101, with the ID token of A-70
    let claims = "iss sub aud exp iat auth_time acr jti email email_verified name given_name preferred_username \
                  nickname groups active scope client_id";
    assert_eq!(authentik, [claims; 2]);
}

#[test]
fn what_is_told_is_what_the_token_says() {
    for mut bench in [Bench::okta(), Bench::okta_org()] {
        let token = bench.sign_in(ALL_SCOPES).json()["access_token"].clone();
        bench.wait(7);
        let claims: Value = serde_json::from_str(&decode(&token).1).unwrap();
        let told = introspect(&mut bench, TV, token.as_str().unwrap()).json();
        for name in ["exp", "iat", "sub", "aud", "iss", "jti", "uid"] {
            assert_eq!(told[name], claims[name], "{name}");
        }
        assert_eq!((&told["client_id"], &told["scope"]), (&"tv".into(), &ALL_SCOPES.into()));
    }
}

#[test]
fn a_refresh_token_ends_when_it_ends() {
    for (mut bench, caller) in benches() {
        let [access, refresh] = tokens(&mut bench);
        let mut exp = |token| introspect(&mut bench, caller, token).json()["exp"].as_u64().unwrap();
        assert!(exp(&refresh) > exp(&access));
        assert_eq!(exp(&access), 1_767_225_600 + 3600);
    }
}

#[test]
fn what_is_unknown_over_or_revoked_is_inactive() {
    // S-53
    for (mut bench, caller) in benches() {
        let [access, refresh] = tokens(&mut bench);
        assert_inactive(&introspect(&mut bench, caller, "nope"));
        let revoke = bench.paths().revoke;
        bench.post(revoke, &[("client_id", "tv"), ("token", &refresh)]);
        assert_inactive(&introspect(&mut bench, caller, &refresh));
        bench.wait(3600);
        assert_inactive(&introspect(&mut bench, caller, &access));
    }
}

#[test]
fn a_replaced_refresh_token_is_inactive_and_authentik_describes_it_all_the_same() {
    // goauthentik/authentik@02a34d2, views/introspection.py
    for (mut bench, members) in [(Bench::rfc(), 1), (Bench::authentik(), 18)] {
        let [_, refresh] = tokens(&mut bench);
        bench.refresh(&[("refresh_token", &refresh)]);
        let told = introspect(&mut bench, CONFIDENTIAL, &refresh).json();
        assert_eq!(told["active"], false);
        assert_eq!(told.as_object().unwrap().len(), members);
    }
}

#[test]
fn authentik_names_the_client_that_asks() {
    // goauthentik/authentik@02a34d2, views/introspection.py; RFC 7662 section 2.2 means the token's.
    for (mut bench, named) in [(Bench::rfc(), "tv"), (Bench::authentik(), "confidential")] {
        for token in tokens(&mut bench) {
            assert_eq!(introspect(&mut bench, CONFIDENTIAL, &token).json()["client_id"], named);
        }
    }
}

#[test]
fn okta_tells_a_client_of_its_own_tokens_alone() {
    let mut bench = Bench::okta();
    let [access, _] = tokens(&mut bench);
    assert_inactive(&introspect(&mut bench, CONFIDENTIAL, &access));
    assert_inactive(&introspect(&mut bench, &[("client_id", "other")], &access));
}

#[test]
fn a_token_belongs_to_one_authorization_server() {
    let mut bench = Bench::okta();
    let [access, _] = tokens(&mut bench);
    let org = bench.post("/oauth2/v1/introspect", &[("client_id", "tv"), ("token", &access)]);
    assert_inactive(&org);
}

#[test]
fn callers_without_a_right_to_ask_are_refused_but_authentik_only_says_inactive() {
    let wrong: &[(&str, &str)] = &[("client_id", "confidential"), ("client_secret", "x")];
    for caller in [&[][..], TV, wrong, &[("client_id", "nobody")]] {
        let mut bench = Bench::authentik(); // A-101
        let [access, _] = tokens(&mut bench);
        assert_inactive(&introspect(&mut bench, caller, &access));
        // RFC 7662 section 2.3
        let rfc = introspect(&mut Bench::rfc(), caller, "nope");
        assert_golden(&rfc, 401, "rfc/invalid_client");
        assert!(rfc.header("www-authenticate").is_some());
    }
    assert_golden(&introspect(&mut Bench::okta(), &[], "nope"), 401, "okta/missing_client"); // O-50
    assert_golden(&introspect(&mut Bench::okta(), wrong, "nope"), 401, "okta/wrong_secret"); // O-52
}

#[test]
fn a_request_without_a_token_is_refused_but_not_by_authentik() {
    assert_golden(&introspect(&mut Bench::okta(), TV, ""), 400, "okta/missing_token");
    assert_golden(
        &introspect(&mut Bench::rfc(), CONFIDENTIAL, ""),
        400,
        "rfc/invalid_request",
    );
    assert_inactive(&introspect(&mut Bench::authentik(), CONFIDENTIAL, ""));
}

#[test]
fn pages_may_read_it_at_okta_but_not_at_authentik() {
    // O-105; A-90 does not name it.
    for (mut bench, allowed) in [(Bench::okta(), Some(PAGE)), (Bench::authentik(), None)] {
        let request = Request::form(bench.paths().introspect, &[("client_id", "tv"), ("token", "nope")]);
        let answer = bench.send(request.with("Origin", PAGE));
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
    }
}

#[test]
fn it_is_a_post_and_never_kept() {
    for (mut bench, caller) in benches() {
        let path = bench.paths().introspect;
        assert_eq!(bench.get(path).status, 405);
        let answer = introspect(&mut bench, caller, "nope");
        assert!(answer.header("cache-control").unwrap().contains("no-store"));
    }
}
