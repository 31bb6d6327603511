//! The only reader of the clocks here.

use std::time::{Duration, Instant, SystemTime};

/// Time since a moment.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Today in Greenwich, such as `06 Nov 1994`.
pub(crate) fn today() -> String {
    #[expect(clippy::disallowed_methods, reason = "results carry their date")]
    let date = httpdate::fmt_http_date(SystemTime::now());
    // Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 section 5.6.7)
    date.get(5..16).unwrap_or(&date).to_owned()
}
