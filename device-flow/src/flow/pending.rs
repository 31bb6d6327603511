//! The wait between "here is your code" and "you are signed in": all timing of RFC 8628 sections 3.3 to 3.5.

#[cfg(test)]
mod tests;

use core::time::Duration;

use crate::error::{FlowError, Lost};
use crate::flow::Ending;
use crate::time::{Instant, UnixTime};
use crate::wire::AnswerError;
use crate::wire::token::{TokenAnswer, Tokens};

/// Section 3.5: every `slow_down` adds five seconds, for this and all later polls.
const SLOW_DOWN_INCREMENT: Duration = Duration::from_secs(5);
/// Ours: so many `slow_down` in a row add that and no more; each one after them adds twice as much as the one before.
///
/// A server that heard a poll which the network repeated, or whose `slow_down` got lost, has counted further than we have.
/// If it counts on with every poll that is too soon for it, five seconds more each time never catch up.
/// Up to [`LONGEST_WAIT`], from where on it is five seconds again: a server that only ever says `slow_down` must not silence
/// a code for good.
const TAKEN_AT_ITS_WORD: u32 = 3;
/// Ours, not the RFC's: section 3.5 asks for back-off on a connection timeout, without a ceiling.
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// Ours: a server that wants to be left alone for longer is asked all the same after this, or the approval of a code
/// that lives for half an hour could go unnoticed until its end.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Ours: added to every wait, because two clocks never agree and a poll that is early by a hair costs five seconds.
const POLL_MARGIN: Duration = Duration::from_millis(250);
/// Ours: the last ask is made so often until it is answered; with an interval of five seconds and nobody there that takes
/// a minute and a half.
///
/// A set that wakes from standby is awake before its network is. If the first try were the last one, an approval that the
/// server still holds would be lost; if there were no end to it, a dead code would stay on the screen.
const MAX_LAST_ASKS: u32 = 5;
/// Ours: how often the server's clock is believed when it says that the code has not run out yet. A set learns the date
/// once; a server whose clock stands still must not be asked for ever.
const MAX_REPRIEVES: u32 = 3;

/// When to ask next, and what an answer means for that.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// Invariant: never shrinks while one device code lives; grows by `slow_down` alone.
    interval: Duration,
    /// How many came in a row.
    slow_downs: u32,
    /// Extra wait after lost answers; forgotten at the next readable one.
    backoff: Duration,
    next_poll_at: Instant,
    lifetime: Duration,
    expires_at: Instant,
    /// The same by the server's clock, if its answer told the time.
    expires_by_server: Option<UnixTime>,
    reprieves: u32,
    /// How many polls went out at or after `expires_at`: none, or those of the last ask.
    last_asks: u32,
    /// What this device waits beyond a moment that everybody was told, so that they do not all come in that second.
    own_share: Duration,
}

/// What follows from an answer.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Ask again at `next_poll_at`.
    Again,
    Ended(Ending),
    Failed(FlowError),
    Granted(Tokens),
}

impl Pending {
    /// Starts with the device authorization response that arrived at `now` and told that time. The first poll waits one
    /// interval.
    ///
    /// Within an interval, `own_share` is this device's own.
    pub(crate) fn new(
        now: Instant,
        date: Option<UnixTime>,
        lifetime: Duration,
        interval: Duration,
        own_share: Duration,
    ) -> Self {
        Self {
            interval,
            slow_downs: 0,
            backoff: Duration::ZERO,
            next_poll_at: now + interval + POLL_MARGIN,
            lifetime,
            expires_at: now + lifetime,
            expires_by_server: date.map(|date| date + lifetime),
            reprieves: 0,
            last_asks: 0,
            own_share,
        }
    }

    /// When the next poll may go out.
    pub(crate) fn next_poll_at(&self) -> Instant {
        self.next_poll_at
    }

    /// When the code runs out by our clock.
    pub(crate) fn expires_at(&self) -> Instant {
        self.expires_at
    }

