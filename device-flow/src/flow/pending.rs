//! The wait between "here is your code" and "you are signed in": all timing of RFC 8628 sections 3.3 to 3.5.

use core::time::Duration;

use crate::error::{ErrorResponse, FlowError, Lost};
use crate::flow::Ending;
use crate::time::Instant;
use crate::wire::AnswerError;
use crate::wire::device_authorization::MAX_INTERVAL;
use crate::wire::token::{TokenAnswer, Tokens};

/// Section 3.5: every `slow_down` adds five seconds, for this and all later polls.
const SLOW_DOWN_INCREMENT: Duration = Duration::from_secs(5);
/// Ours, not the RFC's: section 3.5 asks for back-off on a connection timeout, without a ceiling.
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// Ours: a server that wants to be left alone for longer is asked all the same after this, or the approval of a code
/// that lives for half an hour could go unnoticed until its end.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);
/// Ours: added to every wait, because two clocks never agree and a poll that is early by a hair costs five seconds.
const POLL_MARGIN: Duration = Duration::from_millis(250);
/// Ours: how near to its end, by our clock, a code may be called unknown before that means "expired".
const EXPIRY_LEEWAY: Duration = Duration::from_secs(5);

/// When to ask next, and what an answer means for that.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// Invariant: never shrinks while one device code lives; grows by `slow_down` alone.
    interval: Duration,
    /// Extra wait after lost answers; forgotten at the next readable one.
    backoff: Duration,
    next_poll_at: Instant,
    expires_at: Instant,
    /// The poll under way is the one that is allowed at or after `expires_at`.
    last_ask: bool,
}

/// What follows from an answer.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Ask again at `wake_at`.
    Again,
    Ended(Ending),
    Failed(FlowError),
    Granted(Tokens),
}

impl Pending {
    /// Starts with the device authorization response that arrived at `now`. The first poll waits one interval.
    pub(crate) fn new(now: Instant, expires_in: Duration, interval: Duration) -> Self {
        let expires_at = now + expires_in;
        Self {
            interval,
            backoff: Duration::ZERO,
            next_poll_at: now + interval + POLL_MARGIN,
            expires_at,
            last_ask: false,
        }
    }

    /// When the next poll may go out.
    pub(crate) fn wake_at(&self) -> Instant {
        self.next_poll_at
    }

    /// When the code runs out by our clock.
    pub(crate) fn expires_at(&self) -> Instant {
        self.expires_at
    }

    /// Whether a poll goes out at `now`; if so the caller sends it.
    pub(crate) fn due(&mut self, now: Instant) -> bool {
        if now < self.next_poll_at {
            return false;
        }
        self.last_ask = now >= self.expires_at;
        true
    }

    /// Judges the answer that arrived at `now`.
    pub(crate) fn judge(&mut self, now: Instant, answer: Result<TokenAnswer, AnswerError>) -> Verdict {
        let mut wait = self.interval;
        match answer {
            Ok(TokenAnswer::Granted(tokens)) => return Verdict::Granted(tokens),
            Ok(TokenAnswer::AccessDenied(response)) => return Verdict::Ended(Ending::Denied(response)),
            Ok(TokenAnswer::ExpiredToken) => return Verdict::Ended(Ending::Expired),
            Ok(TokenAnswer::InvalidGrant(response)) => return self.unknown_code(now, response),
            Ok(TokenAnswer::AuthorizationPending) => self.backoff = Duration::ZERO,
            Ok(TokenAnswer::SlowDown { interval: told }) => {
                self.backoff = Duration::ZERO;
                let told = told.unwrap_or_default().min(MAX_INTERVAL);
                self.interval = (self.interval + SLOW_DOWN_INCREMENT).max(told);
                wait = self.interval;
            }
            Err(AnswerError::Lost(lost)) => wait = self.back_off(&lost),
            Err(AnswerError::Misbehaved(error)) => return Verdict::Failed(FlowError::Misbehaved(error)),
            Err(AnswerError::Refused(response)) => return Verdict::Failed(FlowError::Refused(response)),
        }
        if self.last_ask {
            return Verdict::Ended(Ending::Expired);
        }
        // Never past the deadline, save for the one last ask that the interval itself delays.
        self.next_poll_at = now + wait.min(self.expires_at.since(now)).max(self.interval) + POLL_MARGIN;
        Verdict::Again
    }

    /// The wait after a lost answer: as told, else the interval and a doubling extra.
    fn back_off(&mut self, lost: &Lost) -> Duration {
        self.backoff = (self.backoff * 2).max(self.interval).min(MAX_BACKOFF);
        lost.retry_after
            .map_or(self.interval + self.backoff, |told| told.min(MAX_RETRY_AFTER))
    }

