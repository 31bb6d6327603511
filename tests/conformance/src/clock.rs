//! The only file that reads clocks.
#![expect(clippy::disallowed_methods, reason = "this file is where clocks are read")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The day, as in `Fri, 27 Nov 2026`.
pub fn today() -> String {
    let date = httpdate::fmt_http_date(SystemTime::now());
    date.split(' ').take(4).collect::<Vec<_>>().join(" ")
}

/// A moment that others are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has run.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
