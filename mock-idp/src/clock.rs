//! The mock's time: running or frozen, at the system's moment or at any other, and what it tells others about it.

use std::time::{Duration, SystemTime};

use crate::time::Instant;

/// Where a virtual clock stands at the start: 2026-01-01T00:00:00Z.
pub(crate) const VIRTUAL_START: Instant = Instant::from_seconds(1_767_225_600);

/// A clock that a test can move, stop and start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pace: Pace,
    advanced_by: Duration,
    /// Whether it began frozen, for [`reset`](Self::reset).
    began_frozen: bool,
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
    pub(crate) fn new(frozen: bool) -> Self {
        let mut clock = Self {
            pace: Pace::Frozen { now: VIRTUAL_START },
            advanced_by: Duration::ZERO,
            began_frozen: frozen,
        };
        clock.reset();
        clock
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
        self.pace = match self.pace {
            Pace::Frozen { .. } => Pace::Frozen { now },
            Pace::Running { .. } => Self::running(now),
        };
    }

    pub(crate) fn freeze(&mut self) {
        self.pace = Pace::Frozen { now: self.now() };
    }

    pub(crate) fn run(&mut self) {
        self.pace = Self::running(self.now());
    }

    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self.pace, Pace::Frozen { .. })
    }

    /// Where and how it began: at the system's moment, or frozen at the virtual start.
    pub(crate) fn reset(&mut self) {
        self.advanced_by = Duration::ZERO;
        self.pace = if self.began_frozen {
            Pace::Frozen { now: VIRTUAL_START }
        } else {
            Self::running(system_now())
        };
    }

    fn running(shown: Instant) -> Pace {
        Pace::Running {
            shown,
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
    use super::{Clock, VIRTUAL_START};
    use crate::time::Instant;
    use std::time::Duration;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let mut clock = Clock::new(true);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), VIRTUAL_START + Duration::from_secs(5));
        clock.set(Instant::from_seconds(1));
        assert_eq!(clock.now(), Instant::from_seconds(1));
        clock.reset();
        assert_eq!(clock.now(), VIRTUAL_START);
    }

    #[test]
    fn a_clock_that_runs_starts_where_it_stood_and_freezes_where_it_is() {
        let mut clock = Clock::new(true);
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
