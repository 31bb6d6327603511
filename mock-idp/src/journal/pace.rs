//! One device code as its client should treat it: when it may be asked about, and whether it still may.

use std::time::Duration;

use super::answer::Last;
use super::verdict::{
    AFTER_DENIAL, AFTER_EXPIRY, AFTER_THE_END, FIRST_POLL, LONG_AFTER_EXPIRES_IN, NO_BACK_OFF, NOT_SLOWER, RETRY_AFTER,
    Rule, TOO_EARLY, UNREADABLE,
};
use crate::time::Instant;

/// How much sooner than the interval a poll may come without being called early.
const TOLERANCE: Duration = Duration::from_millis(200);

/// What `slow_down` adds (RFC 8628 section 3.5).
const INCREMENT: Duration = Duration::from_secs(5);

/// What a client goes by when the answer has no interval (S-15), or an absurd one.
const USUAL_INTERVAL: u64 = 5;

/// Nobody has to wait longer than this for being told so, or the approval of a code could go unnoticed until its end
///
const LONGEST_WAIT: u64 = 300;

/// A first poll this soon after the code is one at second 0.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What a client was told about one device code.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) client_id: String,
    /// The host it was asked for at.
    pub(super) host: String,
    pub(super) issued_at: Instant,
    /// The scope that was asked for.
    pub(super) scope: Option<String>,
    ends_at: Instant,
    interval: Duration,
    slowed_down: bool,
    /// The poll before, once there was one.
    previous: Option<Poll>,
    /// How many answers that can be read came to polls after the end.
    answers_after_the_end: u32,
    /// How many polls in a row were sent back for a nonce.
    nonces: u32,
}

/// One poll.
#[derive(Debug)]
struct Poll {
    arrived_at: Instant,
    answered_at: Instant,
    answer: Last,
}

impl Code {
    /// A code that was told with `interval` and `expires_in`, in seconds, as far as they can be read.
    pub(super) fn new(
        client_id: String,
        host: String,
        scope: Option<String>,
        issued_at: Instant,
        interval: Option<u64>,
        expires_in: Option<u64>,
    ) -> Self {
        let expires_in = expires_in.unwrap_or(u64::MAX / 1000);
        let is_sane = |interval: &u64| (1..=LONGEST_WAIT).contains(interval) && *interval < expires_in;
        let interval = interval.filter(is_sane).unwrap_or(USUAL_INTERVAL);
        Self {
            client_id,
            host,
            scope,
            issued_at,
            ends_at: issued_at + Duration::from_secs(expires_in),
            interval: Duration::from_secs(interval),
            slowed_down: false,
            previous: None,
            answers_after_the_end: 0,
            nonces: 0,
        }
    }

    /// How long after the previous answer a poll arrives.
    pub(super) fn gap(&self, arrived_at: Instant) -> Option<Duration> {
        let previous = self.previous.as_ref()?;
        Some(arrived_at.since(previous.answered_at))
    }

    /// What is wrong with a poll that arrives now; `shows_proof` if it proves possession of a key (RFC 9449).
    pub(super) fn judge(&mut self, arrived_at: Instant, shows_proof: bool) -> Option<(Rule, String)> {
        self.take_in(arrived_at);
        match self.previous.as_ref().map(|poll| &poll.answer) {
            Some(Last::Over(error)) => return Some(after_the_end(error.as_deref())),
            Some(Last::Nonce) if !shows_proof => return Some(after_the_end(Some("use_dpop_nonce"))),
            Some(Last::Nonce) if self.nonces == 1 => {}
            _ => {
                let found = self.too_soon(arrived_at);
                if found.is_some() {
                    return found;
                }
            }
        }
        self.too_late(arrived_at)
    }

