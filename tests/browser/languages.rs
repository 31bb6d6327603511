//! The language that the page speaks, and how it looks in those that run from right to left.

use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

/// The text of that name in a language's own file.
#[track_caller]
pub(crate) fn text(language: &str, name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/texts");
    let texts = fs::read_to_string(folder.join(format!("{language}.json"))).expect(language);
    let texts: Value = serde_json::from_str(&texts).expect(language);
    texts[name].as_str().expect(name).to_owned()
}

#[track_caller]
fn check(tv: &mut Television, language: &str) {
    tv.wait_for_screen("idle");
    assert_eq!(tv.text_of("h1"), text(language, "start.title"));
    let places = "[document.documentElement.lang, document.querySelector('[data-screen]').lang, document.title].join()";
    let expected = [language, language, &text(language, "sign_in")].join(",");
    assert_eq!(tv.page.evaluate(places), expected);
}

/// Makes the set speak these, in the order in which its owner likes them.
fn speaking(tv: &mut Television, languages: &[&str]) {
    tv.page.on_new_document(&format!(
        "Object.defineProperty(navigator, 'languages', {{ configurable: true, value: {} }})",
        json!(languages)
    ));
}

#[test]
fn the_page_speaks_the_language_of_the_set() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    for (languages, expected) in [
        (&["pt-BR"][..], "pt"),
        (&["zh-CN"], "zh-Hans"),
        (&["zh-Hans-SG"], "zh-Hans"),
        // Its former tag.
        (&["iw-IL"], "he"),
        (&["tlh", "fr-CA", "en"], "fr"),
        // Written otherwise than the Chinese that is there.
        (&["zh-TW"], "en"),
        (&["x-klingon"], "en"),
        (&[], "en"),
    ] {
        speaking(&mut tv, languages);
        tv.page.goto(&room.page());
        check(&mut tv, expected);
    }
}

#[test]
fn a_setting_goes_before_the_set_and_the_address_before_both() {
    let room =
        LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv", "language": "ja" }));
    let mut tv = Television::showing(&room.page());
    speaking(&mut tv, &["de"]);
    tv.page.goto(&room.page());
    check(&mut tv, "ja");
    tv.page.goto(&format!("{}?lang=ko-KR", room.page()));
    check(&mut tv, "ko");
}

#[test]
fn arrows_follow_the_row_where_it_runs_from_right_to_left() {
    let room = LivingRoom::with(|_, origin| json!({ "issuer": origin, "client_id": "tv" }));
    let mut tv = Television::showing(&format!("{}?lang=he", room.page()));
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    let place = "(function (lit) { return lit.getBoundingClientRect().left })(document.querySelector('.control.lit'))";
    let first = tv.page.evaluate(place).as_f64().expect("a number");
    tv.press(&keys::RIGHT);
    assert_eq!(tv.page.evaluate(place), first, "there is nothing on its right");
    tv.press(&keys::LEFT);
    tv.page.wait_for("the one on its left", &format!("{place} < {first}"));
}

#[test]
fn a_failure_is_told_in_the_language_and_its_reference_is_not() {
    let room = LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "nobody" }));
    let mut tv = Television::showing(&format!("{}?lang=de", room.page()));
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("main b"), text("de", "failure.invalid_client"));
    // O-54.
    assert!(
        tv.text_of(".reference")
            .contains("Invalid value for 'client_id' parameter.")
    );
}

#[test]
fn the_loader_fails_in_the_language_too() {
    let content = b"a syntax of tomorrow".to_vec();
    let room = LivingRoom::with_file("/app.js", StatusCode::OK, "text/javascript", content);
    let mut tv = Television::showing(&format!("{}?lang=ar", room.page()));
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("h1"), text("ar", "loader.engine_too_old"));
    assert_eq!(tv.page.evaluate("document.querySelector('[data-screen]').dir"), "rtl");
    tv.picture("engine-too-old-ar");
}

#[test]
fn the_loader_fails_in_english_where_there_are_no_words() {
    let status = StatusCode::NOT_FOUND;
    let room = LivingRoom::with_file("/texts.ja.js", status, "text/html", Vec::new());
    let mut tv = Television::showing(&format!("{}?lang=ja", room.page()));
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "load_failed");
    assert_eq!(tv.text_of("h1"), text("en", "loader.load_failed"));
}
