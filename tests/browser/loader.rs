//! The loader's own screens, which appear where the page cannot.

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

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
