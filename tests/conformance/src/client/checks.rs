//! What a client is checked for, and in which run.

use super::{Run, judges};
use crate::check::Level::{Field, Must, Should};
use crate::check::{Check, Level, Ruling};

/// A check, and who judges it.
#[derive(Clone, Copy, Debug)]
pub struct ClientCheck {
    /// The check as data.
    pub about: Check,
    /// The scene of its run. What holds for every run is looked at in every run that there is.
    pub scene: &'static str,
    /// Whether every run counts.
    pub everywhere: bool,
    pub(crate) judge: fn(&[&Run]) -> Ruling,
}

type Ids = &'static [&'static str];

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn check(
    id: &'static str,
    level: Level,
    source: &'static str,
    rules: Ids,
    cases: Ids,
    scene: &'static str,
    requirement: &'static str,
    expected: &'static str,
    judge: fn(&[&Run]) -> Ruling,
) -> ClientCheck {
    let about = Check {
        id,
        level,
        source,
        rules,
        cases,
        requirement,
        expected,
    };
    ClientCheck {
        about,
        scene,
        everywhere: false,
        judge,
    }
}

const fn everywhere(check: ClientCheck) -> ClientCheck {
    ClientCheck {
        everywhere: true,
        ..check
    }
}

/// Every check.
#[rustfmt::skip]
pub const CHECKS: &[ClientCheck] = &[
    check("client.sign-in", Must, "RFC 8628 section 3.5", &["S-32", "S-41"], &[], "sign-in",
        "While a code is pending the client goes on polling, and takes the tokens when they come.",
        "a sign-in, and exit status 0", judges::begins_and_goes_on),
    everywhere(check("client.request.form", Must, "RFC 8628 section 3.1", &["S-01"], &[], "sign-in",
        "Requests are POSTs of a form, with nothing of it in the query.",
        "application/x-www-form-urlencoded in the body", judges::form)),
    everywhere(check("client.request.repeats", Must, "RFC 8628 section 3.1", &["S-06"], &[], "sign-in",
        "No parameter comes more than once.",
        "each name once", judges::repeats)),
    check("client.request.client-id", Must, "RFC 8628 section 3.1", &["S-02"], &[], "sign-in",
        "A request for a code names its client.",
        "client_id in the form, or an Authorization header", judges::client_id),
    check("client.request.scope", Must, "RFC 6749 section 3.3", &["S-03"], &[], "sign-in",
        "A scope is a list of words with one space between them.",
        "no scope, or such a list", judges::scope),
    check("client.request.authentication", Must, "RFC 8628 section 3.1", &["S-04", "S-30"], &[], "sign-in",
        "A client with a secret proves itself where codes begin as it does at the token endpoint.",
        "proof with every request", judges::public),
    check("client.request.refused", Must, "RFC 8628 section 3.2", &["S-17", "S-36"], &["X-25"], "no-code",
        "A client that is refused a code does not poll, and tells.",
        "no poll, and an exit status other than 0", judges::no_code),
    check("client.metadata.issuer", Must, "RFC 8414 section 3.3", &["S-51"], &["X-34"], "other-issuer",
        "Metadata that names another issuer is not used.",
        "no request for a code", judges::other_issuer),
    check("client.shows", Must, "RFC 8628 section 3.3", &["S-20", "S-22"], &["X-14"], "sign-in",
        "The client shows the user code and verification_uri, also beside a QR symbol.",
        "both in what it writes, apart from verification_uri_complete", judges::shows),
    check("client.complete-uri.absent", Must, "RFC 8628 section 3.2", &["S-13"], &["X-14"], "no-complete-uri",
        "verification_uri_complete is optional.",
        "a sign-in without it, and no word such as null on the screen", judges::without_complete),
    check("client.unknown-members", Must, "RFC 6749 section 5.1", &["S-16", "S-41"], &["X-16"], "unknown-members",
        "Members that a client does not know are ignored, and their order means nothing.",
        "a sign-in", judges::goes_on),
    check("client.device-code.encoding", Must, "RFC 6749 appendix B", &["S-01", "S-10"], &["X-17"], "punctuation",
        "A device code is any text, and is form-encoded on its way back.",
        "the same text, and a sign-in", judges::encoding),
    everywhere(check("client.poll.parameters", Must, "RFC 8628 section 3.4", &["S-30"], &[], "sign-in",
        "A poll has the grant type, the device code and the client.",
        "grant_type, device_code, and client_id or proof", judges::parameters)),
    check("client.poll.interval", Must, "RFC 8628 section 3.5", &["S-31"], &["X-07", "X-08"], "sign-in",
        "Between an answer and the next poll the interval passes.",
        "at least 2 s, which is what the server says here", judges::interval),
    check("client.poll.first", Field, "RFC 8628 section 3.5", &["S-31"], &["X-06"], "sign-in",
        "The first poll leaves the person time to do anything at all.",
        "a second at least after the code", judges::first_poll),
    check("client.poll.no-interval", Must, "RFC 8628 section 3.2", &["S-15"], &["X-10"], "no-interval",
        "Where the server names no interval it is five seconds.",
        "a sign-in with polls 5 s apart", judges::usual_interval),
    check("client.slow-down", Must, "RFC 8628 section 3.5", &["S-33"], &["X-01"], "slow-down",
        "slow_down adds five seconds to the interval, for this poll and all later ones.",
        "waits of 6 s and 6 s, and a sign-in", judges::slow_down),
    check("client.slow-down.twice", Must, "RFC 8628 section 3.5", &["S-33"], &["X-02", "X-05"], "slow-down-twice",
        "Every slow_down adds five seconds more.",
        "waits of 6 s and 11 s, and a sign-in", judges::slow_down),
    check("client.denied", Must, "RFC 8628 section 3.5", &["S-34"], &["X-45", "X-46"], "denied",
        "After access_denied the client stops.",
        "no further poll, and an exit status other than 0", judges::denied),
    check("client.expired", Must, "RFC 8628 section 3.5", &["S-35"], &["X-41"], "expired",
        "After expired_token the client stops.",
        "no further poll of this code, and an exit status other than 0", judges::expired),
    check("client.expired.person", Should, "RFC 8628 section 3.5", &["S-35", "S-07"], &["X-42", "X-49", "X-53"], "expired",
        "A new code is asked for only when the person wants one.",
        "one request for a code", judges::waits_for_person),
    check("client.other-error", Must, "RFC 8628 section 3.5", &["S-36"], &["X-28", "X-29"], "invalid-grant",
        "After any other error the client stops.",
        "no further poll after invalid_grant, and an exit status other than 0", judges::other_error),
    check("client.unknown-error", Must, "RFC 8628 section 3.5", &["S-36"], &["X-29"], "unknown-error",
        "An error that the client does not know is an error like any other.",
        "no further poll, and an exit status other than 0", judges::other_error),
    check("client.dpop-nonce", Must, "RFC 9449 section 8", &["S-60", "S-63", "S-64", "S-36"], &["X-31"], "dpop-nonce",
        "use_dpop_nonce is answered with a proof, or ends the sign-in of a client that makes none.",
        "a poll with a DPoP header, or no further poll", judges::nonce),
    check("client.own-clock", Field, "RFC 8628 section 3.5", &["S-39", "S-14"], &["X-40"], "own-clock",
        "Once expires_in is over by its own clock a client stops asking, though no RFC demands it.",
        "at most one more poll", judges::own_clock),
    check("client.timeout", Must, "RFC 8628 section 3.5", &["S-37"], &["X-27"], "timeout",
        "A client that retries after a timeout polls less often than before.",
        "a longer wait than the interval, or no retry", judges::backs_off),
    check("client.lost-answer.pace", Should, "RFC 8628 section 3.5", &["S-37"], &["X-27"], "lost-answer",
        "The same after a connection that broke, which the RFC does not name.",
        "a longer wait than the interval, or no retry", judges::backs_off),
    check("client.token-type", Must, "RFC 6749 section 5.1", &["S-41"], &[], "token-type",
        "The case of token_type means nothing.",
        "a sign-in", judges::goes_on),
    everywhere(check("client.refresh", Must, "RFC 6749 section 6", &["S-46"], &["X-50"], "sign-in",
        "A new refresh token takes the place of the old one, and scopes are never widened.",
        "no refresh with a token that was replaced", judges::refreshes)),
    check("client.lost-answer", Field, "RFC 8628 section 3.5", &["S-37"], &["X-27"], "lost-answer",
        "A connection that breaks once does not end the sign-in.",
        "a sign-in", judges::goes_on),
    check("client.unavailable", Field, "RFC 9110 section 15.6.4", &["S-37"], &["X-23"], "unavailable",
        "A server that is busy for a moment does not end the sign-in.",
        "a sign-in", judges::goes_on),
    check("client.unavailable.pace", Field, "RFC 9110 section 10.2.3", &["S-37"], &["X-23"], "unavailable",
        "Retry-After is heeded.",
        "3 s at least, or no retry", judges::retry_after),
    check("client.bad-gateway", Field, "RFC 9110 section 15.6.3", &["S-37"], &["X-23"], "bad-gateway",
        "A page of a gateway in between does not end the sign-in.",
        "a sign-in", judges::goes_on),
    check("client.pending-428", Field, "RFC 8628 section 3.5", &["S-38"], &["X-20"], "pending-428",
        "Of an answer's status and its `error`, the latter counts.",
        "a sign-in", judges::goes_on),
    check("client.pending-200", Field, "RFC 8628 section 3.5", &["S-38"], &["X-21"], "pending-200",
        "An error that comes with status 200 is an error.",
        "a sign-in", judges::goes_on),
    check("client.slow-down.429", Field, "RFC 8628 section 3.5", &["S-33", "S-38"], &["X-04"], "slow-down-429",
        "slow_down with status 429 is slow_down.",
        "a wait of 6 s, and a sign-in", judges::slow_down),
    check("client.slow-down.interval", Field, "RFC 8628 section 3.5", &["S-33"], &["X-03"], "slow-down-8",
        "Where slow_down names an interval, the longer one counts.",
        "a wait of 8 s, and a sign-in", judges::slow_down_with_interval),
    check("client.verification-url", Field, "RFC 8628 section 3.2", &["S-12"], &["X-13"], "verification-url",
        "verification_url is taken for verification_uri.",
        "a sign-in", judges::goes_on),
    check("client.interval-zero", Field, "RFC 8628 section 3.2", &["S-15"], &["X-11"], "interval-zero",
        "An interval of 0 makes no loop without pauses, and no failure.",
        "a sign-in with polls 5 s apart", judges::no_busy_loop),
    check("client.numbers-as-texts", Field, "RFC 8628 section 3.2", &["S-14", "S-15"], &["X-11", "X-12"], "numbers-as-texts",
        "Numbers that come as texts are read.",
        "a sign-in", judges::goes_on),
    check("client.redirect", Field, "RFC 6749 section 10.3", &["S-01"], &["X-30"], "redirect",
        "A device code is not sent on to another host.",
        "no poll there", judges::stays),
];

/// What takes the place of one check where the client has a secret.
pub(super) fn judge_of(check: &ClientCheck, has_secret: bool) -> fn(&[&Run]) -> Ruling {
    if has_secret && check.about.id == "client.request.authentication" {
        return judges::authentication;
    }
    check.judge
}
