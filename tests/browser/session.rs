//! What comes after the sign-in: greeted again, refreshed, in two tabs, ended by the server or by the person.

use std::fs;
use std::path::Path;

use mock_idp::MockIdp;
use serde_json::{Value, json};

use crate::keys;
use crate::living_room::LivingRoom;
use crate::phone::Phone;
use crate::television::Television;

/// A page whose sign-in brings a refresh token at this issuer.
fn room(issuer: &'static str, keep_signed_in: bool) -> LivingRoom {
    LivingRoom::with(|mock, _| {
        json!({
            "issuer": mock.issuer(issuer),
            "client_id": "tv",
            "scope": "openid profile offline_access",
            "keep_signed_in": keep_signed_in,
        })
    })
}

/// What was sent to an endpoint, and what was answered, in order.
pub(crate) fn exchanges(mock: &MockIdp, path: &str) -> Vec<(String, Value)> {
    let journal = mock.journal();
    let sent = journal
        .entries()
        .filter(|entry| entry.method == "POST" && entry.target.ends_with(path));
    sent.map(|entry| {
        let form = String::from_utf8(entry.body.kept.clone()).expect("a form");
        (
            form,
            serde_json::from_slice(&entry.answer_body.kept).unwrap_or_default(),
        )
    })
    .collect()
}

/// The token responses of the issuer, in order.
fn token_responses(mock: &MockIdp) -> Vec<Value> {
    let answers = exchanges(mock, "/token").into_iter().map(|(_, answer)| answer);
    answers.filter(|answer| answer["access_token"].is_string()).collect()
}

fn refreshes(mock: &MockIdp) -> usize {
    let sent = exchanges(mock, "/token").into_iter();
    sent.filter(|(form, _)| form.starts_with("grant_type=refresh_token"))
        .count()
}

/// The tokens that were sent to the revocation endpoint.
fn revoked(mock: &MockIdp) -> Vec<String> {
    let sent = exchanges(mock, "/revoke").into_iter();
    sent.map(|(form, _)| {
        let token = form.split('&').find_map(|field| field.strip_prefix("token="));
        token.expect("a token").to_owned()
    })
    .collect()
}

fn text<'a>(response: &'a Value, member: &str) -> &'a str {
    response[member].as_str().expect(member)
}

pub(crate) fn sign_in(room: &LivingRoom) -> Television {
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
    tv
}

/// How many things the page's database holds. It is there since the page looked into it at its start.
fn kept(tv: &mut Television, count: usize) {
    tv.page.evaluate(
        "window.look = function () {
            var opened = indexedDB.open('device-login /');
            opened.onsuccess = function () {
                var database = opened.result;
                var counted = database.transaction('session').objectStore('session').count();
                counted.onsuccess = function () { window.kept = counted.result; database.close() };
            };
        }",
    );
    tv.page
        .wait_for("the store to be written", &format!("look(), window.kept === {count}"));
}

/// Signs out as a person does: the first press asks, the second is the wrong one.
pub(crate) fn sign_out(tv: &mut Television) {
    tv.wait_for_screen("signed-in");
    tv.press(&keys::OK);
    tv.wait_for_screen("sign-out");
    tv.press(&keys::RIGHT);
    tv.press(&keys::OK);
}

#[track_caller]
pub(crate) fn wait_for_end(tv: &mut Television, end: &str) {
    tv.wait_for_screen("idle");
    tv.page.wait_for(
        &format!("the end {end}"),
        &format!("document.querySelector('[data-session-end=\"{end}\"]')"),
    );
}

#[test]
fn who_is_kept_is_greeted_again_and_their_sign_out_leaves_nothing_here_or_there() {
    let room = room("okta-org", true);
    let mut tv = sign_in(&room);
    kept(&mut tv, 1);
    let response = token_responses(&room.mock).remove(0);
    for member in ["access_token", "refresh_token", "id_token"] {
        let found = holding(tv.page.engine().profile(), text(&response, member));
        assert_eq!(found, [""; 0], "{member} stands on the disk");
    }

    tv.page.goto(&room.page());
    tv.wait_for_screen("signed-in");
    assert_eq!(tv.text_of("[data-name]"), "Jane Doe");
    tv.picture("greeted-again");
    tv.press(&keys::OK);
    tv.wait_for_screen("sign-out");
    tv.picture("sign-out");
    tv.press(&keys::OK);
    sign_out(&mut tv);
    wait_for_end(&mut tv, "signed_out");
    tv.picture("signed-out");
    assert_eq!(
        revoked(&room.mock),
        [text(&response, "refresh_token"), text(&response, "access_token")]
    );
    kept(&mut tv, 0);
    assert_eq!(tv.page.evaluate("localStorage.length"), 0);
    tv.page.goto(&room.page());
    tv.wait_for_screen("idle");
    kept(&mut tv, 0);
    tv.wait_for_screen("idle");
    tv.assert_no_errors();
}

