//! What JavaScript's two clocks show, as the core takes it.

use core::time::Duration;

use device_flow::ClockReading;

/// `performance.now()` and `Date.now()`, in milliseconds.
pub(crate) fn reading(monotonic: f64, wall: f64) -> ClockReading {
    ClockReading {
        monotonic: millis(monotonic),
        wall: millis(wall),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both clocks count milliseconds upwards from zero; a fraction of one does not matter"
)]
fn millis(number: f64) -> Duration {
    Duration::from_millis(number as u64)
}