    /// Lets the previous answer sink in. Whether its client waited for it shows only now.
    fn take_in(&mut self, arrived_at: Instant) {
        let Some(poll) = &mut self.previous else {
            return;
        };
        if arrived_at < poll.answered_at {
            poll.answer = Last::Lost;
        }
        self.nonces = if poll.answer == Last::Nonce { self.nonces + 1 } else { 0 };
        match &poll.answer {
            Last::SlowDown(told) => {
                let told = told.filter(|told| told.as_secs() <= LONGEST_WAIT);
                self.interval = (self.interval + INCREMENT).max(told.unwrap_or_default());
                self.slowed_down = true;
            }
            Last::Lost | Last::Unreadable { .. } | Last::Nonce => return,
            Last::Pending | Last::Over(_) => {}
        }
        if poll.arrived_at > self.ends_at {
            self.answers_after_the_end += 1;
        }
    }

    fn too_soon(&self, arrived_at: Instant) -> Option<(Rule, String)> {
        let Some(previous) = &self.previous else {
            let gap = arrived_at.since(self.issued_at);
            let text = || format!("first polled {} after the code: give the person time", seconds(gap));
            return (gap < AT_ONCE).then(|| (FIRST_POLL, text()));
        };
        // Whoever gave up waiting for the answer did so after asking: more than that is not known.
        let (from, what) = if arrived_at < previous.answered_at {
            (previous.arrived_at, "poll, without waiting for its answer")
        } else {
            (previous.answered_at, "answer")
        };
        let gap = arrived_at.since(from);
        let text = || {
            format!(
                "polled {} after the previous {what}; the interval is {}",
                seconds(gap),
                seconds(self.interval)
            )
        };
        if gap + TOLERANCE < self.interval {
            return Some((if self.slowed_down { NOT_SLOWER } else { TOO_EARLY }, text()));
        }
        let retry_after = match previous.answer {
            Last::Lost => None,
            Last::Unreadable { retry_after, .. } => retry_after,
            _ => return None,
        };
        // One last ask when the code ends is sound, however little is left until then.
        if arrived_at + TOLERANCE >= self.ends_at && previous.arrived_at < self.ends_at {
            return None;
        }
        if let Some(told) = retry_after {
            let told = told.min(Duration::from_secs(LONGEST_WAIT));
            let text = || {
                format!(
                    "polled {} after an answer with a Retry-After of {}",
                    seconds(gap),
                    seconds(told)
                )
            };
            return (gap + TOLERANCE < told).then(|| (RETRY_AFTER, text()));
        }
        let same_pace = gap <= self.interval + TOLERANCE;
        same_pace.then(|| match previous.answer {
            Last::Unreadable { status, .. } => {
                let body = if status < 500 && status != 408 && status != 429 {
                    ", which nobody can read"
                } else {
                    ""
                };
                let text = format!("{}, and that answer was {status}{body}: wait longer", text());
                (UNREADABLE, text)
            }
            _ => (
                NO_BACK_OFF,
                format!("{}, and that answer was lost: wait longer", text()),
            ),
        })
    }

    /// One last ask is sound, as the server is the authority on expiry, and so is asking until it is answered; more is
    /// not.
    fn too_late(&self, arrived_at: Instant) -> Option<(Rule, String)> {
        let late = arrived_at.since(self.ends_at);
        let text = || format!("polled again {} after expires_in was over", seconds(late));
        (self.answers_after_the_end > 0).then(|| (LONG_AFTER_EXPIRES_IN, text()))
    }

    /// Notes what the poll is answered.
    pub(super) fn hear(&mut self, arrived_at: Instant, answered_at: Instant, answer: Last) {
        self.previous = Some(Poll {
            arrived_at,
            answered_at,
            answer,
        });
    }
}

/// What a poll is that comes although it is over; `None` after tokens.
fn after_the_end(error: Option<&str>) -> (Rule, String) {
    match error {
        Some("access_denied") => (AFTER_DENIAL, "polled after access_denied".to_owned()),
        Some("expired_token") => (AFTER_EXPIRY, "polled after expired_token".to_owned()),
        Some("use_dpop_nonce") => {
            let text = "polled after use_dpop_nonce without a DPoP proof";
            (AFTER_THE_END, text.to_owned())
        }
        Some(error) => (
            AFTER_THE_END,
            format!("polled after {error}, which is not a reason to go on"),
        ),
        None => (AFTER_THE_END, "polled after the tokens were handed out".to_owned()),
    }
}

fn seconds(span: Duration) -> String {
    let tenths = (span.as_millis() + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
