//! The driver proved on a page of its own, before it is trusted with ours.

use std::fmt::Write;
use std::net::TcpStream;

use qrcode::{Color, QrCode};
use serde_json::json;

use crate::keys::{self, Key};
use crate::page::Page;
use crate::{qr, site};

const PAGE: &str = r#"<!doctype html>
<title>Driver</title>
<link rel="icon" href="data:,">
<button>Start</button> <input>
<p>Nothing yet</p>
<script>
    var keys = [], clicks = [];
    addEventListener("keydown", function (event) { keys.push(event.keyCode); });
    document.querySelector("button").onclick = function (event) {
        clicks.push(event.isTrusted);
        document.querySelector("p").textContent = "Started";
    };
</script>"#;

fn open(html: &str) -> Page {
    let mut page = Page::open_on_television();
    page.goto(&site::serve(html));
    page
}

/// Numbers: UI Events, fixed virtual key codes; LG's and Samsung's tables for Back.
#[test]
fn every_key_arrives_with_its_number() {
    let expected: [(&Key, u32); 8] = [
        (&keys::OK, 13),
        (&keys::LEFT, 37),
        (&keys::UP, 38),
        (&keys::RIGHT, 39),
        (&keys::DOWN, 40),
        (&keys::ESCAPE, 27),
        (&keys::BACK_WEBOS, 461),
        (&keys::BACK_TIZEN, 10009),
    ];
    let mut page = open(PAGE);
    for (key, _) in &expected {
        page.press(key);
    }
    // Qt's edition of 53 says that a key is pressed before the page has heard it.
    page.wait_for("the last key", "keys.length === 8");
    assert_eq!(page.evaluate("keys"), json!(expected.map(|(_, number)| number)));
}

#[test]
fn ok_activates_the_focused_button() {
    let mut page = open(PAGE);
    page.evaluate("document.querySelector('button').focus()");
    page.press(&keys::OK);
    page.wait_for("the button's effect", "document.body.innerText.includes('Started')");
    assert_eq!(page.evaluate("clicks"), json!([true]));
    page.assert_no_errors();
}

#[test]
fn a_click_and_typing_reach_their_elements_as_a_persons_would() {
    let mut page = open(PAGE);
    page.click("button");
    page.click("input");
    page.type_text("WDJB-MJHT");
    page.wait_for("the text", "document.querySelector('input').value === 'WDJB-MJHT'");
    assert_eq!(page.evaluate("clicks"), json!([true]));
}

#[test]
fn a_screenshot_has_the_viewports_size_in_device_pixels() {
    fn check(page: &mut Page, (width, height, ratio): (u32, u32, f64), pixels: (usize, usize)) {
        page.set_viewport(width, height, ratio);
        let seen = page.evaluate("[innerWidth, innerHeight, devicePixelRatio].join()");
        assert_eq!(seen, format!("{width},{height},{ratio}"));
        let picture = qr::decode(&page.screenshot()).unwrap();
        assert_eq!((picture.width, picture.height), pixels);
    }
    let mut page = open(PAGE);
    check(&mut page, (1280, 720, 1.0), (1280, 720));
    check(&mut page, (1920, 1080, 1.0), (1920, 1080));
    let mut page = Page::open();
    check(&mut page, (960, 540, 2.0), (1920, 1080));
}

#[test]
fn a_qr_code_is_read_from_a_screenshot() {
    let text = "https://example.com/device?user_code=WDJB-MJHT";
    let code = QrCode::new(text).unwrap();
    let (width, mut path) = (code.width(), String::new());
    for (i, _) in code
        .to_colors()
        .into_iter()
        .enumerate()
        .filter(|(_, color)| *color == Color::Dark)
    {
        write!(path, "M{} {}h1v1h-1z", i % width, i / width).unwrap();
    }
    let side = width + 8;
    let mut page = open(&format!(
        r##"<body style="background: #123"><svg width="400" viewBox="-4 -4 {side} {side}"><path fill="#fff"
        d="M-4 -4h{side}v{side}h-{side}z"/><path d="{path}"/></svg>"##
    ));
    assert_eq!(qr::read_qr(&page.screenshot()).unwrap(), [text]);
}

#[test]
fn a_picture_without_a_qr_code_has_none() {
    assert_eq!(qr::read_qr(&open(PAGE).screenshot()).unwrap(), [""; 0]);
}

#[test]
fn what_the_page_complains_about_is_gathered() {
    let mut page = open(PAGE);
    page.assert_no_errors();
    page.evaluate("console.error('broken', 7), setTimeout(function () { keys = null; keys.push(1); })");
    page.wait_for("the exception", "keys === null");
    page.evaluate("void fetch('http://127.0.0.1:1/').catch(function () { keys = 'gone'; })");
    page.wait_for("the lost connection", "keys === 'gone'");
    let errors = page.errors().join("\n");
    for part in [
        "console: broken",
        "TypeError: Cannot read propert",
        "log: Failed to load",
    ] {
        assert!(errors.contains(part), "{errors}");
    }
}

#[test]
fn a_page_can_be_loaded_again_from_the_same_address() {
    let mut page = Page::open_on_television();
    let url = site::serve(PAGE);
    page.goto(&url);
    page.click("button");
    page.goto(&url);
    assert!(page.text().contains("Nothing yet"));
}

#[test]
#[should_panic(expected = "waited in vain for pigs to fly")]
fn a_wait_in_vain_fails() {
    let mut page = open(PAGE);
    page.set_looks(2);
    page.wait_for("pigs to fly", "pigs.fly");
}

#[test]
fn a_dropped_browser_leaves_nothing_behind() {
    let page = Page::open();
    let (profile, address) = (page.engine().profile().to_owned(), page.engine().address().to_owned());
    assert!(profile.join("Default").exists() && TcpStream::connect(&address).is_ok());
    drop(page);
    assert!(!profile.exists());
    assert!(
        TcpStream::connect(&address).is_err(),
        "the browser still listens on {address}"
    );
}

#[test]
fn a_stopped_browser_stands_still_with_all_its_processes() {
    let mut page = open(PAGE);
    page.engine().stop();
    let stopped = page.engine().states();
    page.engine().go_on();
    assert!(
        stopped.len() > 1 && stopped.chars().all(|state| state == 'T'),
        "{stopped}"
    );
    assert!(page.text().contains("Nothing yet"));
}
