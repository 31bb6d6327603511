//! Two clocks that disagree, folded into one time.
//!
//! A monotonic clock may stand still while the device sleeps; a wall clock jumps when the device learns the date.
//! The quarrel is settled here, once, for every shell. Reading the clocks is left to them.

use core::time::Duration;

use crate::time::Instant;

/// Ours: a wall clock that moves further than this at once has been set, so what it shows is not time that passed.
///
/// Learning the date is a step of years, a stay in standby one of days. A smaller step forward looks like sleep: from the
/// two clocks alone nobody can tell. `flow/pending.rs` puts it right where the server tells the time.
const LONGEST_SLEEP: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What both clocks show at one moment, each since an origin of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClockReading {
    /// Never runs backwards while the device is awake.
    pub monotonic: Duration,
    /// Goes on while the device sleeps, and may be set.
    pub wall: Duration,
}

/// Time as [`crate::Flow`] wants it: counts sleep, never runs backwards. Starts at zero.
#[derive(Clone, Debug)]
pub struct Clock {
    last: ClockReading,
    passed: Duration,
}

impl Clock {
    /// A clock that shows zero at this reading.
    pub const fn starting_at(reading: ClockReading) -> Self {
        Self {
            last: reading,
            passed: Duration::ZERO,
        }
    }

    /// Advances by the larger of what the two clocks say has passed since the last reading.
    pub fn read(&mut self, reading: ClockReading) -> Instant {
        let monotonic = reading.monotonic.saturating_sub(self.last.monotonic);
        let wall = reading.wall.saturating_sub(self.last.wall);
        self.passed += if wall > LONGEST_SLEEP {
            monotonic
        } else {
            monotonic.max(wall)
        };
        self.last = reading;
        Instant::default() + self.passed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const SECOND: u64 = 1000;
    const HOUR: u64 = 60 * 60 * SECOND;
    /// Some date, in milliseconds since 1970.
    const TODAY: u64 = 1_767_225_600 * SECOND;

    /// Reads (monotonic, wall) in milliseconds; what the clock shows after the first reading.
    fn check(readings: &[(u64, u64)], expected: &[u64]) {
        let mut readings = readings.iter().map(|&(monotonic, wall)| ClockReading {
            monotonic: Duration::from_millis(monotonic),
            wall: Duration::from_millis(wall),
        });
        let mut clock = Clock::starting_at(readings.next().expect("a first reading"));
        let shown: Vec<u64> = readings.map(|reading| clock.read(reading).as_millis()).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn both_clocks_agree_while_the_device_is_awake() {
        check(
            &[(50, TODAY), (1_050, TODAY + 1_000), (2_050, TODAY + 2_000)],
            &[1_000, 2_000],
        );
    }

    #[test]
    fn sleep_counts_though_the_monotonic_clock_stood_still() {
        check(&[(0, TODAY), (10, TODAY + 8 * HOUR)], &[8 * HOUR]);
    }

    #[test]
    fn sleep_counts_though_the_wall_clock_stood_still() {
        check(&[(0, TODAY), (300 * SECOND, TODAY)], &[300 * SECOND]);
    }

    #[test]
    fn learning_the_date_is_not_time_that_passed() {
        check(
            &[(0, 0), (2 * SECOND, TODAY), (3 * SECOND, TODAY + SECOND)],
            &[2 * SECOND, 3 * SECOND],
        );
    }

    #[test]
    fn a_wall_clock_set_back_takes_nothing_away() {
        check(
            &[(0, TODAY), (SECOND, TODAY - HOUR), (2 * SECOND, TODAY - HOUR + SECOND)],
            &[SECOND, 2 * SECOND],
        );
    }

    #[test]
    fn a_monotonic_clock_that_starts_anew_takes_nothing_away() {
        check(&[(HOUR, TODAY), (0, TODAY + SECOND)], &[SECOND]);
    }

    #[test]
    fn thirty_days_are_the_longest_sleep() {
        check(&[(0, TODAY), (1, TODAY + 720 * HOUR)], &[720 * HOUR]);
        check(&[(0, TODAY), (1, TODAY + 720 * HOUR + 1)], &[1]);
    }
}
