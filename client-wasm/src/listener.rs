//! An event listener that goes when its owner goes.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use web_sys::EventTarget;

/// Listens until dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: js_sys::Function,
    /// Keeps the callback alive.
    _closure: Box<dyn core::any::Any>,
}

impl Listener {
    /// Calls `callback` with each event of that name which reaches `target`.
    ///
    /// `E` must be the type that the platform gives events of that name.
    pub(crate) fn new<E: FromWasmAbi + 'static>(
        target: &EventTarget,
        name: &'static str,
        callback: impl Fn(E) + 'static,
    ) -> Self {
        let closure = Closure::<dyn Fn(E)>::new(callback);
        let callback: js_sys::Function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
        // Refused only for a callback that is no function.
        _ = target.add_event_listener_with_callback(name, &callback);
        Self {
            target: target.clone(),
            name,
            callback,
            _closure: Box::new(closure),
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        _ = self
            .target
            .remove_event_listener_with_callback(self.name, &self.callback);
    }
}
