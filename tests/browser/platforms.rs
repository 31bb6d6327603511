//! What single platforms want of a page, each played by what it adds to a browser.

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

/// A page that is loaded where `script` ran before it.
fn page_where(script: &str) -> (Television, LivingRoom) {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.page.on_new_document(script);
    tv.page.goto(&room.page());
    tv.wait_for_screen("idle");
    (tv, room)
}

#[test]
fn hbbtv_is_asked_for_arrows_ok_and_back() {
    // OIPF Release 2 volume 5, KeySet: NAVIGATION is 0x10.
    let (mut tv, _room) = page_where(
        "var told = [];
        window.oipfObjectFactory = { createApplicationManagerObject: function () {
            return { getOwnerApplication: function (page) {
                return {
                    show: function () { told.push(page === document); },
                    privateData: { keyset: { setValue: function (value) { told.push(value); } } },
                };
            } };
        } };",
    );
    assert_eq!(tv.page.evaluate("told.join()"), "true,16");
}

#[test]
fn a_set_that_has_half_of_hbbtv_starts_all_the_same() {
    let (mut tv, _room) = page_where("window.oipfObjectFactory = {};");
    tv.assert_no_errors();
}

#[test]
fn an_xbox_is_asked_for_keys_in_place_of_a_pointer() {
    let (mut tv, _room) =
        page_where("Object.defineProperty(navigator, 'gamepadInputEmulation', { value: 'mouse', writable: true })");
    assert_eq!(tv.page.evaluate("navigator.gamepadInputEmulation"), "keyboard");
}

/// Samsung's application, as much of it as ends an app.
pub(crate) const TIZEN: &str = "window.tizen = { application: { getCurrentApplication: function () {
    return { exit: function () { window.hasEnded = true; } };
} } }";

#[test]
fn a_page_from_a_server_leaves_back_to_samsungs_browser() {
    let (mut tv, _room) = page_where(TIZEN);
    tv.press(&keys::BACK_TIZEN);
    assert_eq!(
        tv.page
            .evaluate("document.querySelector('[data-screen]').getAttribute('data-screen')"),
        "idle"
    );
}
