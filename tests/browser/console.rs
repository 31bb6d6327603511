//! The mock's console, as a person uses it on a phone.

use mock_idp::{Client, MockIdp};
use serde_json::Value;

use crate::page::Page;

/// What a device sends to an endpoint of the issuer `rfc`, and hears.
fn device(mock: &MockIdp, path: &str, form: &[(&str, &str)]) -> Value {
    let url = format!("{}{path}", mock.issuer("rfc"));
    let mut answer = ureq::post(url).send_form(form.iter().copied()).expect("an answer");
    let text = answer.body_mut().read_to_string().expect("text");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn a_grant_approved_on_the_console_gives_the_device_its_tokens() {
    const HOSTILE: &str = "<img src=x onerror=alert(1)>";
    let clients = vec![Client::new(HOSTILE, HOSTILE)];
    let mock = MockIdp::builder()
        .virtual_clock()
        .clients(clients)
        .start()
        .expect("free ports");
    let started = device(&mock, "/device_authorization", &[("client_id", HOSTILE)]);
    let text = |name: &str| started[name].as_str().unwrap_or_default();

    let mut page = Page::open();
    page.set_viewport(360, 740, 2.0);
    page.goto(&format!("{}/console", mock.control()));
    page.click(&format!("[aria-label='Approve {}']", text("user_code")));
    page.wait_for(
        "the grant to leave the pending ones",
        "document.getElementById('earlier-count').innerText === '1'",
    );

    let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    let form = [
        ("grant_type", grant_type),
        ("device_code", text("device_code")),
        ("client_id", HOSTILE),
    ];
    let tokens = device(&mock, "/token", &form);
    assert!(tokens["access_token"].is_string(), "{tokens}");
    // What others name themselves stays text, and nothing is wider than the phone.
    assert_eq!(page.evaluate("document.images.length"), 0);
    assert_eq!(page.evaluate("document.documentElement.scrollWidth"), 360);
    page.assert_no_errors();
}

#[test]
fn the_console_moves_the_clock_and_switches_misfortunes() {
    let mock = MockIdp::builder().virtual_clock().start().expect("free ports");
    let before = mock.now();
    let mut page = Page::open();
    page.goto(&format!("{}/console", mock.control()));
    page.click("[data-seconds='600']");
    page.wait_for(
        "the clock",
        "document.getElementById('now').innerText === '2026-01-01 00:10:00'",
    );
    assert_eq!(mock.now().since(before).as_secs(), 600);

    page.click("#search");
    page.type_text("X-01");
    page.click("[aria-label='Switch X-01 on']");
    page.click("[aria-label='Switch X-01 off']");
    page.wait_for("nothing to be on", "!document.getElementById('no-faults').hidden");
    assert_eq!(mock.faults().active(), []);
    page.assert_no_errors();
}
