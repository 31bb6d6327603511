//! What the loader chooses, and its own screens, which appear where the page cannot.

use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use serde_json::json;

use crate::keys;
use crate::living_room::LivingRoom;
use crate::page::Page;
use crate::phone::Phone;
use crate::television::Television;

/// From the first key to the greeting.
#[track_caller]
pub(crate) fn signs_in(tv: &mut Television) {
    tv.ask_for_a_code();
    Phone::opens(&tv.scan()).approve();
    tv.wait_for_screen("signed-in");
    assert_eq!(tv.text_of("[data-name]"), "Jane Doe");
}

fn built(file: &str) -> Vec<u8> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/dist");
    fs::read(dist.join(file)).expect("the page is built")
}

#[test]
fn webassembly_is_chosen_where_there_is_any() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    assert!(!tv.is_translated());
}

#[test]
fn the_translation_signs_in_too() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&format!("{}?translated", room.page()));
    signs_in(&mut tv);
    assert!(tv.is_translated());
    tv.assert_no_errors();
}

#[test]
fn no_text_becomes_a_script_or_markup() {
    // Trusted Types, which the browser of today has whatever the television is.
    let room = LivingRoom::new();
    let mut tv = Television { page: Page::open() };
    tv.page.goto(&room.page());
    signs_in(&mut tv);
    tv.assert_no_errors();
    for slip in [
        "document.body.innerHTML = '<b>'",
        "document.createElement('script').src = 'other.js'",
        "trustedTypes.createPolicy('another', {})",
        // Once only: whoever comes after the loader gets none.
        "trustedTypes.createPolicy('device-login', {})",
    ] {
        let refused = format!("(function () {{ try {{ {slip} }} catch (error) {{ return error.name }} }})()");
        let refused = tv.page.evaluate(&refused);
        assert_eq!(refused, "TypeError", "{slip}");
    }
}

#[test]
fn only_a_page_on_this_machine_can_be_asked_for_the_translation() {
    let room = LivingRoom::at(
        "tv.test",
        |_, origin| json!({ "issuer": origin, "client_id": "tv", "allow_insecure_http": true }),
    );
    let mut tv = Television::showing(&format!("{}?translated", room.page()));
    tv.wait_for_screen("idle");
    assert!(!tv.is_translated());
}

#[test]
fn webassembly_runs_with_any_media_type() {
    let room = LivingRoom::with_file("/app.wasm", StatusCode::OK, "text/plain", built("app.wasm"));
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    assert!(!tv.is_translated());
    tv.assert_no_errors();
}

#[test]
fn the_translation_runs_where_webassembly_is_not_let_through() {
    let page = String::from_utf8(built("index.html")).expect("text");
    let page = page.replace(" 'wasm-unsafe-eval' 'unsafe-eval'", "");
    assert!(page.contains("script-src 'self';"), "{page}");
    let served = [
        // A server that gives out no type of file that it does not know.
        ("/app.wasm", StatusCode::NOT_FOUND, Vec::new()),
        // One that answers everything with a page of its own.
        ("/app.wasm", StatusCode::OK, b"<!doctype html>".to_vec()),
        // A Content-Security-Policy that lets nobody compile.
        ("/", StatusCode::OK, page.into_bytes()),
    ];
    for (path, status, content) in served {
        let room = LivingRoom::with_file(path, status, "text/html", content);
        let mut tv = Television::showing(&room.page());
        tv.wait_for_screen("idle");
        assert!(tv.is_translated(), "{path} {status}");
    }
}

#[test]
fn an_engine_that_cannot_read_the_page_is_told_whom_to_ask() {
    let content = b"a syntax of tomorrow".to_vec();
    let room = LivingRoom::with_file("/app.js", StatusCode::OK, "text/javascript", content);
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "engine_too_old");
    assert_eq!(tv.text_of("[data-help]"), "Help: id.example/help");
    tv.picture("engine-too-old");
}

#[test]
fn what_cannot_be_loaded_is_told() {
    let room = LivingRoom::with_file("/app.js", StatusCode::NOT_FOUND, "text/html", Vec::new());
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "load_failed");
    assert!(tv.page.text().contains("id.example/help"), "{}", tv.page.text());
}

#[test]
fn ok_starts_a_page_again_that_has_stopped() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    // What a trap in WebAssembly comes to.
    tv.page.evaluate(
        "void dispatchEvent(new ErrorEvent('error', { error: new WebAssembly.RuntimeError('unreachable') }))",
    );
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "stopped");
    // A pointer has clicked beside the button.
    tv.page.evaluate("document.activeElement.blur()");
    tv.press(&keys::OK);
    tv.wait_for_screen("idle");
}
