//! The control listener over real sockets: what it describes, what it lets go wrong, whom it obeys.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mock_idp::{Instant, MockIdp};
use serde_json::json;

mod authorization_servers;
mod numbers;
mod registered;
mod support;
mod verdicts;

use support::{BEGUN, call, mock, send};

/// The `Date` of an answer of the issuer `rfc`.
fn date(mock: &MockIdp) -> String {
    let host = mock.issuer("rfc")[7..].to_owned();
    let mut stream = TcpStream::connect(&host).unwrap();
    write!(
        stream,
        "GET /jwks HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
        .lines()
        .find_map(|line| line.strip_prefix("date: "))
        .unwrap()
        .to_owned()
}

#[test]
fn every_call_is_described_and_every_described_call_exists() {
    let mock = mock();
    let (status, document) = call(&mock, "GET", "/openapi.json", "");
    assert_eq!(status, 200);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let calls = call(&mock, "GET", "/", "").1["calls"].clone();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let method = method.to_uppercase();
            assert_eq!(calls[format!("{method} {path}")], operation["summary"]);
            let target = path.replace("{user_code}", "NOPE").replace("{id}", "NOPE");
            let target = target.replace("{client_id}", "NOPE").replace("{username}", "NOPE");
            if target == "/journal/stream" {
                continue; // It never ends; the test of the journal follows it.
            }
            let (status, _) = call(&mock, &method, &target, "");
            let responses = operation["responses"].as_object().unwrap();
            assert!(
                responses.contains_key(&status.to_string()),
                "{method} {path} answers {status}"
            );
        }
    }
}

