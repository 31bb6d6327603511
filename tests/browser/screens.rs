//! Every screen, held to what a screen has to be: whole, apart from its neighbours, and open to whoever cannot see it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

/// What televisions have: width, height and device pixels of each (tv-platforms 5.1).
const SIZES: [(u32, u32, f64); 4] = [(1280, 720, 1.0), (1920, 1080, 1.0), (3840, 2160, 1.0), (960, 540, 2.0)];

/// All languages that there are.
fn languages() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/texts");
    let files = fs::read_dir(folder)
        .expect("texts")
        .map(|file| file.expect("a file").file_name());
    files
        .map(|name| name.to_string_lossy().trim_end_matches(".json").to_owned())
        .collect()
}

/// Shows one screen after the other, and calls `look` at each.
fn tour(query: &str, config: &Value, look: impl Fn(&mut Television, &str)) {
    let room = LivingRoom::with(|mock, _| {
        let mut config = config.clone();
        config["issuer"] = mock.issuer("okta-org").into();
        config["client_id"] = "tv".into();
        config["help"] = "id.example/help".into();
        config
    });
    let page = format!("{}?{query}", room.page());
    let mut tv = Television::showing(&page);
    let ask = |tv: &mut Television| {
        tv.ask_for_a_code();
        tv.user_code()
    };
    tv.wait_for_screen("idle");
    look(&mut tv, "idle");
    let code = ask(&mut tv);
    look(&mut tv, "code");
    room.lose_answers();
    tv.page
        .wait_for("the banner", "document.querySelector('[data-trouble]')");
    look(&mut tv, "trouble");
    room.mock.faults().clear();
    room.mock.expire(&code).expect("the code is known");
    tv.wait_for_screen("expired");
    look(&mut tv, "expired");
    tv.press(&keys::BACK_WEBOS);
    let code = ask(&mut tv);
    room.mock.deny(&code).expect("the code is known");
    tv.wait_for_screen("denied");
    look(&mut tv, "denied");
    tv.press(&keys::BACK_WEBOS);
    let code = ask(&mut tv);
    room.mock.approve(&code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
    look(&mut tv, "signed-in");
    tv.press(&keys::OK);
    tv.wait_for_screen("sign-out");
    look(&mut tv, "sign-out");
    sign_out(&mut tv, query);
    look(&mut tv, "ended");
    tv.press(&next(query));
    tv.press(&keys::OK);
    tv.wait_for_screen("end-session");
    look(&mut tv, "end-session");
    tv.page.goto(&format!("{page}&client_id=nobody"));
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    look(&mut tv, "failed");
}

/// The key along the row.
fn next(query: &str) -> keys::Key {
    if query.contains("lang=ar") {
        keys::LEFT
    } else {
        keys::RIGHT
    }
}

fn sign_out(tv: &mut Television, query: &str) {
    tv.press(&next(query));
    tv.press(&keys::OK);
    tv.page
        .wait_for("the end", "document.querySelector('[data-session-end]')");
}

/// Says what leaves the safe area of 5 % on each side, what is cut off, and which texts lie upon each other.
const FAULTS: &str = "(function () {
    var faults = [], boxes = [];
    var stage = document.querySelector('.stage').getBoundingClientRect();
    var x = stage.width * 0.05, y = stage.height * 0.05;
    function name(node) { return node.nodeName + '.' + node.className + ' ' + node.textContent.slice(0, 40); }
    function isShown(element) { return getComputedStyle(element).visibility === 'visible'; }
    Array.prototype.forEach.call(document.querySelectorAll('.stage *'), function (element) {
        var box = element.getBoundingClientRect();
        if (!box.width || !box.height || !isShown(element)) return;
        if (box.left < x - 1 || box.top < y - 1 || box.right > stage.width - x + 1 || box.bottom > stage.height - y + 1)
            faults.push('outside: ' + name(element) + [box.left, box.top, box.right, box.bottom].join(' '));
        if (getComputedStyle(element).overflow === 'hidden' && element.scrollWidth > element.clientWidth + 1)
            faults.push('cut off: ' + name(element));
        if (element.matches('button, .plate, .mark, .tick')) boxes.push([element, box]);
        else Array.prototype.forEach.call(element.childNodes, function (child) {
            if (child.nodeType !== 3 || !child.textContent.trim() || element.closest('button')) return;
            var range = document.createRange();
            range.selectNode(child);
            Array.prototype.forEach.call(range.getClientRects(), function (line) { boxes.push([child, line]); });
        });
    });
    boxes.forEach(function (one, index) {
        boxes.slice(index + 1).forEach(function (other) {
            if (one[0] === other[0]) return;
            var width = Math.min(one[1].right, other[1].right) - Math.max(one[1].left, other[1].left);
            var height = Math.min(one[1].bottom, other[1].bottom) - Math.max(one[1].top, other[1].top);
            // Lines of text reach into each other by what no letter of them fills.
            if (width > 1 && height > Math.min(one[1].height, other[1].height) / 4)
                faults.push('upon each other: ' + name(one[0]) + ' and ' + name(other[0]));
        });
    });
    return faults;
})()";

