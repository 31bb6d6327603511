//! The page as a person with a remote control meets it.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::{Network, hide, hurry, json, oversleep, rejected, turn, until, watch};
use crate::screen::{CONFIG, Screen, press, server};

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
        Some("Code: W D J B dash M J H T")
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
    let window = web_sys::window().unwrap();
    let document = window.document().unwrap();
    // Out of the page cache, back in a network, and started again on an LG set that had it in the background.
    let wakes: [(&web_sys::EventTarget, _); 3] =
        [(&window, "pageshow"), (&window, "online"), (&document, "webOSRelaunch")];
    for (target, event) in wakes {
        let network = Network::answering(server);
        let screen = Screen::showing(Some(CONFIG));
        screen.wait_for("idle").await;
        press("Enter", false);
        screen.wait_for("code").await;
        assert_eq!(network.count(), 2, "the interval of 5 s has not passed");
        let wake = oversleep(60_000);
        target.dispatch_event(&web_sys::Event::new(event).unwrap()).unwrap();
        until(event, || network.count() == 3).await;
        wake.call0(&wasm_bindgen::JsValue::NULL).unwrap();
        assert_eq!(network.request(2).url(), "https://server.example.com/token");
    }
}

#[wasm_bindgen_test]
async fn a_page_that_nobody_sees_waits_for_nothing_and_asks_once_when_it_is_seen_again() {
    let network = Network::answering(server);
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    let leftovers = watch();
    press("Enter", false);
    screen.wait_for("code").await;
    assert!(leftovers.timers() > 0);
    hide(true);
    turn().await;
    assert_eq!(leftovers.timers(), 0);
    let wake = oversleep(600_000);
    assert_eq!(network.count(), 2);
    hide(false);
    until("a poll", || network.count() == 3).await;
    leftovers.end();
    wake.call0(&wasm_bindgen::JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn back_at_the_first_screen_is_left_to_the_host() {
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    assert!(!press("Escape", false));
    assert!(!press("GoBack", false));
}

#[wasm_bindgen_test]
async fn an_app_that_can_be_left_asks_first() {
    let exit = js_sys::Function::new_no_args("window.exits = (window.exits || 0) + 1");
    let exits = || js_sys::Reflect::get(&web_sys::window().unwrap(), &"exits".into()).unwrap();
    let screen = Screen::with_exit(Some(CONFIG), exit);
    screen.wait_for("idle").await;
    assert!(press("Escape", false));
    screen.wait_for("exit").await;
    press("Escape", false);
    screen.wait_for("idle").await;
    press("Escape", false);
    screen.wait_for("exit").await;
    // The harmless one is lit.
    press("Enter", false);
    screen.wait_for("idle").await;
    assert!(exits().is_undefined());
    press("Escape", false);
    screen.wait_for("exit").await;
    press("ArrowRight", false);
    press("Enter", false);
    assert_eq!(exits().as_f64(), Some(1.0));
}

#[wasm_bindgen_test]
async fn a_picture_that_stands_for_minutes_moves() {
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    assert_eq!(screen.drift(), None);
    drop(screen);
    let hurried = hurry(180_000);
    let screen = Screen::showing(Some(CONFIG));
    for place in ["1", "2", "3", "0"] {
        until("the next place", || screen.drift().as_deref() == Some(place)).await;
    }
    hurried.call0(&wasm_bindgen::JsValue::NULL).unwrap();
}

fn history() -> web_sys::History {
    web_sys::window().unwrap().history().unwrap()
}

/// A page that shows a code, with the entry of the history that this takes.
async fn one_entry_further() -> (Network, Screen) {
    let network = Network::answering(server);
    let screen = Screen::alone(Some(CONFIG));
    screen.wait_for("idle").await;
    history()
        .replace_state(&"opened".into(), "")
        .expect("a page of this origin");
    press("Enter", false);
    screen.wait_for("code").await;
    until("an entry of its own", || history().state().unwrap().is_null()).await;
    (network, screen)
}

fn is_where_it_was_opened() -> bool {
    history().state().unwrap().as_string().as_deref() == Some("opened")
}

#[wasm_bindgen_test]
async fn walking_back_in_the_history_is_back() {
    let _network = Network::answering(server);
    let screen = Screen::alone(Some(CONFIG));
    screen.wait_for("idle").await;
    let before = history().length().unwrap();
    press("Enter", false);
    screen.wait_for("code").await;
    until("an entry of its own", || history().length() == Ok(before + 1)).await;
    history().back().unwrap();
    screen.wait_for("idle").await;
}

#[wasm_bindgen_test]
async fn a_set_that_tells_the_key_and_walks_back_too_is_heard_once() {
    let (_network, screen) = one_entry_further().await;
    press("GoBack", false);
    screen.wait_for("idle").await;
    history().back().unwrap();
    until("the entry where the page was opened", is_where_it_was_opened).await;
    // Nor does the page walk by itself any more.
    press("Enter", false);
    screen.wait_for("code").await;
}

#[wasm_bindgen_test]
async fn a_key_alone_takes_the_entry_away_as_well() {
    let (_network, screen) = one_entry_further().await;
    let hurried = hurry(500);
    press("Escape", false);
    until("the entry where the page was opened", is_where_it_was_opened).await;
    hurried.call0(&wasm_bindgen::JsValue::NULL).unwrap();
    assert_eq!(screen.name().as_deref(), Some("idle"));
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
    assert!(screen.text(".reference").contains("server.example.com"));
    assert_eq!(screen.text(".control.lit"), "Try again");
    until("the focus", || screen.has_focus()).await;
    press("ArrowRight", false);
    until("another lit control", || screen.text(".control.lit") == "Back").await;
    until("the focus", || screen.has_focus()).await;
    press("Enter", false);
    screen.wait_for("idle").await;
}

#[wasm_bindgen_test]
async fn only_a_pointer_that_moves_lights_a_control() {
    let _network = Network::answering(|_| json(404, ""));
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    press("Enter", false);
    screen.wait_for("failed").await;
    until("the focus", || screen.has_focus()).await;
    let back = screen.find(".control:not(.lit)").unwrap();
    // What a browser tells a button that has appeared under a pointer at rest.
    for name in ["mouseover", "mouseenter"] {
        back.dispatch_event(&web_sys::Event::new(name).unwrap()).unwrap();
    }
    turn().await;
    assert_eq!(screen.text(".control.lit"), "Try again");
    back.dispatch_event(&web_sys::Event::new("mousemove").unwrap()).unwrap();
    until("another lit control", || screen.text(".control.lit") == "Back").await;
    until("the focus", || screen.has_focus()).await;
}

#[wasm_bindgen_test]
async fn what_a_screen_says_describes_its_first_control() {
    let _network = Network::answering(server);
    let screen = Screen::showing(Some(CONFIG));
    for name in ["idle", "code"] {
        screen.wait_for(name).await;
        let ids = screen
            .find(".control.lit")
            .unwrap()
            .get_attribute("aria-describedby")
            .unwrap();
        let (middle, foot) = ids.split_once(' ').unwrap();
        assert!(screen.find(&format!("footer #{foot}")).is_some() || name == "idle");
        let said = screen.text(&format!("main#{middle}"));
        assert!(said.contains("Sign in with your phone"), "{name}: {said}");
        press("Enter", false);
    }
}

#[wasm_bindgen_test]
async fn a_broken_configuration_is_a_screen_of_its_own() {
    let screen = Screen::showing(Some(r#"{"isuer":"https://server.example.com"}"#));
    screen.wait_for("failed").await;
    assert_eq!(screen.text("[data-failure-code]"), "config_unreadable");
    assert!(screen.text(".reference").contains("unknown field `isuer`"));
    drop(screen);
    let screen = Screen::showing(None);
    screen.wait_for("failed").await;
    assert!(screen.text(".reference").contains("config.json could not be loaded"));
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

#[wasm_bindgen_test]
async fn a_page_that_was_taken_away_leaves_nothing_behind() {
    let network = Network::answering(server);
    let leftovers = watch();
    let screen = Screen::showing(Some(CONFIG));
    screen.wait_for("idle").await;
    press("Enter", false);
    screen.wait_for("code").await;
    let wake = oversleep(60_000);
    web_sys::window()
        .unwrap()
        .dispatch_event(&web_sys::Event::new("pageshow").unwrap())
        .unwrap();
    until("a poll", || network.count() == 3).await;
    wake.call0(&wasm_bindgen::JsValue::NULL).unwrap();
    assert!(leftovers.listeners() > 0 && leftovers.timers() > 0);
    drop(screen);
    turn().await;
    assert_eq!((leftovers.listeners(), leftovers.timers()), (0, 0));
    leftovers.end();
    assert!(network.request(2).signal().aborted());
}
