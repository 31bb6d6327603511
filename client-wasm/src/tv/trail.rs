//! Back by the browser's history, for sets whose Back key walks it: Android, Fire TV, and webOS unless an app asks for the
//! key.
//!
//! While an inner screen is shown, the page has one more entry in the history than when it was opened; walking back takes
//! it away, and that means Back. Some sets tell the key and walk the history too: both together count once.

use core::cell::RefCell;
use core::time::Duration;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use web_sys::History;

use crate::listener::Listener;

/// Ours: how long after a key the set may take to walk the history as well.
const WALK: Duration = Duration::from_millis(500);

/// Where the page stands in the history; gone when dropped.
pub(crate) struct Trail {
    place: Rc<RefCell<Place>>,
    _listener: Option<Listener>,
}

enum Place {
    /// Where the page was opened.
    Root,
    /// One entry further.
    Inner,
    /// The same, though the first screen is shown again: the set may be about to walk back by itself. If it does not, the
    /// timer does.
    Leaving(#[expect(dead_code, reason = "stops when dropped")] Timeout),
}

impl Trail {
    /// `back` is called when somebody walks back while an inner screen is shown.
    pub(crate) fn new(back: impl Fn() + 'static) -> Self {
        let place = Rc::new(RefCell::new(Place::Root));
        let walked = Rc::clone(&place);
        let listener = web_sys::window().map(|window| {
            Listener::new(&window, "popstate", move |_| {
                if matches!(walked.replace(Place::Root), Place::Inner) {
                    back();
                }
            })
        });
        Self {
            place,
            _listener: listener,
        }
    }

    /// An inner screen is shown now, or the first one.
    pub(crate) fn follow(&self, is_inner: bool) {
        let mut place = self.place.borrow_mut();
        *place = match (&*place, is_inner) {
            (Place::Root, true) => {
                // Refused only where a page has called it hundreds of times in a minute.
                _ = history().map(|history| history.push_state(&JsValue::NULL, ""));
                Place::Inner
            }
            (Place::Leaving(_), true) => Place::Inner,
            (Place::Inner, false) => Place::Leaving(self.walk_soon()),
            _ => return,
        };
    }

    fn walk_soon(&self) -> Timeout {
        let place = Rc::downgrade(&self.place);
        Timeout::new(u32::try_from(WALK.as_millis()).unwrap_or_default(), move || {
            if let Some(place) = place.upgrade() {
                place.replace(Place::Root);
                _ = history().map(|history| history.back());
            }
        })
    }
}

/// Absent in a document that is not shown.
fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}