#[track_caller]
fn check_layout(tv: &mut Television, screen: &str) {
    // The windows of old engines stand on a display that has whole pixels, of these two sizes (tv-platforms 5.1).
    let on_a_display = tv.page.engine().display().is_some();
    for (width, height, ratio) in SIZES {
        if on_a_display && ![720, 1080].contains(&height) {
            continue;
        }
        tv.page.set_viewport(width, height, ratio);
        tv.page.wait_for(
            "the size",
            &format!("innerWidth === {width} && devicePixelRatio === {ratio}"),
        );
        tv.wait_for_paint();
        let faults = tv.page.evaluate(FAULTS);
        if faults != json!([]) {
            let picture = tv.page.save_screenshot("faults").display().to_string();
            panic!("{screen} at {width} by {height}, {picture}: {faults:#}");
        }
        if screen == "code" {
            let modules = "(function (plate) {
                return plate.getBoundingClientRect().width * devicePixelRatio / plate.viewBox.baseVal.width;
            })(document.querySelector('.plate'))";
            let pixels = tv.page.evaluate(modules).as_f64().expect("a number");
            assert!(
                pixels >= 8.0 && (pixels - pixels.round()).abs() < 0.02,
                "a module is {pixels} device pixels at {width} by {height}"
            );
        }
    }
    tv.page.set_viewport(1280, 720, 1.0);
}

#[track_caller]
fn check_tour(language: &str) {
    tour(&format!("lang={language}"), &json!({}), |tv, screen| {
        check_layout(tv, screen);
        tv.picture(&format!("{language}-{screen}"));
    });
}

#[test]
fn every_screen_is_whole_in_english() {
    check_tour("en");
}

#[test]
fn every_screen_is_whole_in_german() {
    check_tour("de");
}

#[test]
fn every_screen_is_whole_in_french() {
    check_tour("fr");
}

#[test]
fn every_screen_is_whole_in_japanese() {
    check_tour("ja");
}

#[test]
fn every_screen_is_whole_in_arabic() {
    check_tour("ar");
}

#[test]
fn the_fullest_screens_are_whole_in_every_language() {
    let room = LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv" }));
    // A92: the longest advice there is.
    let refusing = room.mock.issuer("authentik");
    let mut tv = Television::showing(&room.page());
    for language in languages() {
        for (query, screen) in [("", "code"), (&*format!("&issuer={refusing}"), "failed")] {
            tv.page.goto(&format!("{}?lang={language}{query}", room.page()));
            tv.wait_for_screen("idle");
            tv.press(&keys::OK);
            tv.wait_for_screen(screen);
            check_layout(&mut tv, screen);
        }
    }
}

/// What axe-core finds, by its rules for WCAG 2.2 AA and for good practice.
#[track_caller]
fn check_access(tv: &mut Television, screen: &str) {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).expect("set-up has brought it");
    tv.page.evaluate(&format!("void function () {{ {axe} }}.call(window)"));
    tv.page.evaluate(
        "void (window.found = null, axe.run().then(function (results) { window.found = results; }, function (error) {
            window.found = { violations: [{ id: String(error) }], passes: [] };
        }))",
    );
    let found = "window.found && [window.found.passes.length, window.found.violations.map(function (violation) {
        return violation.id + ': ' + (violation.nodes || []).map(function (node) { return node.html; }).join(' ');
    })]";
    let found = tv.page.wait_for("axe", found);
    assert!(
        found[0].as_u64() > Some(10),
        "axe has looked at nothing of {screen}: {found}"
    );
    assert_eq!(found[1], json!([]), "{screen}");
}

#[test]
fn axe_finds_nothing_on_any_screen() {
    tour("lang=en", &json!({}), check_access);
}

#[test]
fn axe_finds_nothing_in_high_contrast_and_from_right_to_left() {
    let config = json!({ "high_contrast": true });
    tour("lang=ar", &config, |tv, screen| {
        check_access(tv, screen);
        tv.picture(&format!("contrast-{screen}"));
    });
}

#[test]
fn there_is_one_live_region_and_the_countdown_is_none() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let regions =
        "document.querySelectorAll('[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]').length";
    assert_eq!(tv.page.evaluate(regions), 1);
    assert_eq!(
        tv.page
            .evaluate("document.querySelector('[role=timer]').getAttribute('aria-live')"),
        "off"
    );
    // What describes the button with the focus: the code letter by letter, where to enter it, and where only.
    let described = "document.activeElement.getAttribute('aria-describedby').split(' ').map(function (id) {
        var part = document.getElementById(id), label = part.querySelector('[data-user-code]');
        return part.textContent + (label ? label.getAttribute('aria-label') : '');
    }).join()";
    let described = tv.page.evaluate(described).to_string();
    let letters: Vec<_> = tv.user_code().chars().map(String::from).collect();
    for part in [&letters.join(" ").replace('-', "dash"), "activate", "only at"] {
        assert!(described.contains(part), "{part}: {described}");
    }
}

#[test]
fn a_size_of_the_qr_code_is_kept() {
    let room =
        LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv", "qr_size": 40 }));
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let side = "document.querySelector('.plate-room').getBoundingClientRect().height / innerHeight";
    let side = tv.page.evaluate(side).as_f64().expect("a number");
    assert!((side - 0.4).abs() < 0.001, "{side}");
    let room =
        LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv", "qr_size": 60 }));
    let mut tv = Television::showing(&format!("{}?lang=de", room.page()));
    tv.ask_for_a_code();
    check_layout(&mut tv, "code");
    tv.scan();
}

#[test]
fn a_picture_that_moves_stands_still_under_reduced_motion() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    tv.page
        .evaluate("document.querySelector('.stage').setAttribute('data-drift', '2')");
    let place = "(function (box) { return [box.left, box.top].join() })(document.querySelector('.stage').getBoundingClientRect())";
    assert_eq!(tv.page.evaluate(place), "3,3");
    tv.page.emulate("prefers-reduced-motion", "reduce");
    assert_eq!(tv.page.evaluate(place), "0,0");
}

#[test]
fn forced_colours_leave_a_square_that_can_be_scanned() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.page.emulate("forced-colors", "active");
    tv.ask_for_a_code();
    assert!(tv.scan().ends_with(&tv.user_code()));
    tv.picture("forced-colours");
}
