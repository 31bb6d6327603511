//! The whole mock over real sockets: listeners, control, and a clean end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use mock_idp::{AuthorizationServer, GrantState, MockIdp, Product, StartError};
use serde_json::{Value, json};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// One request to `http://host:port/path`, on a connection of its own: status, head and body.
fn call(method: &str, url: &str, media_type: &str, body: &str) -> (u16, String, String) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let head = format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    write!(
        stream,
        "{head}Content-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), head.to_owned(), body.to_owned())
}

fn get(url: &str) -> (u16, Value) {
    let (status, _, body) = call("GET", url, "", "");
    (status, serde_json::from_str(&body).unwrap_or_default())
}

fn post(url: &str, body: &str) -> (u16, Value) {
    let media_type = if body.starts_with('{') {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let (status, _, body) = call("POST", url, media_type, body);
    (status, serde_json::from_str(&body).unwrap_or_default())
}

fn start(mock: &MockIdp) -> Value {
    let metadata = get(&format!("{}/.well-known/openid-configuration", mock.issuer("rfc"))).1;
    let endpoint = metadata["device_authorization_endpoint"].as_str().unwrap();
    post(endpoint, "client_id=tv&scope=openid+profile").1
}

fn poll(mock: &MockIdp, started: &Value) -> (u16, Value) {
    let device_code = started["device_code"].as_str().unwrap();
    let body = format!("client_id=tv&grant_type={DEVICE_CODE}&device_code={device_code}");
    post(&format!("{}/token", mock.issuer("rfc")), &body)
}

fn mock() -> MockIdp {
    MockIdp::builder().virtual_clock().start().unwrap()
}

#[test]
fn every_issuer_is_where_it_says() {
    let mock = mock();
    let names: Vec<_> = mock.issuers().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["okta-org", "okta-custom-as", "authentik", "rfc", "google"]);
    for (name, issuer) in mock.issuers() {
        let slash = if issuer.ends_with('/') { "" } else { "/" };
        let metadata = get(&format!("{issuer}{slash}.well-known/openid-configuration")).1;
        assert_eq!(metadata["issuer"], issuer.as_str(), "{name}");
    }
}

