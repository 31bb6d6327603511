//! The device grant: from a code on a screen to one redemption (RFC 8628 sections 3.3 to 3.5).

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::personality::{AfterExpiry, Personality, TooFast};
use crate::refusal::Refusal;
use crate::time::Instant;

/// Every `slow_down` adds this much, for this and all later polls (RFC 8628 section 3.5).
const SLOW_DOWN_INCREMENT: Duration = Duration::from_secs(5);

/// How much sooner than the interval a poll may come without being called fast.
const LEEWAY: Duration = Duration::from_millis(200);

/// One sign-in of one device.
#[derive(Clone, Debug)]
pub(crate) struct DeviceGrant {
    /// Later grants have greater numbers, whatever the clock says.
    pub(crate) number: u64,
    pub(crate) device_code: Arc<str>,
    pub(crate) user_code: Arc<str>,
    pub(crate) client_id: String,
    /// The scope as asked for, space separated.
    pub(crate) scope: String,
    /// The issuer's URL at the time of the request; its tokens carry it.
    pub(crate) issuer: String,
    /// Which of the host's issuers that was, also after others came and went.
    pub(crate) issuer_id: String,
    pub(crate) issued_at: Instant,
    pub(crate) expires_at: Instant,
    pub(crate) decision: Decision,
    /// Grows by `slow_down`, never shrinks.
    pub(crate) interval: Duration,
    /// When the person first saw what they decide about.
    pub(crate) seen_at: Option<Instant>,
    pub(crate) polls: u32,
    pub(crate) answered_at: Option<Instant>,
    pub(crate) redeemed_at: Option<Instant>,
}

/// What became of the person's visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Waiting,
    Denied {
        at: Instant,
    },
    /// They may not: what the device hears of it.
    Refused {
        refusal: Refusal,
        at: Instant,
    },
    Approved {
        username: String,
        at: Instant,
    },
}

/// Where a grant stands, in the words of the control listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// Nobody has decided.
    Pending,
    /// Somebody said yes; the device has not fetched its tokens.
    Approved,
    /// Somebody said no, or the server said it to them.
    Denied,
    /// Nobody decided, or nobody fetched, in time.
    Expired,
    /// The device has its tokens.
    Redeemed,
}

impl GrantState {
    /// The lower-case word, such as `pending`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::Redeemed => "redeemed",
        }
    }
}

/// The rules that a poll is judged by.
#[derive(Clone, Copy)]
pub(crate) struct PollRules {
    pub(crate) too_fast: TooFast,
    pub(crate) after_expiry: AfterExpiry,
}

impl DeviceGrant {
    pub(crate) fn state(&self, now: Instant) -> GrantState {
        match self.decision {
            _ if self.redeemed_at.is_some() => GrantState::Redeemed,
            Decision::Denied { .. } | Decision::Refused { .. } => GrantState::Denied,
            _ if now >= self.expires_at => GrantState::Expired,
            Decision::Waiting => GrantState::Pending,
            Decision::Approved { .. } => GrantState::Approved,
        }
    }

    /// One poll of the token endpoint: who approved and when, or why not (RFC 8628 section 3.5).
    pub(crate) fn redeem(&mut self, now: Instant, rules: PollRules) -> Result<(String, Instant), Refusal> {
        self.polls += 1;
        let answered_at = self.answered_at.replace(now);
        if self.redeemed_at.is_some() || self.is_forgotten(now, rules.after_expiry) {
            return Err(Refusal::UnknownDeviceCode);
        }
        if now >= self.expires_at && matches!(rules.after_expiry, AfterExpiry::ExpiredToken(_)) {
            return Err(Refusal::ExpiredToken);
        }
        if self.is_too_fast(now, answered_at, rules.too_fast) {
            if matches!(rules.too_fast, TooFast::SlowDown | TooFast::SlowDownFromTheFirst) {
                self.interval += SLOW_DOWN_INCREMENT;
            }
            return Err(Refusal::SlowDown);
        }
        match &self.decision {
            Decision::Waiting => Err(Refusal::AuthorizationPending),
            Decision::Denied { .. } => Err(Refusal::AccessDenied),
            Decision::Refused { refusal, .. } => Err(refusal.clone()),
            Decision::Approved { username, at } => {
                self.redeemed_at = Some(now);
                Ok((username.clone(), *at))
            }
        }
    }

