//! Lost answers in a row, and when to ask again.

use core::time::Duration;

use crate::error::{Lost, LostCause};
use crate::time::Instant;

/// Ours: how often one exchange that somebody waits for is tried before they hear of it.
const MAX_TRIES: u32 = 4;
/// Ours: the wait after the first lost answer; doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Ours: a longer wait than this is not made while somebody waits: they hear of it at once.
///
/// Okta's rate limits count by the minute (O-100).
const MAX_RETRY: Duration = Duration::from_secs(60);

/// Lost answers in a row, since the last good one.
#[derive(Debug)]
pub(crate) struct Setback {
    pub(crate) cause: LostCause,
    pub(crate) retry_at: Instant,
    pub(crate) failures: u32,
}

impl Setback {
    /// One more than `before`: waits as told, else twice as long as the last time.
    pub(crate) fn after(before: Option<&Self>, now: Instant, lost: &Lost) -> Self {
        let failures = before.map_or(0, |setback| setback.failures).saturating_add(1);
        let doubled = FIRST_RETRY.saturating_mul(2u32.saturating_pow(failures - 1));
        let wait = lost.retry_after.unwrap_or(doubled).max(FIRST_RETRY);
        Self {
            cause: lost.cause,
            retry_at: now + wait,
            failures,
        }
    }

    /// Whether somebody who waits at `now` should hear of it instead: it was tried often enough, or cannot help.
    pub(crate) fn is_final(&self, now: Instant) -> bool {
        let hopeless = matches!(self.cause, LostCause::Transport(error) if !error.is_transient());
        hopeless || self.failures >= MAX_TRIES || self.retry_at.since(now) > MAX_RETRY
    }
}