    /// How long the code lives from its issue.
    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// What is left of that at `now` by our clock.
    pub(crate) fn left(&self, now: Instant) -> Duration {
        self.expires_at.since(now)
    }

    /// Whether a poll goes out at `now`; if so the caller sends it.
    pub(crate) fn due(&mut self, now: Instant) -> bool {
        if now < self.next_poll_at {
            return false;
        }
        if now >= self.expires_at {
            self.last_asks += 1;
        }
        true
    }

    /// Judges the answer that arrived at `now` and told that time.
    pub(crate) fn judge(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        answer: Result<TokenAnswer, AnswerError>,
    ) -> Verdict {
        match answer {
            Ok(TokenAnswer::Granted(tokens)) => return Verdict::Granted(tokens),
            Ok(TokenAnswer::AccessDenied(response)) => return Verdict::Ended(Ending::Denied(response)),
            Ok(TokenAnswer::ExpiredToken) => return Verdict::Ended(Ending::Expired),
            Ok(TokenAnswer::AuthorizationPending) => self.slow_downs = 0,
            Ok(TokenAnswer::SlowDown { interval: told }) => {
                let told = told.unwrap_or_default().min(LONGEST_WAIT);
                let most = LONGEST_WAIT.max(self.interval + SLOW_DOWN_INCREMENT);
                self.interval = (self.interval + self.increment()).min(most).max(told);
                self.slow_downs += 1;
            }
            Err(AnswerError::Lost(lost)) => return self.lost(now, &lost),
            Err(AnswerError::Misbehaved(error)) => return Verdict::Failed(FlowError::Misbehaved(error)),
            Err(AnswerError::Refused(response)) => return Verdict::Failed(FlowError::Refused(response)),
        }
        self.backoff = Duration::ZERO;
        if self.last_asks > 0 && !self.is_reprieved(now, date) {
            return Verdict::Ended(Ending::Expired);
        }
        self.poll_after(now, self.interval)
    }

    /// What the next `slow_down` adds.
    fn increment(&self) -> Duration {
        let doublings = (self.slow_downs + 1).saturating_sub(TAKEN_AT_ITS_WORD).min(8);
        (SLOW_DOWN_INCREMENT * 2u32.pow(doublings)).min(MAX_BACKOFF)
    }

    /// Waits as told, else for the interval and a doubling extra.
    fn lost(&mut self, now: Instant, lost: &Lost) -> Verdict {
        // Nobody knows whether the code was approved: that is not "expired".
        if self.last_asks >= MAX_LAST_ASKS {
            return Verdict::Failed(FlowError::Lost(lost.cause));
        }
        self.backoff = (self.backoff * 2).max(self.interval).min(MAX_BACKOFF);
        let longest = if self.last_asks > 0 { MAX_BACKOFF } else { LONGEST_WAIT };
        let more = if lost.is_moment { self.own_share } else { Duration::ZERO };
        let told = lost.retry_after.map(|told| told.saturating_add(more).min(longest));
        self.poll_after(now, told.unwrap_or(self.interval + self.backoff))
    }

    /// Never earlier than the interval after an answer, and never past the deadline, save for the last ask, which the
    /// interval itself may delay.
    fn poll_after(&mut self, now: Instant, wait: Duration) -> Verdict {
        let wait = match self.left(now) {
            Duration::ZERO => wait,
            left => wait.min(left),
        };
        self.next_poll_at = now + wait.max(self.interval) + POLL_MARGIN;
        Verdict::Again
    }

    /// Whether the server's clock says that ours went too fast: a wall clock that is set forward looks like sleep.
    /// What is left of the code then counts from now.
    fn is_reprieved(&mut self, now: Instant, date: Option<UnixTime>) -> bool {
        let (Some(end), Some(date)) = (self.expires_by_server, date) else {
            return false;
        };
        let left = end.since(date).min(self.lifetime);
        if left.is_zero() || self.reprieves == MAX_REPRIEVES {
            return false;
        }
        self.reprieves += 1;
        self.last_asks = 0;
        self.expires_at = now + left;
        true
    }
}
