//! The only reader of the browser's clocks; what becomes of the two is settled by [`device_flow::Clock`].

use core::cell::RefCell;
use core::time::Duration;
use std::rc::Rc;

use device_flow::{Clock, ClockReading, Instant, UnixTime};

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
    ClockReading {
        monotonic: millis(performance.map_or(0.0, |performance| performance.now())),
        wall: millis(js_sys::Date::now()),
    }
}

/// The wall clock, right or wrong, for `iat` and `exp`.
pub(crate) fn unix_time() -> UnixTime {
    UnixTime::from_secs(read().wall.as_secs())
}

/// The same in milliseconds, for leases between tabs.
pub(crate) fn wall_millis() -> f64 {
    read().wall.as_secs_f64() * 1000.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both clocks count milliseconds upwards from zero; a fraction of one does not matter"
)]
fn millis(number: f64) -> Duration {
    Duration::from_millis(number as u64)
}
