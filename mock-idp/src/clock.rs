//! The mock's time: running or frozen, at the system's moment or at any other, and what it tells others about it.

use std::time::{Duration, SystemTime};

use crate::time::Instant;

/// Where a virtual clock stands at the start: 2026-01-01T00:00:00Z.
pub(crate) const VIRTUAL_START: Instant = Instant::from_seconds(1_767_225_600);

/// The last second of the year 9999, the last that HTTP dates can say.
pub(crate) const LAST: u64 = 253_402_300_799;

/// A hundred years, in seconds: further away there is nothing to test.
pub(crate) const CENTURY: i64 = 3_155_760_000;

/// Refuses a moment that no HTTP date can say.
pub(crate) fn check_moment(now: u64) -> Result<(), String> {
    if now <= LAST {
        return Ok(());
    }
    Err(format!("now must be a number of seconds since 1970, up to {LAST}"))
}

/// Refuses a skew of more than a century.
pub(crate) fn check_skew(skew: i64) -> Result<(), String> {
    if skew.unsigned_abs() <= CENTURY.unsigned_abs() {
        return Ok(());
    }
    Err(format!("skew must be from -{CENTURY} to {CENTURY} seconds"))
}

/// A clock that a test can move, stop and start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pace: Pace,
    advanced_by: Duration,
    /// For [`reset`](Self::reset).
    beginning: Beginning,
}

/// How a clock begins.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beginning {
    /// Where; without a moment at the system's.
    pub(crate) now: Option<Instant>,
    pub(crate) frozen: bool,
}

#[derive(Clone, Copy, Debug)]
enum Pace {
    Frozen {
        now: Instant,
    },
    /// It showed `shown` when the system's clock showed `system`, and runs with it since.
    Running {
        shown: Instant,
        system: Instant,
    },
}

impl Clock {
    pub(crate) fn new(mut beginning: Beginning) -> Self {
        let now = beginning.now.unwrap_or_else(system_now);
        if beginning.frozen {
            beginning.now = Some(now);
        }
        Self {
            pace: Pace::begun(now, beginning.frozen),
            advanced_by: Duration::ZERO,
            beginning,
        }
    }

    pub(crate) fn now(&self) -> Instant {
        match self.pace {
            Pace::Frozen { now } => now,
            Pace::Running { shown, system } => shown + system_now().since(system),
        }
    }

    pub(crate) fn advance(&mut self, span: Duration) {
        self.set(self.now() + span);
        self.advanced_by = self.advanced_by.saturating_add(span);
    }

    /// How far [`advance`](Self::advance) has moved it since it began.
    pub(crate) fn advanced_by(&self) -> Duration {
        self.advanced_by
    }

    /// Puts it at any moment, past ones too.
    pub(crate) fn set(&mut self, now: Instant) {
        self.pace = Pace::begun(now, self.is_frozen());
    }

    pub(crate) fn freeze(&mut self) {
        self.pace = Pace::begun(self.now(), true);
    }

    pub(crate) fn run(&mut self) {
        self.pace = Pace::begun(self.now(), false);
    }

    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self.pace, Pace::Frozen { .. })
    }

    /// Puts it where and how it began: to a moment of its own, or to the system's of now.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.beginning);
    }
}

impl Pace {
    fn begun(now: Instant, frozen: bool) -> Self {
        if frozen {
            return Self::Frozen { now };
        }
        Self::Running {
            shown: now,
            system: system_now(),
        }
    }
}

/// The only place in the mock that asks the system what time it is.
#[expect(clippy::disallowed_methods, reason = "the one reader of the system clock")]
fn system_now() -> Instant {
    let since_epoch = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_millis(0) + since_epoch
}

#[cfg(test)]
mod tests {
    use super::{Beginning, Clock, VIRTUAL_START};
    use crate::time::Instant;
    use std::time::Duration;

    fn frozen() -> Clock {
        Clock::new(Beginning {
            now: Some(VIRTUAL_START),
            frozen: true,
        })
    }

    #[test]
    fn a_clock_comes_back_to_the_moment_it_began_at() {
        let begun = Instant::from_seconds(7);
        let mut clock = Clock::new(Beginning {
            now: Some(begun),
            frozen: false,
        });
        clock.set(VIRTUAL_START);
        clock.freeze();
        clock.reset();
        assert!(!clock.is_frozen() && clock.now() >= begun && clock.now() < VIRTUAL_START);

        let mut clock = Clock::new(Beginning {
            now: None,
            frozen: true,
        });
        let begun = clock.now();
        clock.set(VIRTUAL_START);
        clock.reset();
        assert_eq!((clock.is_frozen(), clock.now()), (true, begun));
    }

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let mut clock = frozen();
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), VIRTUAL_START + Duration::from_secs(5));
        clock.set(Instant::from_seconds(1));
        assert_eq!(clock.now(), Instant::from_seconds(1));
        clock.reset();
        assert_eq!(clock.now(), VIRTUAL_START);
    }

    #[test]
    fn a_clock_that_runs_starts_where_it_stood_and_freezes_where_it_is() {
        let mut clock = frozen();
        clock.run();
        assert!(!clock.is_frozen() && clock.now() >= VIRTUAL_START);
        clock.set(Instant::from_seconds(7));
        assert!(clock.now() >= Instant::from_seconds(7) && clock.now() < VIRTUAL_START);
        clock.freeze();
        assert!(clock.is_frozen());
        assert_eq!(clock.now(), clock.now());
        clock.reset();
        assert!(clock.is_frozen());
    }
}
