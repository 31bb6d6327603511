//! The wait between "here is your code" and "you are signed in": all timing of RFC 8628 sections 3.3 to 3.5.

use core::time::Duration;

use crate::error::{ErrorResponse, FlowError, Lost};
use crate::flow::Ending;
use crate::time::{Instant, UnixTime};
use crate::wire::AnswerError;
use crate::wire::token::{TokenAnswer, Tokens};

/// Section 3.5: every `slow_down` adds five seconds, for this and all later polls.
const SLOW_DOWN_INCREMENT: Duration = Duration::from_secs(5);
/// Ours, not the RFC's: section 3.5 asks for back-off on a connection timeout, without a ceiling.
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// Ours: a server that wants to be left alone for longer is asked all the same after this, or the approval of a code
/// that lives for half an hour could go unnoticed until its end.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Ours: added to every wait, because two clocks never agree and a poll that is early by a hair costs five seconds.
const POLL_MARGIN: Duration = Duration::from_millis(250);
/// Ours: how near to its end, by our clock, a code may be called unknown before that means "expired".
const EXPIRY_LEEWAY: Duration = Duration::from_secs(5);
/// Ours: the last ask is made so often until it is answered; with an interval of five seconds and nobody there that takes
/// a minute and a half.
///
/// A set that wakes from standby is awake before its network is. If the first try were the last one, an approval that the
/// server still holds would be lost; if there were no end to it, a dead code would stay on the screen.
const MAX_LAST_ASKS: u32 = 5;
/// Ours: how often the server's clock is believed when it says that the code has not run out yet. A set learns the date
/// once; a server whose clock stands still must not be asked for ever.
const MAX_REPRIEVES: u32 = 3;

/// When to ask next, and what an answer means for that.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    /// Invariant: never shrinks while one device code lives; grows by `slow_down` alone.
    interval: Duration,
    /// Extra wait after lost answers; forgotten at the next readable one.
    backoff: Duration,
    next_poll_at: Instant,
    lifetime: Duration,
    expires_at: Instant,
    /// The same by the server's clock, if its answer told the time.
    expires_by_server: Option<UnixTime>,
    reprieves: u32,
    /// How many polls went out at or after `expires_at`: none, or those of the last ask.
    last_asks: u32,
}

/// What follows from an answer.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Ask again at `next_poll_at`.
    Again,
    Ended(Ending),
    Failed(FlowError),
    Granted(Tokens),
}

impl Pending {
    /// Starts with the device authorization response that arrived at `now` and told that time. The first poll waits one
    /// interval.
    pub(crate) fn new(now: Instant, date: Option<UnixTime>, lifetime: Duration, interval: Duration) -> Self {
        Self {
            interval,
            backoff: Duration::ZERO,
            next_poll_at: now + interval + POLL_MARGIN,
            lifetime,
            expires_at: now + lifetime,
            expires_by_server: date.map(|date| date + lifetime),
            reprieves: 0,
            last_asks: 0,
        }
    }

    /// When the next poll may go out.
    pub(crate) fn next_poll_at(&self) -> Instant {
        self.next_poll_at
    }

    /// When the code runs out by our clock.
    pub(crate) fn expires_at(&self) -> Instant {
        self.expires_at
    }

    /// How long the code lives from its issue.
    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// What is left of that at `now` by our clock.
    pub(crate) fn left(&self, now: Instant) -> Duration {
        self.expires_at.since(now)
    }

    /// Whether a poll goes out at `now`; if so the caller sends it.
    pub(crate) fn due(&mut self, now: Instant) -> bool {
        if now < self.next_poll_at {
            return false;
        }
        if now >= self.expires_at {
            self.last_asks += 1;
        }
        true
    }

    /// Judges the answer that arrived at `now` and told that time.
    pub(crate) fn judge(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        answer: Result<TokenAnswer, AnswerError>,
    ) -> Verdict {
        match answer {
            Ok(TokenAnswer::Granted(tokens)) => return Verdict::Granted(tokens),
            Ok(TokenAnswer::AccessDenied(response)) => return Verdict::Ended(Ending::Denied(response)),
            Ok(TokenAnswer::ExpiredToken) => return Verdict::Ended(Ending::Expired),
            Ok(TokenAnswer::InvalidGrant(response)) => return self.unknown_code(now, response),
            Ok(TokenAnswer::AuthorizationPending) => {}
            Ok(TokenAnswer::SlowDown { interval: told }) => {
                let told = told.unwrap_or_default().min(LONGEST_WAIT);
                self.interval = (self.interval + SLOW_DOWN_INCREMENT).max(told);
            }
            Err(AnswerError::Lost(lost)) => return self.lost(now, &lost),
            Err(AnswerError::Misbehaved(error)) => return Verdict::Failed(FlowError::Misbehaved(error)),
            Err(AnswerError::Refused(response)) => return Verdict::Failed(FlowError::Refused(response)),
        }
        self.backoff = Duration::ZERO;
        if self.last_asks > 0 && !self.is_reprieved(now, date) {
            return Verdict::Ended(Ending::Expired);
        }
        self.poll_after(now, self.interval)
    }

