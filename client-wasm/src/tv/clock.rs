//! The only reader of the browser's clocks; what becomes of the two is settled by [`device_flow::Clock`].

use core::cell::RefCell;
use std::rc::Rc;

use device_flow::{Clock, ClockReading, Instant, UnixTime};

use crate::reading::reading;

/// Both clocks as one; clones share it, so that sign-in and session mean the same moment by the same [`Instant`].
#[derive(Clone)]
pub(crate) struct SharedClock(Rc<RefCell<Clock>>);

impl SharedClock {
    pub(crate) fn new() -> Self {
        Self(Rc::new(RefCell::new(Clock::starting_at(read()))))
    }

    pub(crate) fn now(&self) -> Instant {
        self.0.borrow_mut().read(read())
    }
}

/// `performance.now()`, which may stop while the set sleeps, and `Date.now()`, which jumps when it learns the date.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the browser's clocks")]
fn read() -> ClockReading {
    let performance = web_sys::window().and_then(|window| window.performance());
    reading(
        performance.map_or(0.0, |performance| performance.now()),
        js_sys::Date::now(),
    )
}

/// The wall clock, right or wrong, for `iat` and `exp`.
pub(crate) fn unix_time() -> UnixTime {
    UnixTime::from_secs(read().wall.as_secs())
}

/// The same in milliseconds, for leases between tabs.
pub(crate) fn wall_millis() -> f64 {
    read().wall.as_secs_f64() * 1000.0
}
