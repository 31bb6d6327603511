//! What the control listener says about clients.

use std::time::Duration;

use mock_idp::Request;
use serde_json::json;

use crate::support::{BEGUN, call, mock, request};

#[test]
fn nobody_is_blamed_for_a_clock_that_was_set_back() {
    let mock = mock();
    // A-25: it never measures the pace, so nothing but the journal can be wrong about it.
    let issuer = mock.issuer("authentik");
    let (base, _) = issuer.split_once("/application/").unwrap();
    let device = |path: &str, form: &str| request("POST", &format!("{base}{path}"), form).1;
    let started = device("/application/o/device/", "client_id=tv");
    let code = started["device_code"].as_str().unwrap();
    let fields = [
        ("client_id", "tv"),
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", code),
    ];
    let poll = String::from_utf8(Request::form("", &fields).body).unwrap();
    mock.advance(Duration::from_secs(5));
    device("/application/o/token/", &poll);
    mock.advance(Duration::from_secs(3));
    call(&mock, "PUT", "/clock", &format!(r#"{{"now":{}}}"#, BEGUN + 2));
    mock.advance(Duration::from_secs(2));
    device("/application/o/token/", &poll);
    let verdict = call(&mock, "GET", "/verdicts/tv", "").1;
    assert_eq!((&verdict["findings"], &verdict["polls"]), (&json!([]), &json!(2)));
    mock.advance(Duration::from_secs(2));
    device("/application/o/token/", &poll);
    let verdict = call(&mock, "GET", "/verdicts/tv", "").1;
    assert_eq!(verdict["findings"][0]["rule"], "S-31");
}
