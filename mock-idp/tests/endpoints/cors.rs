//! Which pages may read what (sections 2.7 and 3.9 of the facts).

use crate::support::{Bench, DEVICE_CODE, PAGE, assert_golden};
use mock_idp::{Request, Response};

const FOREIGN: &str = "https://elsewhere.example";

fn allowed(answer: &Response) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

fn preflight(bench: &mut Bench, path: &str, origin: &str) -> Response {
    let request = Request::new("OPTIONS", path)
        .with("Origin", origin)
        .with("Access-Control-Request-Method", "POST")
        .with("Access-Control-Request-Headers", "x-asked");
    bench.send(request)
}

fn start(bench: &mut Bench, origin: &str) -> Response {
    let request = Request::form(bench.paths().device, &[("client_id", "tv"), ("scope", "openid")]);
    bench.send(request.with("Origin", origin))
}

#[test]
fn okta_lets_trusted_origins_start() {
    // O-105, O-108
    assert_eq!(allowed(&start(&mut Bench::okta(), PAGE)), Some(PAGE));
    let foreign = start(&mut Bench::okta(), FOREIGN);
    assert_eq!((foreign.status, allowed(&foreign)), (200, None));
    assert_eq!(foreign.header("vary"), Some("Origin"));
}

#[test]
fn okta_exposes_what_a_page_needs() {
    // O-109
    let answer = start(&mut Bench::okta(), PAGE);
    let exposed = answer.header("access-control-expose-headers").unwrap();
    assert!(
        ["Date", "X-Okta-Request-Id", "X-Rate-Limit-Reset"]
            .iter()
            .all(|name| exposed.contains(name))
    );
}

#[test]
fn okta_refuses_foreign_pages_at_the_token_endpoint_readably() {
    // O-79, O-107
    let mut bench = Bench::okta();
    let poll = |origin| {
        let fields = [
            ("client_id", "tv"),
            ("grant_type", DEVICE_CODE),
            ("device_code", "nope"),
        ];
        let request = Request::form("/oauth2/v1/token", &fields).with("Origin", origin);
        request.with(
            "User-Agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
    };
    let foreign = bench.send(poll(FOREIGN));
    assert_golden(&foreign, 400, "okta/foreign_origin");
    assert_eq!(allowed(&foreign), Some(FOREIGN));
    let trusted = bench.send(poll(PAGE));
    assert_golden(&trusted, 400, "okta/unknown_device_code");
    assert_eq!(allowed(&trusted), Some(PAGE));
}

#[test]
fn okta_answers_a_preflight_with_204() {
    // O-106
    let mut bench = Bench::okta();
    let answer = preflight(&mut bench, "/oauth2/v1/token", FOREIGN);
    assert_eq!(
        (answer.status, answer.body.len(), allowed(&answer)),
        (204, 0, Some(FOREIGN))
    );
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-max-age"), Some("3600"));
    assert_eq!(answer.header("vary"), Some("Origin"));
    // U-06
    let device = "/oauth2/v1/device/authorize";
    assert_eq!(allowed(&preflight(&mut bench, device, PAGE)), Some(PAGE));
    assert_eq!(allowed(&preflight(&mut bench, device, FOREIGN)), None);
}

#[test]
fn a_preflight_lets_a_page_send_its_token_to_userinfo() {
    // O-105: open to pages, and a bearer token needs a header that needs a preflight (RFC 6750 section 2.1).
    for mut bench in [Bench::okta(), Bench::authentik(), Bench::rfc()] {
        let request = Request::new("OPTIONS", bench.paths().userinfo)
            .with("Origin", PAGE)
            .with("Access-Control-Request-Method", "GET")
            .with("Access-Control-Request-Headers", "authorization");
        let answer = bench.send(request);
        assert_eq!(allowed(&answer), Some(PAGE));
        assert_eq!(answer.header("access-control-allow-headers"), Some("authorization"));
    }
}

#[test]
fn a_page_without_an_origin_of_its_own_counts_as_foreign() {
    // The Fetch standard writes `null` for a page from a file or in a sandbox.
    let okta = start(&mut Bench::okta(), "null");
    assert_eq!((okta.status, allowed(&okta)), (200, None));
    assert_eq!(allowed(&start(&mut Bench::rfc(), "null")), Some("null"));
}

#[test]
fn authentik_s_device_endpoint_answers_no_page() {
    //
    let mut bench = Bench::authentik();
    let answer = start(&mut bench, PAGE);
    assert_eq!((answer.status, allowed(&answer)), (200, None));
    let path = bench.paths().device;
    let preflight = preflight(&mut bench, path, PAGE);
    assert_eq!(
        (preflight.status, preflight.body.len(), allowed(&preflight)),
        (200, 0, None)
    );
    assert_eq!(preflight.header("allow"), Some("POST, OPTIONS"));
}

#[test]
fn authentik_lets_redirect_uris_read_tokens() {
    //
    let mut bench = Bench::authentik();
    let mut poll = |origin, client| {
        let fields = [
            ("client_id", client),
            ("grant_type", DEVICE_CODE),
            ("device_code", "nope"),
        ];
        bench.send(Request::form("/application/o/token/", &fields).with("Origin", origin))
    };
    let answer = poll(PAGE, "tv");
    assert_eq!(allowed(&answer), Some(PAGE));
    assert_eq!(answer.header("vary"), Some("Origin"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(allowed(&poll(FOREIGN, "tv")), None);
    // not even for a registered page, if the client is unknown.
    assert_eq!(allowed(&poll(PAGE, "nobody")), None);
}

#[test]
fn authentik_says_yes_to_every_preflight_it_answers() {
    //
    let mut bench = Bench::authentik();
    let answer = preflight(&mut bench, "/application/o/token/", FOREIGN);
    assert_eq!(
        (answer.status, answer.text().as_str(), allowed(&answer)),
        (200, "{}", Some(FOREIGN))
    );
    assert_eq!(
        answer.header("access-control-allow-methods"),
        Some("GET, POST, OPTIONS")
    );
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-asked"));
}

#[test]
fn authentik_s_keys_are_everybody_s() {
    //
    let mut bench = Bench::authentik();
    let answer = bench.send(Request::get("/application/o/tv/jwks/").with("Origin", FOREIGN));
    assert_eq!(allowed(&answer), Some("*"));
}

#[test]
fn the_rfc_server_lets_every_page_in() {
    let mut bench = Bench::rfc();
    assert_eq!(allowed(&start(&mut bench, FOREIGN)), Some(FOREIGN));
    assert_eq!(allowed(&bench.poll("nope")), None); // not a page
    let answer = preflight(&mut bench, "/token", FOREIGN);
    assert_eq!((answer.status, allowed(&answer)), (204, Some(FOREIGN)));
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-asked"));
}

#[test]
fn a_page_of_the_server_s_own_origin_is_at_home() {
    let mut bench = Bench::authentik();
    let answer = bench.send(
        Request::get("/application/o/tv/.well-known/openid-configuration").with("Origin", "https://auth.example.test"),
    );
    assert_eq!(allowed(&answer), Some("https://auth.example.test"));
}
