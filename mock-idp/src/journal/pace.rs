//! One device code as its client should treat it: when it may be asked about, and whether it still may.

use std::time::Duration;

use super::verdict::{
    AFTER_DENIAL, AFTER_EXPIRY, AFTER_THE_END, FIRST_POLL, LONG_AFTER_EXPIRES_IN, NO_BACK_OFF, NOT_SLOWER, Rule,
    TOO_EARLY,
};
use crate::time::Instant;

/// How much sooner than the interval a poll may come without being called early.
const TOLERANCE: Duration = Duration::from_millis(200);

/// What `slow_down` adds (RFC 8628 section 3.5).
const INCREMENT: Duration = Duration::from_secs(5);

/// What a client was told about one device code.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) client_id: String,
    /// The host it was asked for at.
    pub(super) host: String,
    issued_at: Instant,
    ends_at: Instant,
    interval: Duration,
    slowed_down: bool,
    answered_at: Option<Instant>,
    last: Last,
    polls_after_the_end: u32,
}

/// What the previous poll led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// More polls may follow.
    Pending,
    /// The interval is longer from now on; by the answer itself, if it says.
    SlowDown(Option<Duration>),
    /// No readable answer came.
    Lost,
    /// It is over: an error code, or `None` for tokens.
    Over(Option<String>),
}

impl Code {
    pub(super) fn new(client_id: String, host: String, issued_at: Instant, interval: u64, expires_in: u64) -> Self {
        Self {
            client_id,
            host,
            issued_at,
            ends_at: issued_at + Duration::from_secs(expires_in),
            interval: Duration::from_secs(interval),
            slowed_down: false,
            answered_at: None,
            last: Last::Pending,
            polls_after_the_end: 0,
        }
    }

    /// How long after the previous answer a poll arrives.
    pub(super) fn gap(&self, arrived_at: Instant) -> Option<Duration> {
        self.answered_at.map(|answered_at| arrived_at.since(answered_at))
    }

    /// What is wrong with a poll that arrives now.
    pub(super) fn judge(&mut self, arrived_at: Instant) -> Option<(Rule, String)> {
        if let Last::Over(error) = &self.last {
            return Some(match error.as_deref() {
                Some("access_denied") => (AFTER_DENIAL, "polled after access_denied".to_owned()),
                Some("expired_token") => (AFTER_EXPIRY, "polled after expired_token".to_owned()),
                Some(error) => (
                    AFTER_THE_END,
                    format!("polled after {error}, which is not a reason to go on"),
                ),
                None => (AFTER_THE_END, "polled after the tokens were handed out".to_owned()),
            });
        }
        if arrived_at > self.ends_at {
            self.polls_after_the_end += 1;
        }
        self.too_soon(arrived_at).or_else(|| self.too_late(arrived_at))
    }

    fn too_soon(&self, arrived_at: Instant) -> Option<(Rule, String)> {
        let interval = seconds(self.interval);
        let Some(gap) = self.gap(arrived_at) else {
            let gap = arrived_at.since(self.issued_at);
            let text = format!(
                "first polled {} after the code; the interval is {interval}",
                seconds(gap)
            );
            return (gap + TOLERANCE < self.interval).then_some((FIRST_POLL, text));
        };
        let text = format!(
            "polled {} after the previous answer; the interval is {interval}",
            seconds(gap)
        );
        if gap + TOLERANCE < self.interval {
            return Some((if self.slowed_down { NOT_SLOWER } else { TOO_EARLY }, text));
        }
        let same_pace = self.last == Last::Lost && gap <= self.interval + TOLERANCE;
        same_pace.then(|| (NO_BACK_OFF, format!("{text}, and that answer was lost: wait longer")))
    }

    /// One last ask is sound, as the server is the authority on expiry; more are not.
    fn too_late(&self, arrived_at: Instant) -> Option<(Rule, String)> {
        let late = seconds(arrived_at.since(self.ends_at));
        let text = format!("polled again {late} after expires_in was over");
        (self.polls_after_the_end > 1).then_some((LONG_AFTER_EXPIRES_IN, text))
    }

    /// Takes in what the poll was answered.
    pub(super) fn hear(&mut self, answered_at: Instant, last: Last) {
        self.answered_at = Some(answered_at);
        if let Last::SlowDown(told) = last {
            self.interval = (self.interval + INCREMENT).max(told.unwrap_or_default());
            self.slowed_down = true;
        }
        self.last = last;
    }
}

fn seconds(span: Duration) -> String {
    format!("{:.1} s", span.as_secs_f64())
}