    fn is_too_fast(&self, now: Instant, answered_at: Option<Instant>, rule: TooFast) -> bool {
        let (counted_from, wait) = match rule {
            TooFast::Ignored => (None, Duration::ZERO),
            TooFast::SlowDown | TooFast::SlowDownForgotten => (answered_at, self.interval),
            TooFast::SlowDownFromTheFirst => (answered_at.or(Some(self.issued_at)), self.interval),
            TooFast::SlowDownWithin(span) => (answered_at, span),
        };
        // A clock that was set back says nothing about the pace.
        counted_from.is_some_and(|last| now >= last && now.since(last) + LEEWAY < wait)
    }

    /// Who approved it.
    pub(crate) fn approved_by(&self) -> Option<&str> {
        match &self.decision {
            Decision::Approved { username, .. } => Some(username),
            _ => None,
        }
    }

    /// A poll that is refused whatever it would have heard.
    pub(crate) fn refused(&mut self, now: Instant, refusal: &Refusal) {
        self.polls += 1;
        self.answered_at = Some(now);
        if *refusal == Refusal::SlowDown {
            self.interval += SLOW_DOWN_INCREMENT;
        }
    }

    /// Whether a person can still decide about it.
    pub(crate) fn is_open(&self, now: Instant, facts: &Personality) -> bool {
        let after_expiry = facts.after_expiry;
        let alive = match after_expiry {
            _ if facts.opens_expired_codes => true,
            AfterExpiry::ExpiredToken(_) | AfterExpiry::Unknown | AfterExpiry::Pending(_) => now < self.expires_at,
            AfterExpiry::UntilCleanup { .. } => !self.is_forgotten(now, after_expiry),
        };
        alive && self.redeemed_at.is_none() && self.decision == Decision::Waiting
    }

    /// Whether the server no longer knows the code.
    fn is_forgotten(&self, now: Instant, after_expiry: AfterExpiry) -> bool {
        now >= match after_expiry {
            AfterExpiry::ExpiredToken(span) | AfterExpiry::Pending(span) => self.expires_at + span,
            AfterExpiry::Unknown => self.expires_at,
            AfterExpiry::UntilCleanup { every, offset } => next_run(self.expires_at, every, offset),
        }
    }
}

/// The first run of a job at or after `from`; it runs at every whole `every` since the epoch plus `offset`.
fn next_run(from: Instant, every: Duration, offset: Duration) -> Instant {
    let past_run = (from - offset).millis();
    let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX).max(1);
    Instant::from_millis(past_run.div_ceil(every).saturating_mul(every)) + offset
}

#[cfg(test)]
mod tests {
    use super::{Decision, DeviceGrant, PollRules};
    use crate::personality::{AfterExpiry, TooFast};
    use crate::refusal::Refusal::{self, *};
    use crate::time::Instant;
    use std::time::Duration;

    const RFC: PollRules = PollRules {
        too_fast: TooFast::SlowDown,
        after_expiry: AfterExpiry::ExpiredToken(Duration::from_secs(600)),
    };
    const AUTHENTIK: PollRules = PollRules {
        too_fast: TooFast::Ignored,
        after_expiry: AfterExpiry::UntilCleanup {
            every: Duration::from_secs(300),
            offset: Duration::from_secs(120),
        },
    };

