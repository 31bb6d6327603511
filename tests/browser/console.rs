//! The mock's console, as a person uses it on a phone.

use std::time::Duration;

use mock_idp::{Client, MockIdp};
use serde_json::Value;

use crate::page::Page;

/// What a device sends to an endpoint of the issuer `rfc`, and hears.
fn device(mock: &MockIdp, path: &str, form: &[(&str, &str)]) -> Value {
    let url = format!("{}{path}", mock.issuer("rfc"));
    // What the mock refuses is an answer, too.
    let request = ureq::post(url).config().http_status_as_error(false).build();
    let mut answer = request.send_form(form.iter().copied()).expect("an answer");
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

/// A code that is polled too soon: what the issuer `rfc` said to client `client_id`.
fn polled_too_soon(mock: &MockIdp, client_id: &str) -> Value {
    let started = device(mock, "/device_authorization", &[("client_id", client_id)]);
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", started["device_code"].as_str().unwrap_or_default()),
        ("client_id", client_id),
    ];
    mock.advance(Duration::from_secs(5));
    device(mock, "/token", &form);
    device(mock, "/token", &form);
    started
}

#[test]
fn the_console_shows_requests_as_they_come_and_what_they_say_about_their_client() {
    const HOSTILE: &str = "<img src=x onerror=alert(1)>";
    let clients = vec![Client::new(HOSTILE, HOSTILE)];
    let builder = MockIdp::builder().virtual_clock().clients(clients);
    let mock = builder.start().expect("free ports");
    let mut page = Page::open();
    page.set_viewport(360, 740, 2.0);
    page.goto(&format!("{}/console", mock.control()));
    page.wait_for("the stream", "document.getElementById('stream').innerText === 'live'");
    let started = polled_too_soon(&mock, HOSTILE);
    page.wait_for(
        "three requests",
        "document.querySelectorAll('#entries > li').length === 3",
    );
    page.wait_for("the verdict", "document.querySelector('#verdicts .fail') !== null");
    let verdict = page
        .evaluate("document.getElementById('verdicts').innerText")
        .to_string();
    assert!(verdict.contains(HOSTILE) && verdict.contains("S-31"), "{verdict}");

    page.click("#verdicts a");
    page.wait_for(
        "the request it means",
        "document.querySelector('#entry-3 pre') !== null",
    );
    let request = page
        .evaluate("document.getElementById('entry-3').innerText")
        .to_string();
    assert!(
        request.contains("POST /token") && request.contains("slow_down"),
        "{request}"
    );
    let secret = started["device_code"].as_str().expect("a code");
    assert!(!page.text().contains(secret));
    assert_eq!(page.evaluate("document.images.length"), 0);
    assert_eq!(page.evaluate("document.documentElement.scrollWidth"), 360);

    page.click("#pause");
    device(&mock, "/device_authorization", &[("client_id", HOSTILE)]);
    let counted = "document.getElementById('verdicts').innerText.includes('2 starts')";
    page.wait_for("the verdict to count it", counted);
    assert_eq!(page.evaluate("document.querySelectorAll('#entries > li').length"), 3);
    page.click("#pause");
    page.wait_for(
        "four requests",
        "document.querySelectorAll('#entries > li').length === 4",
    );

    page.click("#journal-search");
    page.type_text("device_auth");
    page.wait_for(
        "the starts",
        "document.querySelectorAll('#entries > li:not([hidden])').length === 2",
    );
    page.click("#forget");
    page.wait_for("nothing", "!document.getElementById('no-entries').hidden");
    page.wait_for("no verdict", "!document.getElementById('no-verdicts').hidden");
    assert_eq!(mock.journal().entries().count(), 0);
    page.assert_no_errors();
}

#[test]
fn the_console_follows_a_mock_that_is_started_anew() {
    let mock = MockIdp::builder().virtual_clock().start().expect("free ports");
    let address = mock.control()["http://".len()..].parse().expect("an address");
    let mut page = Page::open();
    page.goto(&format!("{}/console", mock.control()));
    page.wait_for("the stream", "document.getElementById('stream').innerText === 'live'");
    polled_too_soon(&mock, "tv");
    page.wait_for(
        "three requests",
        "document.querySelectorAll('#entries > li').length === 3",
    );
    drop(mock);
    let builder = MockIdp::builder().virtual_clock().control_address(address);
    let mock = builder.start().expect("the port is free again");
    device(&mock, "/device_authorization", &[("client_id", "tv")]);
    page.wait_for("its request", "document.querySelectorAll('#entries > li').length === 1");
}
