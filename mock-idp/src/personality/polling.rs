//! Facts about pace and lifetime: too fast, too late, too often.

use std::time::Duration;

/// What becomes of a poll that comes too soon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooFast {
    /// `slow_down`, and five seconds more from then on (RFC 8628 section 3.5).
    SlowDown,
    /// The same, and the first poll counts from the moment the code was handed out.
    SlowDownFromTheFirst,
    /// `slow_down`, and the interval stays as it is.
    SlowDownForgotten,
    /// `slow_down` for polls sooner than this, whatever the interval, which stays as it is.
    SlowDownWithin(Duration),
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

/// When a server asks its access policies about a device.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PolicyAsked {
    /// When the person has signed in.
    OnceSignedIn,
    /// Then, and when a code is asked for, as far as they do without a person.
    AlsoAtStart,
    /// Then, and at every poll before, as far as they do without a person.
    AlsoAtEveryPoll,
}