#[test]
fn the_clock_is_set_frozen_and_run() {
    let mock = mock();
    assert_eq!(
        call(&mock, "GET", "/clock", "").1,
        json!({ "now": BEGUN, "frozen": true, "advanced_by": 0.0, "skew": 0 })
    );
    let set = call(&mock, "PUT", "/clock", r#"{"now":784111777}"#).1;
    assert_eq!(set["now"], 784_111_777);
    assert_eq!(date(&mock), "Sun, 06 Nov 1994 08:49:37 GMT"); // RFC 9110 section 5.6.7
    assert_eq!(call(&mock, "PUT", "/clock", r#"{"frozen":false}"#).1["frozen"], false);
    assert!(mock.now() >= Instant::from_seconds(784_111_777));
    assert_eq!(call(&mock, "PUT", "/clock", r#"{"frozen":true}"#).1["frozen"], true);
    call(&mock, "POST", "/reset", "");
    assert_eq!(mock.now(), Instant::from_seconds(BEGUN));
}

#[test]
fn skew_changes_what_is_told_and_no_deadline() {
    let mock = mock();
    call(&mock, "PUT", "/clock", r#"{"skew":-3600}"#);
    assert_eq!(date(&mock), "Wed, 31 Dec 2025 23:00:00 GMT");
    assert_eq!(mock.now(), Instant::from_seconds(BEGUN));
    call(&mock, "POST", "/reset", "");
    assert_eq!(date(&mock), "Thu, 01 Jan 2026 00:00:00 GMT");
}

#[test]
fn an_assumption_is_changed_while_it_runs() {
    let mock = mock();
    let before = call(&mock, "GET", "/assumptions", "").1;
    assert_eq!(before["okta-denied-status"], "400");
    let (status, after) = call(&mock, "PUT", "/assumptions", r#"{"okta-denied-status":"403"}"#);
    assert_eq!((status, &after["okta-denied-status"]), (200, &json!("403")));
    assert_eq!(after["okta-slow-down"], before["okta-slow-down"]);
    assert_eq!(call(&mock, "GET", "/assumptions", "").1, after);
    call(&mock, "POST", "/reset", "");
    assert_eq!(call(&mock, "GET", "/assumptions", "").1, before);
    let (status, problem) = call(&mock, "PUT", "/assumptions", r#"{"okta-denied-status":"404"}"#);
    assert_eq!(status, 400);
    assert!(problem["error"].as_str().unwrap().contains("400, 403"));
}

#[test]
fn rate_limits_are_lifted_and_changed_while_it_runs() {
    let mock = mock();
    let usual = json!({ "okta-org": "usual", "okta-custom-as": "usual", "authentik": "usual" });
    assert_eq!(call(&mock, "GET", "/rate-limits", "").1, usual);
    let (status, lifted) = call(&mock, "PUT", "/rate-limits", r#""off""#);
    assert_eq!((status, &lifted["authentik"]), (200, &json!("off")));
    let (_, changed) = call(&mock, "PUT", "/rate-limits", r#"{"okta-org":0}"#);
    assert_eq!(
        changed,
        json!({ "okta-org": 0, "okta-custom-as": "off", "authentik": "off" })
    );
    let (status, problem) = call(&mock, "PUT", "/rate-limits", r#"{"rfc":1}"#);
    assert_eq!(status, 422);
    assert!(problem["error"].as_str().unwrap().contains("\"rfc\" has no rate limit"));
    call(&mock, "POST", "/reset", "");
    assert_eq!(call(&mock, "GET", "/rate-limits", "").1, usual);
}

#[test]
fn a_scenario_is_listed_switched_on_and_off() {
    let mock = mock();
    let scenarios = call(&mock, "GET", "/scenarios", "").1["scenarios"].clone();
    assert!(
        scenarios
            .as_array()
            .unwrap()
            .iter()
            .any(|scenario| scenario["id"] == "X-23")
    );
    let body = r#"{"variant":"503","client":"tv","issuer":"rfc","count":2}"#;
    assert_eq!(call(&mock, "POST", "/scenarios/X-23", body).0, 204);
    let active = call(&mock, "GET", "/scenarios", "").1["active"].clone();
    let expected = json!({ "id": "X-23", "variant": "503", "client": "tv", "issuer": "rfc", "count": 2, "applied": 0 });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(active[0][name], *value);
    }
    assert_eq!(call(&mock, "POST", "/scenarios/X-01", "").0, 204);
    assert_eq!(call(&mock, "DELETE", "/scenarios/X-23", "").0, 204);
    assert_eq!(call(&mock, "GET", "/scenarios", "").1["active"][0]["id"], "X-01");
    assert_eq!(call(&mock, "DELETE", "/scenarios", "").0, 204);
    assert_eq!(call(&mock, "GET", "/scenarios", "").1["active"], json!([]));
}

#[test]
fn a_script_is_switched_on_and_forgotten_by_reset() {
    let mock = mock();
    let script = r#"{"steps":[{"endpoint":"jwks","delay":30}]}"#;
    assert_eq!(
        call(&mock, "POST", "/scripts", script),
        (201, json!({ "id": "script-1" }))
    );
    call(&mock, "POST", "/reset", "");
    assert_eq!(call(&mock, "GET", "/scenarios", "").1["active"], json!([]));
    // Nothing waits any more.
    date(&mock);
    mock.advance(Duration::from_secs(1));
}

#[test]
fn what_cannot_be_done_is_said() {
    let mock = mock();
    for (method, path, body, status, word) in [
        ("POST", "/scenarios/X-99", "", 404, "X-99"),
        ("POST", "/scenarios/X-23", r#"{"issuer":"keycloak"}"#, 422, "okta-org"),
        ("POST", "/scenarios/X-23", r#"{"count":0}"#, 400, "count"),
        ("POST", "/scenarios/X-23", r#"{"clients":"tv"}"#, 400, "clients"),
        (
            "POST",
            "/scenarios/X-60",
            r#"{"client":"tv"}"#,
            422,
            "leave `client` out",
        ),
        ("DELETE", "/scenarios/X-23", "", 404, "switched on"),
        ("POST", "/scripts", "", 400, "steps"),
        (
            "POST",
            "/scripts",
            r#"{"steps":[{"endpoint":"tokens"}]}"#,
            400,
            "tokens",
        ),
        (
            "POST",
            "/scripts",
            r#"{"issuer":"x","steps":[{"delay":1}]}"#,
            422,
            "no issuer",
        ),
        ("PUT", "/clock", r#"{"now":253402300800}"#, 400, "now"),
        ("PUT", "/clock", r#"{"skew":3155760001}"#, 400, "skew"),
        ("PUT", "/clock", r#"{"then":1}"#, 400, "then"),
        ("GET", "/grants/NOPE", "", 404, "NOPE"),
    ] {
        let (answered, answer) = call(&mock, method, path, body);
        assert_eq!(answered, status, "{path} {body}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{path}: {answer}");
    }
}

#[test]
fn foreign_pages_do_not_control_the_mock() {
    let mock = mock();
    let own = mock.control()[7..].to_owned();
    for (headers, status) in [
        (format!("Host: {own}\r\n"), 204),
        (format!("Host: {own}\r\nOrigin: http://{own}\r\n"), 204),
        (format!("Host: {own}\r\nOrigin: http://127.0.0.1:8080\r\n"), 204),
        (format!("Host: {own}\r\nOrigin: https://evil.example\r\n"), 403),
        (format!("Host: {own}\r\nOrigin: null\r\n"), 403),
        ("Host: evil.example\r\n".to_owned(), 403),
    ] {
        assert_eq!(send(&mock, "POST", "/reset", &headers, "").0, status, "{headers}");
    }
}

#[test]
fn the_journal_is_read_in_parts_followed_and_forgotten() {
    let mock = mock();
    let mut live = TcpStream::connect(&mock.control()[7..]).unwrap();
    let host = &mock.control()[7..];
    write!(
        live,
        "GET /journal/stream HTTP/1.1\r\nHost: {host}\r\nLast-Event-ID: 0\r\n\r\n"
    )
    .unwrap();
    date(&mock);
    let mut heard = String::new();
    while !heard.contains("\n\n") {
        let mut bytes = [0; 256];
        let length = live.read(&mut bytes).unwrap();
        heard.push_str(&String::from_utf8_lossy(&bytes[..length]));
    }
    assert!(
        heard.contains("content-type: text/event-stream") && heard.contains("id: 1\n"),
        "{heard}"
    );
    assert!(heard.contains(r#""endpoint":"jwks""#), "{heard}");

    let host = mock.issuer("rfc")[7..].to_owned();
    let mut device = TcpStream::connect(&host).unwrap();
    let body = "client_id=tv&scope=openid";
    write!(
        device,
        "POST /device_authorization HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    device.read_to_string(&mut String::new()).unwrap();
    let numbers = |query: &str| {
        let (status, page) = call(&mock, "GET", &format!("/journal{query}"), "");
        assert_eq!(status, 200, "{page}");
        let entries = page["entries"].as_array().unwrap().clone();
        entries
            .iter()
            .map(|entry| entry["number"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(""), [1, 2]);
    assert_eq!(numbers("?client=tv"), [2]);
    assert_eq!(numbers("?endpoint=jwks"), [1]);
    assert_eq!(numbers("?since=2"), [2]);
    assert_eq!(numbers("?limit=1"), [2]);
    assert_eq!(numbers("?since=1&limit=1"), [1]);
    assert_eq!(call(&mock, "GET", "/journal?clients=tv", "").0, 400);
    for (query, word) in [
        ("limit=a", "the query: limit: "),
        ("limit=-1", "whole number from 0"),
        ("endpoint=tokn", "`device_authorization`"),
    ] {
        let (status, answer) = call(&mock, "GET", &format!("/journal?{query}"), "");
        assert!(
            status == 400 && answer["error"].as_str().unwrap().contains(word),
            "{answer}"
        );
    }

    let verdict = call(&mock, "GET", "/verdicts/tv", "").1;
    assert_eq!(
        (verdict["grade"].as_str(), verdict["starts"].as_u64()),
        (Some("pass"), Some(1))
    );
    assert_eq!(call(&mock, "GET", "/verdicts", "").1, json!([verdict]));
    assert_eq!(call(&mock, "GET", "/verdicts/nobody", "").0, 404);
    assert_eq!(call(&mock, "DELETE", "/journal", "").0, 204);
    assert_eq!(numbers(""), [0; 0]);
    assert_eq!(call(&mock, "GET", "/verdicts", "").1, json!([]));
}

/// The head and the text of a `GET`, as a browser or a program asks.
fn page(mock: &MockIdp, path: &str, accept: &str) -> (String, String) {
    let host = &mock.control()[7..];
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

#[test]
fn the_front_door_shows_browsers_the_console_and_programs_the_calls() {
    let mock = mock();
    let (_, calls) = page(&mock, "/", "*/*");
    assert!(calls.contains("GET /console"), "{calls}");
    let (head, shown) = page(&mock, "/", "text/html,application/xhtml+xml,*/*;q=0.8");
    assert!(head.contains("content-type: text/html; charset=utf-8"), "{head}");
    assert_eq!(shown, page(&mock, "/console", "text/html").1);
    for attribute in ["href=\"/console/", "src=\"/console/"] {
        let (_, rest) = shown.split_once(attribute).unwrap();
        let (file, _) = rest.split_once('"').unwrap();
        assert!(
            page(&mock, &format!("/console/{file}"), "*/*")
                .0
                .starts_with("HTTP/1.1 200"),
            "{file}"
        );
    }
}

#[test]
fn the_console_runs_no_script_but_its_own_and_lives_in_no_frame() {
    let (head, html) = page(&mock(), "/console", "text/html");
    let policy = head
        .lines()
        .find_map(|line| line.strip_prefix("content-security-policy: "))
        .unwrap();
    for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|each| each == rule), "{policy}");
    }
    assert!(!html.contains("://"), "it loads nothing from elsewhere");
}

#[test]
fn null_is_as_good_as_no_body() {
    let mock = mock();
    assert_eq!(call(&mock, "POST", "/scenarios/X-01", "null").0, 204);
    assert_eq!(mock.faults().active().len(), 1);
    assert_eq!(call(&mock, "POST", "/scenarios/X-01", "").0, 204);
    // RFC 8259 section 2: blanks may stand around a value, and are none themselves; a form feed is no blank.
    assert_eq!(call(&mock, "POST", "/scenarios/X-01", " null\n").0, 204);
    for body in [" \n", "\u{c}", "\u{c}null"] {
        let (status, answer) = call(&mock, "POST", "/scenarios/X-01", body);
        assert_eq!(status, 400, "{body:?}");
        assert!(
            answer["error"].as_str().unwrap().contains("the body must be"),
            "{answer}"
        );
    }
}

#[test]
fn no_two_things_are_described_under_one_name() {
    let document = call(&mock(), "GET", "/openapi.json", "").1;
    let member = |of: &str, name: &str| document["components"]["schemas"][of]["properties"][name].is_object();
    assert!(member("Change", "set"), "what a script changes about an answer");
    assert!(member("Turn", "frozen"), "what a call changes about the clock");
}

#[test]
fn what_a_call_refuses_as_unknown_its_description_rules_out() {
    let mock = mock();
    let script = r#"{"steps":[{"request":{"from":2,"to":4,"step":2}}]}"#;
    assert_eq!(call(&mock, "POST", "/scripts", script).0, 400);
    let document = call(&mock, "GET", "/openapi.json", "").1;
    let forms = document["components"]["schemas"]["Requests"]["oneOf"]
        .as_array()
        .unwrap();
    let range = forms
        .iter()
        .find(|form| form["properties"]["from"].is_object())
        .unwrap();
    assert_eq!(range["additionalProperties"], false);
}
