//! Time as plain numbers: values go in, the core never asks a clock.

use core::fmt;
use core::ops::Add;
use core::time::Duration;

/// A moment on the shell's clock, in milliseconds since an origin of the shell's choice.
///
/// The shell's clock must count time asleep and must never run backwards; only differences matter here.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Instant(u64);

impl Instant {
    /// The moment `millis` milliseconds after the origin.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the origin.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Time passed since `earlier`; zero when `earlier` lies ahead.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// Saturates, so that an absurd `expires_in` cannot wrap around.
    fn add(self, span: Duration) -> Self {
        // Not `as_millis`, which counts in 128 bits.
        let millis = span
            .as_secs()
            .saturating_mul(1000)
            .saturating_add(span.subsec_millis().into());
        Self(self.0.saturating_add(millis))
    }
}

/// Wall time in seconds since 1970-01-01T00:00:00Z, as `iat` and `exp` count it (RFC 7519 section 2, `NumericDate`).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The moment `seconds` after the epoch.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn as_secs(self) -> u64 {
        self.0
    }

    /// Time from `earlier` to this moment; zero when `earlier` lies ahead.
    pub(crate) const fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for UnixTime {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.as_secs()))
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the server's clock shows, known from the `Date` of one of its answers.
///
/// The device's own wall clock is not asked: a television may have any idea of the date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerClock {
    /// When the answer came.
    pub(crate) at: Instant,
    /// What it said.
    pub(crate) date: UnixTime,
}

impl ServerClock {
    /// What it shows at `now`, give or take the second that a `Date` is told in and the answer's way.
    pub(crate) fn now(self, now: Instant) -> UnixTime {
        self.date + now.since(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absurd_span_saturates() {
        assert_eq!(Instant::from_millis(5) + Duration::MAX, Instant::from_millis(u64::MAX));
    }

    #[test]
    fn the_future_is_no_time_ago() {
        assert_eq!(Instant::from_millis(1).since(Instant::from_millis(2)), Duration::ZERO);
    }
}
