use super::*;
use crate::error::{ErrorResponse, LostCause, TransportError};
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
    let mut pending = Pending::new(start, date(start, jumped), seconds(expires_in), seconds(5), seconds(2));
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
    let lost = |retry_after, is_moment| {
        AnswerError::Lost(Lost {
            cause: LostCause::Transport(TransportError::TimedOut),
            retry_after,
            is_moment,
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
        ("lost", 0) => Err(lost(None, false)),
        ("lost", seconds) => Err(lost(Some(Duration::from_secs(seconds)), false)),
        ("lost_until", seconds) => Err(lost(Some(Duration::from_secs(seconds)), true)),
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
fn a_server_that_has_counted_more_polls_is_caught_up_with() {
    // A network repeated one poll: five seconds more each time would stay five seconds behind for ever.
    let mut story = ["slow_down"; 8];
    story[7] = "granted";
    check(
        600,
        &story,
        &expect!["5.25 15.5 30.75 51 81.25 131.5 221.75 372: granted"],
    );
    let pending = "authorization_pending";
    let story = ["slow_down", "slow_down", "slow_down", pending, "slow_down", "granted"];
    check(600, &story, &expect!["5.25 15.5 30.75 51 71.25 96.5: granted"]);
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
fn a_moment_that_everybody_is_told_is_waited_for_and_a_share_of_ones_own() {
    check(600, &["lost_until 30", "granted"], &expect!["5.25 37.5: granted"]);
}

#[test]
fn beyond_five_minutes_the_interval_grows_by_five_seconds_again() {
    let slow_down = "slow_down";
    check(
        90_000,
        &[slow_down; 14],
        &expect!["5.25 15.5 30.75 51 81.25 131.5 221.75 372 582.25 852.5 1152.75 1458 1768.25 2083.5: still waiting"],
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
fn any_other_error_ends_polling() {
    check(600, &["authorization_declined"], &expect!["5.25: failed"]);
}

#[test]
fn a_moment_beyond_all_time_is_cut_as_any_other() {
    // `Date: Thu, 01 Jan 1970 00:00:00 GMT` and `X-Rate-Limit-Reset: 18446744073709551615`.
    check(
        1800,
        &["lost_until 18446744073709551615", "granted"],
        &expect!["5.25 305.5: granted"],
    );
}
