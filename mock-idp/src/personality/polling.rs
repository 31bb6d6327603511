//! Facts about pace and lifetime: too fast, too late, too often.

use std::time::Duration;

/// What becomes of a poll that comes too soon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooFast {
    /// `slow_down`, and five seconds more from then on (RFC 8628 section 3.5).
    SlowDown,
    /// The same, and the first poll counts from the moment the code was handed out.
    SlowDownFromTheFirst,
    /// Nothing.
    Ignored,
}

/// What polls hear once `expires_in` is over.
#[derive(Clone, Copy)]
pub(crate) enum AfterExpiry {
    /// `expired_token` for so long, then the code is unknown.
    ExpiredToken(Duration),
    /// The code is unknown at once.
    Unknown,
    /// As if nothing had happened, for so long; then the code is unknown.
    Pending(Duration),
    /// As if nothing had happened, until a job that runs so often, so long after the full period, deletes the code.
    UntilCleanup { every: Duration, offset: Duration },
}

/// How many codes one caller may start within a sliding window.
#[derive(Clone, Copy)]
pub(crate) struct StartLimit {
    pub(crate) count: usize,
    pub(crate) window: Duration,
}
