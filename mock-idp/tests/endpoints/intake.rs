//! What arrives in strange clothes (section 6.6 of the facts).

use crate::support::{Bench, assert_golden};
use mock_idp::{Request, Response};

const TV: &[(&str, &str)] = &[("client_id", "tv"), ("scope", "openid")];

fn send(mut bench: Bench, change: impl Fn(Request) -> Request) -> Response {
    let request = Request::form(bench.paths().device, TV);
    bench.send(change(request))
}

fn body(mut request: Request, body: &[u8]) -> Request {
    request.body = body.to_vec();
    request
}

#[test]
fn a_json_body_is_refused_and_invisible_to_authentik() {
    let json = |mut request: Request| {
        request.headers.clear();
        body(
            request.with("Content-Type", "application/json"),
            br#"{"client_id":"tv","scope":"openid"}"#,
        )
    };
    assert_golden(&send(Bench::okta(), json), 400, "okta/not_a_form");
    assert_golden(&send(Bench::authentik(), json), 400, "authentik/invalid_client"); // A-10
    assert_golden(&send(Bench::rfc(), json), 400, "rfc/invalid_request"); // S-01
}

#[test]
fn a_repeated_parameter_is_refused_but_authentik_takes_the_last() {
    let twice = |request| body(request, b"client_id=nobody&client_id=tv&scope=openid");
    assert_golden(&send(Bench::okta(), twice), 400, "okta/duplicate_parameter");
    assert_golden(&send(Bench::rfc(), twice), 400, "rfc/invalid_request"); // S-06
    assert_eq!(send(Bench::authentik(), twice).status, 200);
}

#[test]
fn credentials_in_the_query_are_refused_by_okta_and_ignored_by_the_others() {
    let query = |mut request: Request| {
        request.target.push_str("?client_id=nobody");
        request
    };
    assert_golden(&send(Bench::okta(), query), 400, "okta/credentials_in_query");
    assert_eq!(send(Bench::authentik(), query).status, 200);
    assert_eq!(send(Bench::rfc(), query).status, 200);
}

#[test]
fn a_charset_beside_the_media_type_changes_nothing() {
    let charset = |mut request: Request| {
        request.headers.clear();
        request.with("content-type", "Application/X-WWW-form-urlencoded; charset=UTF-8")
    };
    for bench in [Bench::okta(), Bench::authentik(), Bench::rfc()] {
        assert_eq!(send(bench, charset).status, 200);
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused() {
    let large = |request| body(request, &vec![b'a'; 64 * 1024 + 1]);
    for bench in [Bench::okta(), Bench::authentik(), Bench::rfc()] {
        assert!((400..500).contains(&send(bench, large).status));
    }
}

#[test]
fn a_host_that_is_none_is_not_repeated() {
    for host in ["", "a b", "\"><script>", "x/../y", "ä"] {
        let mut bench = Bench::rfc();
        let request = Request::get("/.well-known/openid-configuration").with("Host", host);
        assert_eq!(
            bench.idp.handle(bench.now, &request).json()["issuer"],
            "http://localhost"
        );
    }
}

#[test]
fn no_bytes_make_it_panic() {
    let bodies: [&[u8]; 7] = [
        b"",
        b"&&&==&",
        b"%",
        b"%zz=%",
        b"\xff\xfe=\xff",
        b"client_id=%ff%fe",
        &[0; 100],
    ];
    let targets = [
        "",
        "/",
        "//",
        "/%ff",
        "/activate?user_code=%ff",
        "/oauth2//v1/token",
        "/oauth2/{id}/v1/token",
        "*",
    ];
    let methods = ["GET", "POST", "OPTIONS", "HEAD", "", "\u{0}"];
    for bench in [Bench::okta, Bench::authentik, Bench::rfc] {
        let mut bench = bench();
        let paths = [
            bench.paths().device,
            bench.paths().token,
            bench.paths().page,
            bench.paths().userinfo,
        ];
        for target in targets.into_iter().chain(paths) {
            for (method, each) in methods.iter().flat_map(|method| bodies.map(|each| (method, each))) {
                let request = Request::new(method, target)
                    .with("content-type", "application/x-www-form-urlencoded")
                    .with("authorization", "Basic \u{fffd}")
                    .with("cookie", "sid; ==;;sid=")
                    .with("origin", "null");
                let answer = bench.idp.handle(bench.now, &body(request, each));
                assert!(answer.status < 500);
            }
        }
    }
}
