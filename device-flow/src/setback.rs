//! Lost answers in a row, and when to ask again.

use core::time::Duration;

use crate::error::{Lost, LostCause, TransportError};
use crate::time::Instant;

/// Ours: the wait after the first lost answer; doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);

/// For how long answers may be lost before somebody hears of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    tries: u32,
    /// However often that was, not before so much time has passed.
    at_least: Duration,
    /// A longer wait than this is not made: they hear of it at once.
    wait: Duration,
}

impl Patience {
    /// Ours: somebody waits, and has nothing yet. Okta's rate limits count by the minute (O-100).
    pub(crate) const SHORT: Self = Self {
        tries: 4,
        at_least: Duration::ZERO,
        wait: Duration::from_secs(60),
    };
    /// Ours: they have approved already, and the tokens are here: two minutes, as a network needs that comes back.
    pub(crate) const LONG: Self = Self {
        tries: 8,
        at_least: Duration::from_secs(120),
        wait: Duration::from_secs(300),
    };
}

/// How long `secret`'s owner waits beyond a moment that everybody was told: somewhere within `span`, always the same.
///
/// No randomness is needed: what each device alone was given tells them apart (FNV-1a, 32 bits).
pub(crate) fn own_share(secret: &str, span: Duration) -> Duration {
    let hash = secret.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    span / 1024 * (hash % 1024)
}

/// Lost answers in a row, since the last good one.
#[derive(Debug)]
pub(crate) struct Setback {
    pub(crate) cause: LostCause,
    pub(crate) retry_at: Instant,
    pub(crate) failures: u32,
    began_at: Instant,
    /// The browser forbids to read the answers: that was its verdict twice in a row. One such verdict may be a guess, as a
    /// connection that broke looks the same to a page if the next one holds.
    is_forbidden: bool,
}

impl Setback {
    /// So far only this answer was lost, and the next try has its time.
    pub(crate) const fn first(now: Instant, cause: LostCause, retry_at: Instant) -> Self {
        Self {
            cause,
            retry_at,
            failures: 1,
            began_at: now,
            is_forbidden: false,
        }
    }

    /// One more than `before`: waits as told, else twice as long as the last time.
    pub(crate) fn after(before: Option<&Self>, now: Instant, lost: &Lost) -> Self {
        const FORBIDDEN: LostCause = LostCause::Transport(TransportError::CrossOriginRefused);
        let failures = before.map_or(0, |setback| setback.failures).saturating_add(1);
        let doubled = FIRST_RETRY.saturating_mul(2u32.saturating_pow(failures - 1));
        let wait = lost.retry_after.unwrap_or(doubled).max(FIRST_RETRY);
        Self {
            cause: lost.cause,
            retry_at: now + wait,
            failures,
            began_at: before.map_or(now, |before| before.began_at),
            is_forbidden: lost.cause == FORBIDDEN && before.is_some_and(|before| before.cause == FORBIDDEN),
        }
    }

    /// Whether asking again cannot help.
    pub(crate) const fn is_forbidden(&self) -> bool {
        self.is_forbidden
    }

    /// Whether somebody who waits at `now` should hear of it instead: it was tried often enough, or cannot help.
    pub(crate) fn is_final(&self, now: Instant, patience: Patience) -> bool {
        let is_enough = self.failures >= patience.tries && now.since(self.began_at) >= patience.at_least;
        self.is_forbidden || is_enough || self.retry_at.since(now) > patience.wait
    }
}

#[cfg(test)]
mod tests {
    use super::own_share;
    use core::time::Duration;

    #[test]
    fn a_crowd_comes_spread_over_the_span() {
        let span = Duration::from_secs(5);
        let mut quarters = [0; 4];
        for device in 0..1000 {
            let share = own_share(&alloc::format!("device-{device}"), span);
            assert!(share < span);
            quarters[share.as_millis() as usize / 1250] += 1;
        }
        assert!(quarters.iter().all(|count| (200..300).contains(count)), "{quarters:?}");
    }
}