    /// Polls at these seconds of a grant made at second 0 with interval 5, and what each hears.
    fn check(rules: PollRules, decision: Decision, lifetime: u64, polls: &[(f64, Result<(), Refusal>)]) {
        let mut grant = DeviceGrant {
            number: 0,
            device_code: "".into(),
            user_code: "".into(),
            client_id: String::new(),
            scope: String::new(),
            issuer: String::new(),
            issuer_id: String::new(),
            issued_at: Instant::from_seconds(0),
            expires_at: Instant::from_seconds(lifetime),
            decision,
            interval: Duration::from_secs(5),
            seen_at: None,
            polls: 0,
            answered_at: None,
            redeemed_at: None,
        };
        for (second, heard) in polls {
            let now = Instant::from_millis(0) + Duration::from_secs_f64(*second);
            assert_eq!(grant.redeem(now, rules).map(drop), *heard, "at {second} s");
        }
    }

    fn approved() -> Decision {
        Decision::Approved {
            username: "jane".to_owned(),
            at: Instant::from_seconds(1),
        }
    }

    const PENDING: Result<(), Refusal> = Err(AuthorizationPending);
    const SLOW: Result<(), Refusal> = Err(SlowDown);

    #[test]
    fn a_poll_in_time_is_pending() {
        check(
            RFC,
            Decision::Waiting,
            600,
            &[(0.0, PENDING), (5.0, PENDING), (9.8, PENDING)],
        );
    }

    #[test]
    fn slow_down_adds_five_seconds_each_time_and_lasts() {
        let polls = [
            (5.0, PENDING),
            (6.0, SLOW),
            (15.0, SLOW),
            (29.0, SLOW),
            (49.0, PENDING),
            (64.0, SLOW),
        ];
        check(RFC, Decision::Waiting, 600, &polls);
    }

    #[test]
    fn the_interval_counts_from_the_previous_answer() {
        check(RFC, Decision::Waiting, 600, &[(7.0, PENDING), (11.7, SLOW)]);
    }

    #[test]
    fn no_poll_is_too_fast_because_the_clock_was_set_back() {
        check(
            RFC,
            Decision::Waiting,
            600,
            &[(7.0, PENDING), (3.0, PENDING), (7.0, SLOW)],
        );
    }

    #[test]
    fn a_fast_poll_hears_slow_down_even_when_approved() {
        check(RFC, approved(), 600, &[(1.0, Ok(())), (2.0, Err(UnknownDeviceCode))]);
        check(
            RFC,
            Decision::Denied {
                at: Instant::from_seconds(1),
            },
            600,
            &[(1.0, Err(AccessDenied)), (2.0, SLOW), (12.0, Err(AccessDenied))],
        );
    }

    #[test]
    fn a_code_expires_at_its_very_second_and_is_forgotten_later() {
        let polls = [
            (599.0, PENDING),
            (600.0, Err(ExpiredToken)),
            (1199.0, Err(ExpiredToken)),
            (1200.0, Err(UnknownDeviceCode)),
        ];
        check(RFC, Decision::Waiting, 600, &polls);
        check(RFC, approved(), 600, &[(600.0, Err(ExpiredToken))]);
    }

    #[test]
    fn authentik_never_slows_down_and_stays_pending_until_the_cleanup() {
        // expired at 60, deleted at minute 2.
        let polls = [
            (5.0, PENDING),
            (5.1, PENDING),
            (61.0, PENDING),
            (119.0, PENDING),
            (120.0, Err(UnknownDeviceCode)),
        ];
        check(AUTHENTIK, Decision::Waiting, 60, &polls);
        // Expired at 121, one second too late for that run: deleted at minute 7.
        check(
            AUTHENTIK,
            Decision::Waiting,
            121,
            &[(419.0, PENDING), (420.0, Err(UnknownDeviceCode))],
        );
    }

    #[test]
    fn authentik_redeems_an_approved_code_until_the_cleanup() {
        check(
            AUTHENTIK,
            approved(),
            60,
            &[(119.0, Ok(())), (119.5, Err(UnknownDeviceCode))],
        );
    }
}
