//! Facts about how much a server takes from its callers.

use std::time::Duration;

use crate::time::Instant;

/// How often something may happen within a span.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) count: usize,
    pub(crate) window: Duration,
}

impl Limit {
    /// Whether what happened then still counts; what a clock that was set back has ahead of it does not.
    pub(crate) fn is_within(&self, then: Instant, now: Instant) -> bool {
        then <= now && now.since(then) < self.window
    }
}