    /// `invalid_grant`: some servers say this of a code that has run out.
    fn unknown_code(&self, now: Instant, response: ErrorResponse) -> Verdict {
        if now + EXPIRY_LEEWAY >= self.expires_at {
            Verdict::Ended(Ending::Expired)
        } else {
            Verdict::Failed(FlowError::Refused(response))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{LostCause, TransportError};
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;
    use expect_test::{Expect, expect};

    /// Answers arrive at once; prints the seconds at which polls go out, and the end.
    fn check(expires_in: u64, answers: &[&str], expected: &Expect) {
        let mut pending = Pending::new(
            Instant::default(),
            Duration::from_secs(expires_in),
            Duration::from_secs(5),
        );
        let mut polls = Vec::new();
        let mut end = "still waiting";
        for answer in answers {
            let now = pending.wake_at();
            assert!(pending.due(now));
            polls.push(format!("{}", now.since(Instant::default()).as_secs_f64()));
            match pending.judge(now, read(answer)) {
                Verdict::Again => {}
                Verdict::Ended(Ending::Denied(_)) => end = "denied",
                Verdict::Ended(Ending::Expired) => end = "expired",
                Verdict::Ended(Ending::Cancelled) => end = "cancelled",
                Verdict::Failed(_) => end = "failed",
                Verdict::Granted(_) => end = "granted",
            }
        }
        expected.assert_eq(&format!("{}: {end}", polls.join(" ")));
    }

    fn read(answer: &str) -> Result<TokenAnswer, AnswerError> {
        let refused = |error: &str| ErrorResponse {
            status: 400,
            error: error.to_string(),
            error_description: None,
        };
        let lost = |retry_after| {
            AnswerError::Lost(Lost {
                cause: LostCause::Transport(TransportError::TimedOut),
                retry_after,
            })
        };
        match answer
            .split_once(' ')
            .map_or((answer, 0), |(word, n)| (word, n.parse().expect("a number")))
        {
            ("access_denied", _) => Ok(TokenAnswer::AccessDenied(refused(answer))),
            ("authorization_pending", _) => Ok(TokenAnswer::AuthorizationPending),
            ("expired_token", _) => Ok(TokenAnswer::ExpiredToken),
            ("granted", _) => Ok(TokenAnswer::Granted(Tokens {
                access_token: crate::AccessToken::new("a"),
                token_type: String::from("Bearer"),
                expires_in: None,
                refresh_token: None,
                id_token: None,
                scope: None,
            })),
            ("invalid_grant", _) => Ok(TokenAnswer::InvalidGrant(refused(answer))),
            ("lost", 0) => Err(lost(None)),
            ("lost", seconds) => Err(lost(Some(Duration::from_secs(seconds)))),
            ("slow_down", 0) => Ok(TokenAnswer::SlowDown { interval: None }),
            ("slow_down", seconds) => Ok(TokenAnswer::SlowDown {
                interval: Some(Duration::from_secs(seconds)),
            }),
            _ => Err(AnswerError::Refused(refused(answer))),
        }
    }

    #[test]
    fn the_first_poll_waits_one_interval() {
        check(600, &["granted"], &expect!["5.25: granted"]);
    }

    #[test]
    fn slow_down_lasts_and_adds_up() {
        check(
            600,
            &["slow_down", "authorization_pending", "slow_down", "granted"],
            &expect!["5.25 15.5 25.75 41: granted"],
        );
    }

    #[test]
    fn the_larger_interval_wins() {
        check(
            600,
            &["slow_down 30", "authorization_pending", "slow_down 1", "granted"],
            &expect!["5.25 35.5 65.75 101: granted"],
        );
    }

    #[test]
    fn lost_answers_double_the_extra_wait() {
        check(
            600,
            &["lost", "lost", "authorization_pending", "granted"],
            &expect!["5.25 15.5 30.75 36: granted"],
        );
    }

    #[test]
    fn retry_after_is_honoured_but_never_below_the_interval() {
        check(
            600,
            &["lost 30", "lost 1", "granted"],
            &expect!["5.25 35.5 40.75: granted"],
        );
    }

    #[test]
    fn nobody_is_waited_for_longer_than_five_minutes() {
        check(1800, &["lost 3600", "granted"], &expect!["5.25 305.5: granted"]);
    }

    #[test]
    fn denial_ends_polling() {
        check(600, &["access_denied"], &expect!["5.25: denied"]);
    }

    #[test]
    fn there_is_one_last_ask_after_the_deadline() {
        check(
            8,
            &["authorization_pending", "authorization_pending"],
            &expect!["5.25 10.5: expired"],
        );
        check(8, &["authorization_pending", "granted"], &expect!["5.25 10.5: granted"]);
    }

    #[test]
    fn back_off_does_not_sleep_past_the_deadline() {
        check(20, &["lost", "lost", "lost"], &expect!["5.25 15.5 20.75: expired"]);
        check(20, &["lost 3600", "granted"], &expect!["5.25 20.25: granted"]);
    }

    #[test]
    fn an_unknown_code_near_its_end_has_expired() {
        check(
            12,
            &["authorization_pending", "invalid_grant"],
            &expect!["5.25 10.5: expired"],
        );
        check(600, &["invalid_grant"], &expect!["5.25: failed"]);
    }

    #[test]
    fn any_other_error_ends_polling() {
        check(600, &["authorization_declined"], &expect!["5.25: failed"]);
    }
}