/// The files below `folder` that hold `text`.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map_while(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.append(&mut holding(&path, text));
        } else if let Ok(bytes) = fs::read(&path) {
            // Files of the browser's come and go.
            if bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn without_the_setting_a_session_lives_as_long_as_the_page() {
    let room = room("rfc", false);
    let mut tv = sign_in(&room);
    tv.sleep_for_an_hour();
    tv.wake();
    sign_out(&mut tv);
    wait_for_end(&mut tv, "signed_out");
    // What was taken back is what the refresh had brought.
    let last = token_responses(&room.mock).pop().expect("tokens");
    assert_eq!(refreshes(&room.mock), 1);
    assert_eq!(revoked(&room.mock)[0], text(&last, "refresh_token"));
    drop(tv);
    let mut tv = sign_in(&room);
    tv.page.goto(&room.page());
    tv.wait_for_screen("idle");
    assert_eq!(tv.page.evaluate("localStorage.length + sessionStorage.length"), 0);
}

#[test]
fn access_that_the_server_has_taken_back_ends_with_a_sentence_and_leaves_nothing() {
    let room = room("okta-org", true);
    let mut tv = sign_in(&room);
    kept(&mut tv, 1);
    let response = token_responses(&room.mock).remove(0);
    let url = format!("{}/oauth2/v1/revoke", room.mock.issuer("okta-org"));
    let form = [("token", text(&response, "refresh_token")), ("client_id", "tv")];
    ureq::post(&url).send_form(form).expect("it is taken back");
    tv.sleep_for_an_hour();
    tv.wake();
    wait_for_end(&mut tv, "invalid_grant");
    // The server's own words stand below, for whoever helps (O-70).
    let text = tv.page.text();
    assert!(text.contains("Your access here has ended."), "{text}");
    assert!(text.contains("The refresh token is invalid or expired"), "{text}");
    tv.picture("access-has-ended");
    kept(&mut tv, 0);
    tv.page.goto(&room.page());
    tv.wait_for_screen("idle");
    assert_eq!(refreshes(&room.mock), 1, "nothing restarts by itself (X-53)");
}

#[test]
fn a_time_limit_of_the_server_is_met_at_the_next_start() {
    let room = room("rfc", true);
    let mut tv = sign_in(&room);
    kept(&mut tv, 1);
    // Longer than any of its refresh tokens lives.
    room.mock.advance(std::time::Duration::from_secs(40 * 24 * 3600));
    tv.sleep_for_an_hour();
    tv.wake();
    wait_for_end(&mut tv, "invalid_grant");
    kept(&mut tv, 0);
}

#[test]
fn a_sign_out_without_a_network_forgets_here_first_and_tells_the_server_later() {
    let room = room("okta-org", true);
    let mut tv = sign_in(&room);
    kept(&mut tv, 1);
    tv.page.set_offline(true);
    sign_out(&mut tv);
    tv.wait_for_screen("signing-out");
    kept(&mut tv, 0);
    tv.picture("signing-out");
    assert_eq!(revoked(&room.mock), [""; 0]);
    tv.page.set_offline(false);
    wait_for_end(&mut tv, "signed_out");
    assert_eq!(revoked(&room.mock).len(), 2);
}

#[test]
fn the_session_on_the_phone_can_be_ended_too() {
    let room = room("okta-org", false);
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let mut phone = Phone::opens(&tv.scan());
    phone.approve();
    sign_out(&mut tv);
    wait_for_end(&mut tv, "signed_out");
    tv.press(&keys::RIGHT);
    tv.press(&keys::OK);
    tv.wait_for_screen("end-session");
    tv.picture("end-session");
    let address = tv.scan();
    assert!(address.contains("/oauth2/v1/logout?id_token_hint="), "{address}");
    // Nobody reads it but a camera.
    let hint = address.split(['=', '&']).nth(1).expect("a hint");
    let shown = tv.page.evaluate("document.documentElement.outerHTML").to_string();
    assert!(!shown.contains(hint));
    phone.page.goto(&address);
    assert!(phone.page.text().contains("Sign"), "{}", phone.page.text());
    tv.press(&keys::BACK_WEBOS);
    tv.wait_for_screen("idle");
}

#[test]
fn two_tabs_share_a_refresh_and_a_sign_out() {
    let room = room("rfc", true);
    let mut first = sign_in(&room);
    kept(&mut first, 1);
    let mut second = first.second_tab(&room.page());
    second.wait_for_screen("signed-in");
    assert_eq!(second.text_of("[data-name]"), "Jane Doe");

    second
        .page
        .evaluate("window.changes = 0, window.addEventListener('storage', function () { window.changes++ })");
    second.sleep_for_an_hour();
    first.sleep_for_an_hour();
    first.wake();
    second.page.wait_for("word of a change", "window.changes > 0");
    second.wake();
    sign_out(&mut second);
    wait_for_end(&mut second, "signed_out");
    wait_for_end(&mut first, "signed_out_elsewhere");
    // One refresh for both, and the second took back what the first had got.
    assert_eq!(refreshes(&room.mock), 1);
    let responses = token_responses(&room.mock);
    assert_eq!(responses.len(), 2);
    assert_eq!(
        revoked(&room.mock),
        [
            text(&responses[1], "refresh_token"),
            text(&responses[1], "access_token")
        ]
    );
}
