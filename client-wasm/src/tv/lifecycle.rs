//! Everything after which time may have passed unseen, or the network may be back: each is a reason to wake the flow.
//!
//! A wake too many is harmless, so nothing here tries to be clever about which of them means what.

use web_sys::EventTarget;

use crate::listener::Listener;

/// Calls `wake` whenever the page comes back to a person, or to a network, until the listeners are dropped.
pub(crate) fn on_wake(wake: impl Fn() + Clone + 'static) -> Vec<Listener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let on = |target: &EventTarget, name| {
        let wake = wake.clone();
        Listener::new(target, name, move |_: web_sys::Event| wake())
    };
    let mut listeners = vec![
        // Out of the page cache.
        on(&window, "pageshow"),
        on(&window, "online"),
    ];
    if let Some(document) = window.document() {
        // Both ways: going away stops the redrawing, coming back starts it.
        listeners.push(on(&document, "visibilitychange"));
        // LG: the app was started again while it was in the background.
        listeners.push(on(&document, "webOSRelaunch"));
    }
    listeners
}

/// Whether anybody can see the page.
pub(crate) fn is_visible() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|document| !document.hidden())
}
