//! The mock's time: the system's or a frozen one, either of which a test can move forward.

use std::time::{Duration, SystemTime};

use crate::time::Instant;

/// Where a virtual clock stands at the start: 2026-01-01T00:00:00Z.
pub(crate) const VIRTUAL_START: Instant = Instant::from_seconds(1_767_225_600);

/// A clock that a test can move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// The moment it is frozen at before any offset; `None` to follow the system.
    frozen_at: Option<Instant>,
    offset: Duration,
}

impl Clock {
    pub(crate) fn new(frozen_at: Option<Instant>) -> Self {
        Self {
            frozen_at,
            offset: Duration::ZERO,
        }
    }

    pub(crate) fn now(&self) -> Instant {
        self.frozen_at.unwrap_or_else(system_now) + self.offset
    }

    pub(crate) fn advance(&mut self, span: Duration) {
        self.offset = self.offset.saturating_add(span);
    }

    pub(crate) fn reset(&mut self) {
        self.offset = Duration::ZERO;
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// How far it was moved since the start.
    pub(crate) fn offset(&self) -> Duration {
        self.offset
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
