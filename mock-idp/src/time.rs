//! The mock's own clock reading: one integer, so that no code here can ask the system what time it is.

use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};

/// A moment, in milliseconds since the Unix epoch.
///
/// Arithmetic saturates: a deadline can be very far away, but never wraps round into the past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The moment `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The moment `seconds` seconds after the Unix epoch.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, as JWT claims count them (RFC 7519 section 2, `NumericDate`).
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// The span from `earlier` to this moment; nothing if `earlier` is in fact later.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The moment so many seconds later, or earlier if the number is negative.
    pub(crate) const fn ahead_by(self, seconds: i64) -> Self {
        Self(self.0.saturating_add_signed(seconds.saturating_mul(1000)))
    }

    /// The moment as an HTTP date, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    pub fn http_date(self) -> String {
        // HTTP dates have four-digit years: everything after 9999 is its last second.
        let seconds = self.seconds().min(253_402_300_799);
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)),
        )
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(u64::try_from(span.as_millis()).unwrap_or(u64::MAX)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Instant;
    use std::time::Duration;

    #[test]
    fn http_dates_are_those_of_the_rfc_and_end_with_the_year_9999() {
        let date = |seconds| Instant::from_seconds(seconds).http_date();
        assert_eq!(date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"); // RFC 9110 section 5.6.7
        assert_eq!(date(u64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn arithmetic_saturates() {
        let end = Instant::from_millis(u64::MAX);
        assert_eq!(end + Duration::from_secs(1), end);
        assert_eq!(Instant::from_millis(5) - Duration::MAX, Instant::from_millis(0));
        assert_eq!(Instant::from_millis(5).since(end), Duration::ZERO);
    }
}