#[test]
fn a_sign_in_goes_through_by_control_alone() {
    let mock = mock();
    let started = start(&mock);
    assert_eq!(poll(&mock, &started).1["error"], "authorization_pending");

    let code = started["user_code"].as_str().unwrap();
    let approve = format!("{}/grants/{code}/approve", mock.control());
    assert_eq!(post(&approve, r#"{"user":"jane"}"#), (204, Value::Null));
    let listed = get(&format!("{}/grants", mock.control())).1;
    let begun = 1_767_225_600; // 2026-01-01T00:00:00Z
    let grant = json!({
        "user_code": code,
        "client_id": "tv",
        "issuer": mock.issuer("rfc"),
        "state": "approved",
        "issued_at": begun,
        "expires_at": begun + 1800,
        "seen_at": null,
        "decided_at": begun,
        "approved_by": "jane",
        "redeemed_at": null,
        "polls": 1,
        "interval": 5,
    });
    assert_eq!(listed, json!([grant]));
    assert_eq!(
        get(&format!("{}/grants/{}", mock.control(), code.to_lowercase())).1,
        grant
    );

    assert_eq!(
        post(&format!("{}/clock/advance", mock.control()), r#"{"seconds":5}"#).0,
        200
    );
    assert_eq!(poll(&mock, &started).0, 200);
    assert_eq!(mock.grants()[0].state, GrantState::Redeemed);
}

#[test]
fn grants_of_one_moment_are_listed_in_the_order_they_were_asked_for() {
    let mock = mock();
    let authentik = mock.issuer("authentik").replace("/application/o/tv/", "");
    let starts = [
        format!("{}/device_authorization", mock.issuer("rfc")),
        format!("{authentik}/application/o/device/"),
        format!("{}/oauth2/v1/device/authorize", mock.issuer("okta-org")),
        format!("{}/device_authorization", mock.issuer("rfc")),
    ];
    let started = starts.map(|url| post(&url, "client_id=tv&scope=openid").1["user_code"].clone());
    let listed = get(&format!("{}/grants", mock.control())).1;
    let listed: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|grant| grant["user_code"].clone())
        .collect();
    assert_eq!(listed, started);
}

#[test]
fn the_clock_moves_forward_and_reset_puts_it_back() {
    let mock = mock();
    let control = mock.control();
    let clock = format!("{control}/clock");
    let before = get(&clock).1["now"].as_u64().unwrap();
    let moved = post(&format!("{clock}/advance"), r#"{"seconds":600}"#).1;
    assert_eq!(moved["now"], before + 600);
    mock.advance(Duration::from_secs(1));
    assert_eq!(get(&clock).1["now"], before + 601);
    assert_eq!(mock.now().seconds(), before + 601);
    start(&mock);
    assert_eq!(post(&format!("{control}/reset"), "").0, 204);
    assert_eq!(get(&clock).1["now"], before);
    assert_eq!(get(&format!("{control}/grants")).1, json!([]));
}

#[test]
fn answers_carry_the_mock_s_own_date() {
    let mock = mock();
    mock.advance(Duration::from_secs(60));
    let (_, head, _) = call("GET", &format!("{}/jwks", mock.issuer("rfc")), "", "");
    assert!(head.contains("date: Thu, 01 Jan 2026 00:01:00 GMT"), "{head}");
    assert_eq!(head.matches("date:").count(), 1);
}

#[test]
fn control_says_what_is_wrong() {
    let mock = mock();
    let control = mock.control();
    let code = start(&mock)["user_code"].as_str().unwrap().to_owned();
    for (path, body, status, word) in [
        ("/grants/NOPE/approve", "", 404, "NOPE"),
        (&format!("/grants/{code}/approve"), r#"{"user":"bob"}"#, 422, "jane"),
        (
            &format!("/grants/{code}/approve"),
            r#"{"person":"jane"}"#,
            400,
            "person",
        ),
        (&format!("/grants/{code}/bless"), "", 404, "GET /"),
        ("/clock/advance", r#"{"seconds":-1}"#, 400, "forward"),
        ("/clock/advance", r#"{"seconds":1e300}"#, 400, "forward"),
        ("/clock/advance", "", 400, "seconds"),
        ("/clock/advance", &"1".repeat(3 << 20), 413, "2097152"),
        ("/grants/%ff/deny", "", 400, "user_code"),
        (&format!("/grants/{code}/approve"), r#"{"user":""}"#, 422, "\"\""),
        ("/nope", "", 404, "GET /"),
        ("/grants", "", 405, "GET /"),
    ] {
        let (answered, body) = post(&format!("{control}{path}"), body);
        assert_eq!(answered, status, "{path}");
        assert!(body["error"].as_str().unwrap().contains(word), "{path}: {body}");
    }
    assert_eq!(get(&format!("{control}/")).0, 200);
}

#[test]
fn a_denied_authentik_grant_stays_pending() {
    let mock = mock();
    let host = mock.issuer("authentik").replace("/application/o/tv/", "");
    let started = post(&format!("{host}/application/o/device/"), "client_id=tv&scope=openid").1;
    let deny = format!(
        "{}/grants/{}/deny",
        mock.control(),
        started["user_code"].as_str().unwrap()
    );
    assert_eq!(post(&deny, "").0, 204);
    assert_eq!(mock.grants()[0].state, GrantState::Pending);
}

#[test]
fn a_head_answer_says_how_long_the_body_would_be() {
    // RFC 9110 section 8.6.
    let mock = mock();
    let url = format!("{}/jwks", mock.issuer("rfc"));
    let length = call("GET", &url, "", "").2.len();
    let (status, head, body) = call("HEAD", &url, "", "");
    assert_eq!((status, body.as_str()), (200, ""));
    assert!(head.contains(&format!("content-length: {length}")), "{head}");
}

#[test]
fn large_heads_and_bodies_are_answered() {
    let mock = mock();
    let token = format!("{}/token", mock.issuer("rfc"));
    assert_eq!(post(&token, &"a".repeat(1 << 20)).0, 413);
    assert_eq!(post(&token, "%zz=%f&client_id=%ff").1["error"], "invalid_client");
    let media_type = format!("application/x-www-form-urlencoded; padding={}", "a".repeat(10_000));
    assert_eq!(call("POST", &token, &media_type, "client_id=tv").0, 400);
}

#[test]
fn a_thousand_callers_too_many_are_all_told_so() {
    let mock = mock();
    let host = mock.issuer("rfc")["http://".len()..].to_owned();
    let open = |_| TcpStream::connect(&host).unwrap();
    let seats: Vec<_> = (0..160).map(open).collect();
    // Some hundred at once, because a process may have few files.
    for _ in 0..8 {
        let crowd: Vec<_> = (0..125).map(open).collect();
        for mut caller in crowd {
            let mut told = String::new();
            caller.read_to_string(&mut told).unwrap();
            assert!(told.starts_with("HTTP/1.1 503 "), "{told:?}");
            assert!(told.contains("160 connections are open"), "{told:?}");
        }
    }
    drop(seats);
}

/// A mock whose listeners lose patience at once.
fn impatient() -> MockIdp {
    let soon = Duration::from_millis(50);
    MockIdp::builder().virtual_clock().patience(soon, soon).start().unwrap()
}

/// A connection to a listener on which just this was said.
fn say(url: &str, words: &str) -> TcpStream {
    let host = url.strip_prefix("http://").unwrap().trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    stream
        .write_all(words.replace("HOST", &format!("Host: {host}")).as_bytes())
        .unwrap();
    stream
}

#[test]
fn whoever_holds_all_seats_and_says_nothing_loses_them_to_newcomers() {
    let mock = impatient();
    for (url, path) in [(mock.issuer("rfc"), "/jwks"), (mock.control(), "/clock")] {
        let answered = format!("GET {path} HTTP/1.1\r\nHOST\r\n\r\n");
        let kinds = [
            ("", ""),
            ("POST /token HTTP/1.1\r\nHo", ""),
            // RFC 9110 section 15.5.9.
            (
                "POST /reset HTTP/1.1\r\nHOST\r\nContent-Length: 9\r\n\r\nhalf",
                "HTTP/1.1 408 ",
            ),
            (&answered, "HTTP/1.1 200 "),
        ];
        let seats: Vec<_> = (0..160)
            .map(|seat| kinds[seat % kinds.len()])
            .map(|(words, answer)| (say(&url, words), answer))
            .collect();
        for (mut seat, answer) in seats {
            let mut told = String::new();
            seat.read_to_string(&mut told).unwrap();
            assert!(
                told.starts_with(answer) && told.is_empty() == answer.is_empty(),
                "{told:?}"
            );
            assert_eq!(told.contains("connection: close"), answer.contains("408"), "{told:?}");
        }
        assert_eq!(get(&format!("{url}{path}")).0, 200);
    }
}

#[test]
fn a_body_that_is_announced_as_too_large_is_refused_before_it_comes() {
    // RFC 9110 section 15.5.14.
    let mock = mock();
    for (url, path) in [(mock.issuer("rfc"), "/token"), (mock.control(), "/clock/advance")] {
        let head = format!("POST {path} HTTP/1.1\r\nHOST\r\nContent-Length: 99999999999\r\n\r\n");
        let mut stream = say(&url, &format!("{head}{}", "a".repeat(100)));
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        assert_eq!(std::str::from_utf8(&status), Ok("HTTP/1.1 413"));
    }
}

#[test]
fn an_answer_that_is_late_outlasts_the_patience_with_callers() {
    let mock = impatient();
    let step = json!({ "count": 1, "steps": [{ "delay": 600 }] });
    mock.faults().run(serde_json::from_value(step).unwrap()).unwrap();
    let url = mock.issuer("rfc");
    let words = "POST /device_authorization HTTP/1.1\r\nHOST\r\nConnection: close\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\nclient_id=tv";
    let mut late = say(&url, words);
    while !mock.faults().active().is_empty() {
        thread::yield_now();
    }
    // Whoever came later has lost the seat by now.
    for words in ["", "POST /token HTTP/1.1\r\nHOST\r\nContent-Length: 9\r\n\r\n"] {
        say(&url, words).read_to_string(&mut String::new()).unwrap();
    }
    mock.advance(Duration::from_secs(600));
    let mut told = String::new();
    late.read_to_string(&mut told).unwrap();
    assert!(
        told.starts_with("HTTP/1.1 200 ") && told.contains("user_code"),
        "{told:?}"
    );
}

#[test]
fn many_callers_at_once_each_get_their_own_tokens() {
    let mock = mock();
    let sign_in = || {
        let started = start(&mock);
        let code = started["user_code"].as_str().unwrap();
        assert_eq!(post(&format!("{}/grants/{code}/approve", mock.control()), "").0, 204);
        poll(&mock, &started).1["access_token"].as_str().unwrap().to_owned()
    };
    let tokens: HashSet<_> = thread::scope(|scope| {
        let callers: Vec<_> = (0..16).map(|_| scope.spawn(|| [sign_in(), sign_in()])).collect();
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    });
    assert_eq!(tokens.len(), 32);
    assert!(mock.grants().iter().all(|grant| grant.state == GrantState::Redeemed));
}

#[test]
fn half_a_request_keeps_nobody_waiting_and_does_not_outlive_the_mock() {
    let mock = mock();
    let address: SocketAddr = mock.issuer("rfc").strip_prefix("http://").unwrap().parse().unwrap();
    let mut slow: Vec<_> = (0..100).map(|_| TcpStream::connect(address).unwrap()).collect();
    for stream in &mut slow {
        write!(
            stream,
            "POST /token HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9\r\n\r\nhalf"
        )
        .unwrap();
    }
    assert!(start(&mock)["user_code"].is_string());
    drop(mock);
    TcpListener::bind(address).unwrap();
    for stream in &mut slow {
        assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap_or_default(), 0);
    }
}

#[test]
fn nothing_gives_the_mock_away() {
    let mock = mock();
    let (_, head, _) = call("GET", &format!("{}/nope", mock.issuer("rfc")), "", "");
    let names: Vec<_> = head.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["date", "connection", "content-length"]);
}

#[test]
fn a_busy_address_is_named_with_its_option() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = taken.local_addr().unwrap();
    let error = MockIdp::builder()
        .address(Product::Authentik, address)
        .start()
        .unwrap_err();
    assert!(matches!(error, StartError::Bind("authentik", ..)));
    let text = error.to_string();
    assert!(
        text.contains(&address.to_string()) && text.contains("--authentik"),
        "{text}"
    );
}

#[test]
fn many_live_side_by_side_and_give_their_ports_back() {
    let first = mock();
    let second = mock();
    start(&first);
    assert_eq!(second.grants(), []);
    let address: SocketAddr = first.issuer("rfc").strip_prefix("http://").unwrap().parse().unwrap();
    drop(first);
    TcpListener::bind(address).unwrap();
}

#[test]
fn it_starts_and_stops_inside_somebody_else_s_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { drop(mock()) });
}

/// The origin of a page that has one product's paths beside it, for as long as the runtime lives.
fn mounted(mock: &MockIdp, product: Product) -> (String, tokio::runtime::Runtime) {
    let page = axum::routing::get(|| async { "the page" });
    let router = mock.router(product).route("/", page);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(async move { axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await });
    (origin, runtime)
}

#[test]
fn a_mounted_product_has_the_authorization_servers_that_were_opened_since() {
    let mock = mock();
    let (origin, _runtime) = mounted(&mock, Product::Okta);
    let keys = format!("{origin}/oauth2/late/v1/keys");
    assert_eq!(call("GET", &keys, "", "").0, 404);
    mock.put_authorization_server(&AuthorizationServer::new("late"));
    assert_eq!(call("GET", &keys, "", "").0, 200);
}

#[test]
fn one_product_can_be_mounted_beside_other_pages() {
    let mock = mock();
    let (origin, _runtime) = mounted(&mock, Product::Authentik);
    assert_eq!(call("GET", &format!("{origin}/"), "", "").2, "the page");
    let started = post(&format!("{origin}/application/o/device/"), "client_id=tv&scope=openid").1;
    assert_eq!(started["verification_uri"], format!("{origin}/device"));
    assert_eq!(mock.grants()[0].issuer, format!("{origin}/application/o/tv/"));
    assert_eq!(call("GET", &format!("{origin}/elsewhere"), "", "").0, 404);
}