    /// Waits as told, else for the interval and a doubling extra.
    fn lost(&mut self, now: Instant, lost: &Lost) -> Verdict {
        // Nobody knows whether the code was approved: that is not "expired".
        if self.last_asks >= MAX_LAST_ASKS {
            return Verdict::Failed(FlowError::Lost(lost.cause));
        }
        self.backoff = (self.backoff * 2).max(self.interval).min(MAX_BACKOFF);
        let longest = if self.last_asks > 0 { MAX_BACKOFF } else { LONGEST_WAIT };
        let told = lost.retry_after.map(|told| told.min(longest));
        self.poll_after(now, told.unwrap_or(self.interval + self.backoff))
    }

    /// Never earlier than the interval after an answer, and never past the deadline, save for the last ask, which the
    /// interval itself may delay.
    fn poll_after(&mut self, now: Instant, wait: Duration) -> Verdict {
        let wait = match self.left(now) {
            Duration::ZERO => wait,
            left => wait.min(left),
        };
        self.next_poll_at = now + wait.max(self.interval) + POLL_MARGIN;
        Verdict::Again
    }

    /// Whether the server's clock says that ours went too fast: a wall clock that is set forward looks like sleep.
    /// What is left of the code then counts from now.
    fn is_reprieved(&mut self, now: Instant, date: Option<UnixTime>) -> bool {
        let (Some(end), Some(date)) = (self.expires_by_server, date) else {
            return false;
        };
        let left = end.since(date).min(self.lifetime);
        if left.is_zero() || self.reprieves == MAX_REPRIEVES {
            return false;
        }
        self.reprieves += 1;
        self.last_asks = 0;
        self.expires_at = now + left;
        true
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
        check_with(None, expires_in, answers, expected);
    }

    /// The same with a server that tells the time, by a clock of this speed. "jump" sets our clock forward by an hour.
    fn check_with(server_clock: Option<u64>, expires_in: u64, answers: &[&str], expected: &Expect) {
        let mut jumped = Duration::ZERO;
        let start = Instant::default();
        let date = |now: Instant, jumped| {
            let passed = now.since(start + jumped).as_secs();
            server_clock.map(|speed| UnixTime::from_secs(1_000_000 + passed * speed))
        };
        let seconds = Duration::from_secs;
        let mut pending = Pending::new(start, date(start, jumped), seconds(expires_in), seconds(5));
        let mut now = start;
        let mut polls = Vec::new();
        let mut end = "still waiting";
        for answer in answers {
            if *answer == "jump" {
                jumped += seconds(3600);
                now = now + seconds(3600);
                continue;
            }
            now = now.max(pending.next_poll_at());
            assert!(pending.due(now));
            polls.push(format!("{}", now.since(start).as_secs_f64()));
            match pending.judge(now, date(now, jumped), read(answer)) {
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
        check(20, &["lost", "lost", "granted"], &expect!["5.25 15.5 20.75: granted"]);
        check(20, &["lost 3600", "granted"], &expect!["5.25 20.25: granted"]);
    }

    #[test]
    fn the_last_ask_is_made_again_until_it_is_answered() {
        let lost = "lost";
        let pending = "authorization_pending";
        check(8, &[lost, lost, lost, pending], &expect!["5.25 10.5 25.75 51: expired"]);
        check(
            8,
            &[lost, lost, lost, "granted"],
            &expect!["5.25 10.5 25.75 51: granted"],
        );
    }

    #[test]
    fn the_last_ask_is_not_made_for_ever() {
        check(3, &["lost"; 5], &expect!["5.25 15.5 30.75 56 101.25: failed"]);
        check(3, &["lost 3600"; 5], &expect!["5.25 65.5 125.75 186 246.25: failed"]);
    }

    #[test]
    fn a_clock_that_went_too_fast_is_put_right_by_the_servers() {
        let pending = "authorization_pending";
        let story = [pending, "jump", pending, pending, "granted"];
        check(600, &story[..3], &expect!["5.25 3605.25: expired"]);
        check_with(Some(1), 600, &story, &expect!["5.25 3605.25 3610.5 3615.75: granted"]);
        // Nothing is put right that went well.
        check_with(Some(1), 8, &[pending, pending], &expect!["5.25 10.5: expired"]);
    }

    #[test]
    fn a_server_whose_clock_stands_still_is_not_asked_for_ever() {
        check_with(
            Some(0),
            6,
            &["authorization_pending"; 8],
            &expect!["5.25 10.5 15.75 21 26.25 31.5 36.75 42: expired"],
        );
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
