//! The page as a person with a remote control meets it.

use client_wasm::{Mounted, Page, Setup, mount};
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit, Request};

use crate::fake::{Network, json, no_answer, oversleep, rejected, until};

const CONFIG: &str = r##"{"issuer":"https://server.example.com","client_id":"1406020730","brand":{"name":"Example TV","accent":"#e4002b"}}"##;

/// A page in the document, until dropped.
struct Screen {
    root: HtmlElement,
    _mounted: Mounted,
}

impl Screen {
    fn showing(config: Option<&str>) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        root.set_text_content(Some("what stood there before"));
        document.body().unwrap().append_child(&root).unwrap();
        let mounted = mount(&root, Setup::read(config, &Page::default()));
        Self {
            root,
            _mounted: mounted,
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    #[track_caller]
    fn text(&self, selector: &str) -> String {
        let element = self.find(selector).expect(selector);
        element.text_content().unwrap()
    }

    fn name(&self) -> Option<String> {
        self.find("[data-screen]")?.get_attribute("data-screen")
    }

    async fn wait_for(&self, name: &'static str) {
        until(name, || self.name().as_deref() == Some(name)).await;
    }

    /// Whether the lit control has the focus of the document.
    fn has_focus(&self) -> bool {
        let lit = self.find(".control.lit");
        lit.is_some() && web_sys::window().unwrap().document().unwrap().active_element() == lit
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Presses a key; says whether the page took it for itself.
fn press(key: &str, repeat: bool) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_repeat(repeat);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    let body = web_sys::window().unwrap().document().unwrap().body().unwrap();
    !body.dispatch_event(&event).unwrap()
}

/// An issuer that nobody ever approves at; its answers are those of RFC 8628 section 3.2.
fn server(request: &Request) -> Promise {
    let url = request.url();
    if url.ends_with("/.well-known/openid-configuration") {
        json(
            200,
            r#"{"issuer":"https://server.example.com",
                "device_authorization_endpoint":"https://server.example.com/device_authorization",
                "token_endpoint":"https://server.example.com/token",
                "jwks_uri":"https://server.example.com/jwks"}"#,
        )
    } else if url.ends_with("/device_authorization") {
        json(
            200,
            r#"{"device_code":"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
                "user_code":"WDJB-MJHT",
                "verification_uri":"https://example.com/device",
                "verification_uri_complete":"https://example.com/device?user_code=WDJB-MJHT",
                "expires_in":1800,
                "interval":5}"#,
        )
    } else {
        no_answer()
    }
}

#[wasm_bindgen_test]
async fn keys_lead_to_the_code_and_back() {
    let network = Network::answering(server);
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    assert_eq!(screen.text(".brand span"), "Example TV");
    until("the focus", || screen.has_focus()).await;
    assert_eq!(network.count(), 0, "nothing is asked before a person wants it (S-07)");

    assert!(press("Enter", false));
    screen.wait_for("code").await;
    assert_eq!(screen.text("[data-user-code]"), "WDJB-MJHT");
    assert_eq!(
        screen
            .find("[data-user-code]")
            .unwrap()
            .get_attribute("aria-label")
            .as_deref(),
        Some("W D J B dash M J H T")
    );
    assert_eq!(screen.text("[data-verification-uri]"), "example.com/device");
    assert!(screen.text(".foot").contains("only at example.com."));
    assert_eq!(screen.text(".left"), "Valid for 30:00");
    assert!(screen.find("svg.plate path").is_some());
    until("the focus", || screen.has_focus()).await;

    assert!(press("Escape", false));
    screen.wait_for("idle").await;
    until("the focus", || screen.has_focus()).await;
    assert!(
        screen.find("[data-user-code]").is_none(),
        "no dead code stays on screen"
    );
}

#[wasm_bindgen_test]
async fn a_set_that_wakes_asks_at_once() {
    let network = Network::answering(server);
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    press("Enter", false);
    screen.wait_for("code").await;
    assert_eq!(network.count(), 2, "the interval of 5 s has not passed");
    let wake = oversleep(60_000);
    web_sys::window()
        .unwrap()
        .dispatch_event(&web_sys::Event::new("pageshow").unwrap())
        .unwrap();
    until("a poll", || network.count() == 3).await;
    wake.call0(&wasm_bindgen::JsValue::NULL).unwrap();
    assert_eq!(network.request(2).url(), "https://server.example.com/token");
}

#[wasm_bindgen_test]
async fn back_at_the_first_screen_is_left_to_the_host() {
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    assert!(!press("Escape", false));
    assert!(!press("GoBack", false));
}

#[wasm_bindgen_test]
async fn a_held_key_starts_nothing() {
    let network = Network::answering(server);
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    assert!(press("Enter", true));
    assert_eq!(screen.name().as_deref(), Some("idle"));
    assert_eq!(network.count(), 0);
}

#[wasm_bindgen_test]
async fn a_failure_says_its_code_and_lights_a_way_on() {
    let _network = Network::answering(|request| {
        if request.url().contains("/.well-known/") {
            json(404, "")
        } else {
            rejected()
        }
    });
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    press("Enter", false);
    screen.wait_for("failed").await;
    assert_eq!(screen.text("[data-failure-code]"), "answer_unreadable");
    assert!(screen.text(".reference").ends_with("server.example.com"));
    assert_eq!(screen.text(".control.lit"), "Try again");
    until("the focus", || screen.has_focus()).await;
    press("ArrowRight", false);
    until("another lit control", || screen.text(".control.lit") == "Back").await;
    until("the focus", || screen.has_focus()).await;
    press("Enter", false);
    screen.wait_for("idle").await;
}

#[wasm_bindgen_test]
async fn a_broken_configuration_is_a_screen_of_its_own() {
    let screen = Screen::showing(Some(r#"{"isuer":"https://server.example.com"}"#));
    screen.wait_for("failed").await;
    assert_eq!(screen.text("[data-failure-code]"), "config_unreadable");
    assert!(screen.text("main").contains("unknown field `isuer`"));
    drop(screen);
    let screen = Screen::showing(None);
    screen.wait_for("failed").await;
    assert!(screen.text("main").contains("config.json could not be loaded"));
}

#[wasm_bindgen_test]
async fn a_page_that_was_taken_away_hears_no_keys() {
    let network = Network::answering(server);
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    drop(screen);
    assert!(!press("Enter", false));
    assert_eq!(network.count(), 0);
}
