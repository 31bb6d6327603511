//! When a server that cannot answer now wants to be asked again.

use core::time::Duration;

use crate::http::HttpResponse;
use crate::time::UnixTime;
use crate::wire::http_date;

/// What the answer says about that, as far as it can be read.
///
/// A page reads these headers only from its own origin or where the server exposes them (O-109); elsewhere they are
/// absent. A moment is counted from the answer's own `Date`, else from `server_time`: never from the device's clock.
pub(super) fn read(response: &HttpResponse, server_time: Option<UnixTime>) -> Option<RetryAfter> {
    let from = response.date().or(server_time);
    retry_after(response, from).or_else(|| rate_limit_reset(response, from))
}

/// How long to wait.
pub(super) struct RetryAfter {
    pub(super) wait: Duration,
    /// It was told as a date, which is the same for all.
    pub(super) is_moment: bool,
}

impl RetryAfter {
    fn at(moment: UnixTime, from: Option<UnixTime>) -> Option<Self> {
        let wait = moment.since(from?);
        Some(Self { wait, is_moment: true })
    }
}

/// `Retry-After`, in seconds or as a date (RFC 9110 section 10.2.3).
fn retry_after(response: &HttpResponse, from: Option<UnixTime>) -> Option<RetryAfter> {
    let text = response.header("retry-after")?;
    match text.parse() {
        Ok(seconds) => Some(RetryAfter {
            wait: Duration::from_secs(seconds),
            is_moment: false,
        }),
        Err(_) => RetryAfter::at(http_date::read(text)?, from),
    }
}

/// `X-Rate-Limit-Reset`, in seconds since 1970. Okta gives it with every answer (O-97) and means it with a 429, where
/// no `Retry-After` is (O-99), unless too much was asked at once: then the limit is 0, and no moment ends that.
fn rate_limit_reset(response: &HttpResponse, from: Option<UnixTime>) -> Option<RetryAfter> {
    if response.status != 429 || response.header("x-rate-limit-limit") == Some("0") {
        return None;
    }
    let reset = response.header("x-rate-limit-reset")?.parse().ok()?;
    RetryAfter::at(UnixTime::from_secs(reset), from)
}

impl HttpResponse {
    /// What the server's clock showed as it answered (RFC 9110 section 6.6.1).
    pub(crate) fn date(&self) -> Option<UnixTime> {
        http_date::read(self.header("date")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    const DATE: (&str, &str) = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    const RESET: (&str, &str) = ("X-Rate-Limit-Reset", "784111800");

    fn wait(status: u16, headers: &[(&str, &str)], server_time: Option<u64>) -> Option<u64> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        let response = HttpResponse {
            status,
            headers: headers.collect(),
            body: Vec::new(),
        };
        read(&response, server_time.map(UnixTime::from_secs)).map(|told| told.wait.as_secs())
    }

    #[test]
    fn seconds_need_no_clock() {
        assert_eq!(wait(503, &[("Retry-After", "120")], None), Some(120));
        assert_eq!(wait(429, &[("Retry-After", " 0 "), DATE, RESET], None), Some(0));
    }

    #[test]
    fn a_date_is_counted_from_the_servers_clock() {
        let until = ("Retry-After", "Sun, 06 Nov 1994 08:50:00 GMT");
        assert_eq!(wait(503, &[until, DATE], None), Some(23));
        assert_eq!(wait(503, &[until, DATE], Some(0)), Some(23), "the answer knows better");
        assert_eq!(
            wait(503, &[until], Some(784_111_790)),
            Some(10),
            "it was learned before"
        );
        assert_eq!(wait(503, &[until], Some(784_111_900)), Some(0), "it has passed");
        assert_eq!(
            wait(503, &[until], None),
            None,
            "nobody knows what the server's clock shows"
        );
    }

    #[test]
    fn a_rate_limit_says_when_it_ends() {
        assert_eq!(wait(429, &[DATE, RESET], None), Some(23));
        assert_eq!(wait(429, &[RESET], None), None);
        assert_eq!(wait(503, &[DATE, RESET], None), None, "it was not the rate");
        let at_once = ("X-Rate-Limit-Limit", "0");
        assert_eq!(wait(429, &[DATE, at_once, RESET], None), None);
    }

    #[test]
    fn what_is_neither_says_nothing() {
        for text in ["", "-1", "soon", "99999999999999999999"] {
            assert_eq!(wait(503, &[("Retry-After", text), DATE], None), None, "{text}");
        }
    }
}
