//! The page with its style sheet, in front of servers that write too much.

use serde_json::json as value;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use crate::fake::{Network, turn};
use crate::screen::{CONFIG, Screen, press, server_with};

const STYLE: &str = include_str!("../../../www/style.css");

/// The screen after a person has asked for a code, and what keeps the server up.
async fn after_start(screen: &'static str, status: u16, authorization: serde_json::Value) -> (Screen, Network) {
    let authorization = authorization.to_string();
    let network = Network::answering(move |request| server_with(request, status, &authorization));
    let shown = Screen::showing(Some(CONFIG));
    shown.wait_for("idle").await;
    shown.root.set_id("app");
    let style = web_sys::window()
        .unwrap()
        .document()
        .unwrap()
        .create_element("style")
        .unwrap();
    style.set_text_content(Some(STYLE));
    shown.root.prepend_with_node_1(&style).unwrap();
    press("Enter", false);
    shown.wait_for(screen).await;
    // Sizes are found after the screen is there.
    turn().await;
    (shown, network)
}

fn authorization(user_code: &str, address: &str, complete: Option<&str>) -> serde_json::Value {
    value!({
        "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS", "user_code": user_code,
        "verification_uri": address, "verification_uri_complete": complete, "expires_in": 1800, "interval": 5,
    })
}

/// Whether nothing of the screen leaves it, save for what a style hides on purpose.
#[track_caller]
fn check_inside(screen: &Screen) {
    let stage = screen.find(".stage").unwrap();
    let frame = stage.get_bounding_client_rect();
    let (margin_x, margin_y) = (frame.width() * 0.05, frame.height() * 0.05);
    let all = screen.root.query_selector_all(".stage *").unwrap();
    for index in 0..all.length() {
        let element: Element = all.get(index).unwrap().unchecked_into();
        let place = element.get_bounding_client_rect();
        if place.width() == 0.0 || place.height() == 0.0 {
            continue;
        }
        let is_inside = place.left() >= frame.left() + margin_x - 1.0
            && place.right() <= frame.right() - margin_x + 1.0
            && place.top() >= frame.top() + margin_y - 1.0
            && place.bottom() <= frame.bottom() - margin_y + 1.0;
        assert!(
            is_inside,
            "{} at {} {} {} {} in {} {}",
            element.outer_html().chars().take(80).collect::<String>(),
            place.left(),
            place.top(),
            place.right(),
            place.bottom(),
            frame.width(),
            frame.height()
        );
    }
}

/// The size of an element's letters, in 1080 lines.
fn letters(screen: &Screen, selector: &str) -> f64 {
    let window = web_sys::window().unwrap();
    let element = screen.find(selector).expect(selector);
    let pixels = |element: &Element| {
        let style = window.get_computed_style(element).unwrap().unwrap();
        let size = style.get_property_value("font-size").unwrap();
        size.trim_end_matches("px").parse::<f64>().unwrap()
    };
    // One rem is 16 of 1080 lines.
    let root = window.document().unwrap().document_element().unwrap();
    pixels(&element) / pixels(&root) * 16.0
}

#[wasm_bindgen_test]
async fn codes_of_every_length_stay_whole() {
    // X-19, and the widest code that Google asks room for (tv-platforms: 15 letters).
    for code in [
        "7",
        "A1B2C3",
        "DRTDNTJC",
        "123456789",
        "abcdefghijkl",
        "WWWWWWWWWWWWWWW",
        &"W".repeat(64),
    ] {
        let answer = authorization(code, "https://example.com/device", None);
        let (screen, _network) = after_start("code", 200, answer).await;
        assert_eq!(screen.text("[data-user-code]"), code);
        let text: HtmlElement = screen.find("[data-user-code]").unwrap().unchecked_into();
        let room = text.parent_element().unwrap().client_width();
        assert!(text.offset_width() <= room, "{code}: {} in {room}", text.offset_width());
        assert!(letters(&screen, "[data-user-code]") >= 44.0, "{code}");
    }
}

#[wasm_bindgen_test]
async fn long_addresses_stay_readable() {
    // 300 characters.
    for length in [40, 80, 300] {
        let address = format!("https://id.example/{}", "a".repeat(length - 19));
        let answer = authorization("WDJB-MJHT", &address, None);
        let (screen, _network) = after_start("code", 200, answer).await;
        assert!(letters(&screen, "[data-verification-uri]") >= 28.0, "{length}");
        check_inside(&screen);
        assert!(screen.find("svg.plate").is_some());
    }
}

#[wasm_bindgen_test]
async fn without_any_symbol_there_is_no_plate() {
    let address = format!("https://id.example/{}", "a".repeat(3_000));
    let (screen, _network) = after_start("code", 200, authorization("WDJB-MJHT", &address, None)).await;
    assert!(screen.find(".plate-room").is_none());
    assert!(!screen.text("main").contains("Scan"), "{}", screen.text("main"));
    check_inside(&screen);
}

#[wasm_bindgen_test]
async fn a_symbol_without_the_code_asks_for_it() {
    let answer = authorization("WDJB-MJHT", "https://example.com/device", None);
    let (screen, _network) = after_start("code", 200, answer).await;
    assert!(screen.text("main").contains("or go to example.com/device"));
    assert!(screen.text("main").contains("Enter this code"));
}

#[wasm_bindgen_test]
async fn long_words_of_a_server_stay_inside() {
    for words in ["many words ".repeat(60), "y".repeat(600)] {
        let answer = value!({ "error": "x".repeat(600), "error_description": words });
        let (screen, _network) = after_start("failed", 400, answer).await;
        check_inside(&screen);
    }
}

#[wasm_bindgen_test]
async fn markup_of_a_server_is_text() {
    let answer = value!({ "error": "<b>x</b>", "error_description": "<img src=x onerror=alert(1)>" });
    let (screen, _network) = after_start("failed", 400, answer).await;
    assert_eq!(screen.text("[data-failure-code]"), "<b>x</b>");
    assert!(screen.text(".reference").contains("<img src=x onerror=alert(1)>"));
    assert!(screen.find("img").is_none());
}
