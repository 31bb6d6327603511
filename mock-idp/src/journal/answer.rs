//! What the answer to a poll means to its client.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;

use super::is_lost;
use crate::http::Response;
use crate::time::Instant;

/// What a poll led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// More polls may follow.
    Pending,
    /// The interval is longer from now on; by the answer itself, if it says.
    SlowDown(Option<Duration>),
    /// No answer came, or not all of it.
    Lost,
    /// Something else than the token endpoint answered, perhaps with how long to leave the server alone.
    Unreadable { status: u16, retry_after: Option<Duration> },
    /// The proof of possession lacks the server's nonce: the same once more, with it (S-64, RFC 9449 section 8).
    Nonce,
    /// It is over: an error code, or `None` for tokens.
    Over(Option<String>),
}

impl Last {
    /// Reads an answer that leaves at `answered_at`; `body` is its JSON.
    pub(super) fn of(response: &Response, body: &Value, answered_at: Instant) -> Self {
        if is_lost(response) {
            return Self::Lost;
        }
        let unreadable = || Self::Unreadable {
            status: response.status,
            retry_after: retry_after(response, answered_at),
        };
        match body["error"].as_str() {
            Some("authorization_pending") => Self::Pending,
            Some("slow_down") => Self::SlowDown(whole_seconds(&body["interval"]).map(Duration::from_secs)),
            Some("use_dpop_nonce") => Self::Nonce,
            // A front that speaks JSON is still a front.
            _ if response.status >= 500 || response.status == 408 => unreadable(),
            Some(error) => Self::Over(Some(error.to_owned())),
            None => match body["errorCode"].as_str() {
                Some(code) if response.status != 429 => Self::Over(Some(code.to_owned())),
                _ if body["access_token"].is_string() => Self::Over(None),
                _ => unreadable(),
            },
        }
    }
}

/// How long the server asks to be left alone, in seconds or up to a date (RFC 9110 section 10.2.3).
fn retry_after(response: &Response, answered_at: Instant) -> Option<Duration> {
    let text = response.header("retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok();
    // Client and server compare the two dates of one answer, whatever their clocks show.
    let told = response.header("date").and_then(date);
    let told = told.unwrap_or_else(|| Duration::from_millis(answered_at.millis()));
    Some(date(text)?.saturating_sub(told))
}

/// A number of seconds, also one that comes as a text.
pub(super) fn whole_seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
