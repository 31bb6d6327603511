//! An event listener that goes when its owner goes.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// Listens until dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    on_the_way_down: bool,
    closure: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Calls `callback` with each event of that name which reaches `target`, itself or from below.
    pub(crate) fn new(target: &EventTarget, name: &'static str, callback: impl Fn(Event) + 'static) -> Self {
        Self::start(target, name, false, Box::new(callback))
    }

    /// The same, on their way to what is below.
    pub(crate) fn on_the_way_down(
        target: &EventTarget,
        name: &'static str,
        callback: impl Fn(Event) + 'static,
    ) -> Self {
        Self::start(target, name, true, Box::new(callback))
    }

    fn start(target: &EventTarget, name: &'static str, on_the_way_down: bool, callback: Box<dyn Fn(Event)>) -> Self {
        let listener = Self {
            target: target.clone(),
            name,
            on_the_way_down,
            closure: Closure::wrap(callback),
        };
        // Refused only for a callback that is no function.
        _ = target.add_event_listener_with_callback_and_bool(name, listener.callback(), on_the_way_down);
        listener
    }

    fn callback(&self) -> &js_sys::Function {
        self.closure.as_ref().unchecked_ref()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        _ = self
            .target
            .remove_event_listener_with_callback_and_bool(self.name, self.callback(), self.on_the_way_down);
    }
}
