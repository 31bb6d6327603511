//! Moves the picture by a few pixels every few minutes: a code stands still for long, and some panels keep what stands.

use core::cell::Cell;
use core::time::Duration;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::Element;

use crate::task;
use crate::tv::lifecycle;

/// Ours: between two moves.
const REST: Duration = Duration::from_secs(180);
/// Where the picture can stand, by the value of `data-drift`; `www/style.css` says how far off each is.
const PLACES: [&str; 4] = ["0", "1", "2", "3"];

/// A picture on the move, while somebody sees it; stands still when dropped.
pub(crate) struct Drift {
    stage: Element,
    place: Cell<usize>,
    timer: Cell<Option<Timeout>>,
}

impl Drift {
    pub(crate) fn of(stage: Element) -> Rc<Self> {
        let drift = Rc::new(Self {
            stage,
            place: Cell::default(),
            timer: Cell::default(),
        });
        drift.wake();
        drift
    }

    /// Rests before the next move, or for as long as nobody sees the page.
    pub(crate) fn wake(self: &Rc<Self>) {
        let drift = Rc::downgrade(self);
        let next = move || {
            if let Some(drift) = drift.upgrade() {
                drift.step();
            }
        };
        self.timer.set(lifecycle::is_visible().then(|| task::after(REST, next)));
    }

    fn step(self: &Rc<Self>) {
        let place = (self.place.get() + 1) % PLACES.len();
        self.place.set(place);
        // Refused only for a name that no attribute can have.
        _ = self.stage.set_attribute("data-drift", PLACES[place]);
        self.wake();
    }
}
