//! The only reader of the browser's clocks.
//!
//! Two clocks disagree on a television: the monotonic one may stop while the set sleeps, the wall one jumps when the
//! set learns the date after it was switched on.
//! [`Clock`] settles that once, so that the rest of the page sees one time that counts sleep and never runs backwards.

use core::time::Duration;

use device_flow::{Instant, UnixTime};

/// Ours: a wall clock that moves further than this at once has been set, so what it shows is not time that passed.
///
/// A set that really slept longer finds its code dead anyway: providers let codes live for half an hour at most.
const LONGEST_SLEEP: Duration = Duration::from_secs(24 * 60 * 60);

/// What both clocks show at one moment, in milliseconds since an origin of their own.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// `performance.now()`.
    monotonic: u64,
    /// `Date.now()`.
    wall: u64,
}

/// Time as the protocol wants it: counts sleep, never runs backwards.
#[derive(Debug)]
pub(crate) struct Clock {
    last: Reading,
    now: Instant,
}

impl Clock {
    /// Starts at zero.
    pub(crate) fn new() -> Self {
        Self::starting_at(read())
    }

    /// What time it is now.
    pub(crate) fn now(&mut self) -> Instant {
        self.fold(read())
    }

    fn starting_at(reading: Reading) -> Self {
        Self {
            last: reading,
            now: Instant::default(),
        }
    }

    /// Advances by the larger of what both clocks say has passed.
    fn fold(&mut self, reading: Reading) -> Instant {
        let monotonic = Duration::from_millis(reading.monotonic.saturating_sub(self.last.monotonic));
        let wall = Duration::from_millis(reading.wall.saturating_sub(self.last.wall));
        let passed = if wall > LONGEST_SLEEP {
            monotonic
        } else {
            monotonic.max(wall)
        };
        self.last = reading;
        self.now = self.now + passed;
        self.now
    }
}

/// The wall clock, right or wrong, for `iat` and `exp`.
pub(crate) fn unix_time() -> UnixTime {
    UnixTime::from_secs(read().wall / 1000)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the browser's clocks")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both clocks count milliseconds upwards from zero; a fraction of one does not matter"
)]
fn read() -> Reading {
    let performance = web_sys::window().and_then(|window| window.performance());
    Reading {
        monotonic: performance.map_or(0.0, |performance| performance.now()) as u64,
        wall: js_sys::Date::now() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1000;
    const HOUR: u64 = 60 * 60 * SECOND;
    /// 2026-01-01T00:00:00Z.
    const NEW_YEAR: u64 = 1_767_225_600 * SECOND;

    /// Folds readings of (monotonic, wall), in milliseconds, into the times after the first one.
    fn check(readings: &[(u64, u64)], expected: &[u64]) {
        let mut readings = readings.iter().map(|&(monotonic, wall)| Reading { monotonic, wall });
        let mut clock = Clock::starting_at(readings.next().expect("a first reading"));
        let times: Vec<u64> = readings.map(|reading| clock.fold(reading).as_millis()).collect();
        assert_eq!(times, expected);
    }

    #[test]
    fn both_clocks_agree_while_the_set_is_awake() {
        check(
            &[(50, NEW_YEAR), (1_050, NEW_YEAR + 1_000), (2_050, NEW_YEAR + 2_000)],
            &[1_000, 2_000],
        );
    }

    #[test]
    fn sleep_counts_though_the_monotonic_clock_stood_still() {
        check(&[(0, NEW_YEAR), (10, NEW_YEAR + 8 * HOUR)], &[8 * HOUR]);
    }

    #[test]
    fn sleep_counts_though_the_wall_clock_stood_still() {
        check(&[(0, NEW_YEAR), (300 * SECOND, NEW_YEAR)], &[300 * SECOND]);
    }

    #[test]
    fn learning_the_date_is_not_time_that_passed() {
        check(
            &[(0, 0), (2 * SECOND, NEW_YEAR), (3 * SECOND, NEW_YEAR + SECOND)],
            &[2 * SECOND, 3 * SECOND],
        );
    }

    #[test]
    fn a_wall_clock_set_back_takes_nothing_away() {
        check(
            &[
                (0, NEW_YEAR),
                (SECOND, NEW_YEAR - HOUR),
                (2 * SECOND, NEW_YEAR - HOUR + SECOND),
            ],
            &[SECOND, 2 * SECOND],
        );
    }

    #[test]
    fn a_monotonic_clock_that_starts_anew_takes_nothing_away() {
        check(&[(HOUR, NEW_YEAR), (0, NEW_YEAR + SECOND)], &[SECOND]);
    }

    #[test]
    fn a_day_is_the_longest_sleep() {
        check(&[(0, NEW_YEAR), (1, NEW_YEAR + 24 * HOUR)], &[24 * HOUR]);
        check(&[(0, NEW_YEAR), (1, NEW_YEAR + 24 * HOUR + 1)], &[1]);
    }
}
