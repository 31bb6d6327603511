//! How clients prove who they are (RFC 6749 section 2.3).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::{Bench, DEVICE_CODE, SECRET, assert_golden};
use mock_idp::{Request, Response};

/// One way to say who asks.
#[derive(Clone, Copy)]
enum Shows {
    /// `client_id` alone.
    Id(&'static str),
    /// `client_id` and `client_secret`.
    Post(&'static str, &'static str),
    /// `client_id` and `client_assertion`.
    Assertion(&'static str),
    /// An `Authorization` header with these two halves, as they are.
    Basic(&'static str, &'static str),
    /// An `Authorization` header with this behind `Basic`.
    Header(&'static str),
    /// A header and a secret in the form.
    Both,
}

fn ask(bench: &mut Bench, path: &str, fields: &[(&str, &str)], shows: Shows) -> Response {
    let mut form = fields.to_vec();
    let mut header = None;
    match shows {
        Shows::Id(id) => form.push(("client_id", id)),
        Shows::Post(id, secret) => form.extend([("client_id", id), ("client_secret", secret)]),
        Shows::Assertion(id) => form.extend([("client_id", id), ("client_assertion", "x.y.z")]),
        Shows::Basic(id, secret) => header = Some(STANDARD.encode(format!("{id}:{secret}"))),
        Shows::Header(text) => header = Some(text.to_owned()),
        Shows::Both => {
            header = Some(STANDARD.encode("confidential:wrong"));
            form.push(("client_secret", SECRET));
        }
    }
    let request = Request::form(path, &form);
    bench.send(match header {
        Some(header) => request.with("Authorization", &format!("Basic {header}")),
        None => request,
    })
}

fn start(bench: &mut Bench, shows: Shows) -> Response {
    let path = bench.paths().device;
    ask(bench, path, &[("scope", "openid offline_access")], shows)
}

fn redeem(bench: &mut Bench, device_code: &str, shows: Shows) -> Response {
    let path = bench.paths().token;
    let fields = [("grant_type", DEVICE_CODE), ("device_code", device_code)];
    ask(bench, path, &fields, shows)
}

/// RFC 6749 appendix B: a blank becomes a plus.
const FORM_ENCODED: &str = "s+%26%2B%3D%25%3A%C3%BC";
/// a plus stays a plus.
const PERCENT_ENCODED: &str = "s%20&+=%25%3A%C3%BC";

#[test]
fn a_secret_is_read_from_form_and_header() {
    for (mut bench, basic) in [
        (Bench::rfc(), FORM_ENCODED),
        (Bench::okta(), FORM_ENCODED),
        (Bench::authentik_2026_5(), PERCENT_ENCODED),
    ] {
        for shows in [Shows::Post("confidential", SECRET), Shows::Basic("confidential", basic)] {
            let started = start(&mut bench, shows).json();
            let [device_code, user_code] = ["device_code", "user_code"].map(|name| started[name].as_str().unwrap());
            bench.idp.approve(bench.now, user_code, None).unwrap();
            let tokens = redeem(&mut bench, device_code, shows);
            assert_eq!(tokens.status, 200, "{}", tokens.text());
            let refresh_token = tokens.json()["refresh_token"].as_str().unwrap().to_owned();
            let path = bench.paths().token;
            let fields = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token)];
            assert_eq!(ask(&mut bench, path, &fields, shows).status, 200);
            let path = bench.paths().revoke;
            let revoked = ask(&mut bench, path, &[("token", &refresh_token)], shows);
            assert_eq!(revoked.status, 200, "{}", revoked.text());
        }
    }
}

#[test]
fn okta_says_what_is_wrong_with_the_credentials() {
    let cases = [
        (Shows::Id("confidential"), "wrong_authentication_method"), // O-51
        (Shows::Post("tv", "x"), "wrong_authentication_method"),
        (Shows::Assertion("tv"), "wrong_authentication_method"),
        (Shows::Post("confidential", "x"), "wrong_secret"), // O-52
        (Shows::Basic("confidential", ""), "wrong_authentication_method"),
        (Shows::Basic("confidential", "x"), "wrong_secret"),
        (Shows::Header("???"), "invalid_credentials"), // O-53
        (Shows::Both, "several_credentials"),          // O-67b
    ];
    for (shows, file) in cases {
        let mut bench = Bench::okta();
        assert_golden(&start(&mut bench, shows), 401, &format!("okta/{file}"));
        assert_golden(&redeem(&mut bench, "nope", shows), 401, &format!("okta/{file}"));
        let path = bench.paths().revoke;
        let revoked = ask(&mut bench, path, &[("token", "nope")], shows);
        assert_golden(&revoked, 401, &format!("okta/{file}"));
    }
}

#[test]
fn the_rfcs_ask_a_confidential_client_everywhere() {
    let cases = [
        (Shows::Id("confidential"), 400, "rfc/invalid_client"),
        (Shows::Post("confidential", "x"), 400, "rfc/invalid_client"),
        (Shows::Post("tv", "x"), 400, "rfc/invalid_client"),
        (Shows::Basic("confidential", "x"), 401, "rfc/invalid_client"), // S-44
        (Shows::Header("???"), 401, "rfc/invalid_client"),
        (Shows::Both, 400, "rfc/invalid_request"), // RFC 6749 section 2.3
    ];
    for (shows, status, file) in cases {
        let mut bench = Bench::rfc();
        let path = bench.paths().revoke;
        for answer in [
            start(&mut bench, shows),
            redeem(&mut bench, "nope", shows),
            ask(&mut bench, path, &[("token", "nope")], shows),
        ] {
            assert_golden(&answer, status, file);
            assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
        }
    }
}

#[test]
fn a_public_client_with_an_empty_secret_has_shown_none() {
    // S-05
    for mut bench in [Bench::rfc(), Bench::okta(), Bench::authentik()] {
        for shows in [Shows::Basic("tv", ""), Shows::Post("tv", "")] {
            assert_eq!(start(&mut bench, shows).status, 200);
        }
    }
}

#[test]
fn authentik_asks_for_the_secret_at_the_token_endpoint_from_2026_5_on() {
    // A-57; the device endpoint ignores it.
    for (mut bench, redeemed) in [
        (Bench::authentik_2025_6(), 200),
        (Bench::authentik(), 200),
        (Bench::authentik_2026_5(), 400),
    ] {
        let started = start(&mut bench, Shows::Post("confidential", "x")).json();
        let [device_code, user_code] = ["device_code", "user_code"].map(|name| started[name].as_str().unwrap());
        bench.idp.approve(bench.now, user_code, None).unwrap();
        let answer = redeem(&mut bench, device_code, Shows::Id("confidential"));
        assert_eq!(answer.status, redeemed, "{}", answer.text());
        if redeemed == 400 {
            assert_golden(&answer, 400, "authentik/invalid_client");
        }
    }
}

#[test]
fn authentik_asks_for_the_secret_when_tokens_are_refreshed_or_revoked() {
    // A-100; goauthentik/authentik@005f3a9, views/token.py
    for shows in [Shows::Id("confidential"), Shows::Post("confidential", "x")] {
        let mut bench = Bench::authentik();
        let path = bench.paths().token;
        let fields = [("grant_type", "refresh_token"), ("refresh_token", "nope")];
        assert_golden(&ask(&mut bench, path, &fields, shows), 400, "authentik/invalid_client");
        let path = bench.paths().revoke;
        let revoked = ask(&mut bench, path, &[("token", "nope")], shows);
        assert_golden(&revoked, 401, "authentik/invalid_client");
        // A-51 comes first.
        let path = bench.paths().token;
        let unknown = ask(&mut bench, path, &[("grant_type", "nope")], shows);
        assert_golden(&unknown, 400, "authentik/unsupported_grant_type");
    }
}
