//! What a server says beside its answer, and whether a page may hear it (O-109).

use std::time::Duration;

use mock_idp::{MockIdpBuilder, RateLimits};
use serde_json::json;

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

/// Ours: a page that has not been told how long to wait tries again sooner than this, in seconds.
const OWN_WAIT: u64 = 15;

/// The seconds until the next try, as the banner tells them while a code is shown.
#[track_caller]
fn announced_wait(url: &str) -> u64 {
    let mut tv = Television::showing(url);
    tv.ask_for_a_code();
    let seconds = "/Next try in (\\d+) s/.exec(document.querySelector('[data-trouble]').textContent)[1]";
    let seconds = tv.page.wait_for("the banner", seconds);
    tv.picture("busy");
    seconds.as_str().expect("text").parse().expect("a number")
}

#[test]
fn a_page_of_another_origin_waits_until_the_bucket_of_okta_is_empty_again() {
    // O-99: 429 without a Retry-After, but X-Rate-Limit-Reset and the Date it counts from.
    let one_a_minute = |mock: MockIdpBuilder| {
        let mut limits = RateLimits::default();
        limits.read("okta-org=1").expect("Okta has limits");
        mock.rate_limits(limits)
    };
    let room = LivingRoom::built(
        one_a_minute,
        |mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv" }),
    );
    let wait = announced_wait(&room.page());
    assert!(wait > OWN_WAIT, "{wait}");
}

/// `window.told` becomes the first number of seconds that a banner tells.
const NOTE_WHAT_IS_TOLD: &str = "void new MutationObserver(function () {
    var told = /Next try in (\\d+) s/.exec(document.body.textContent);
    if (told && !window.told) window.told = told[1];
}).observe(document.body, { childList: true, characterData: true, subtree: true })";

/// Where the page meets a busy server, how that answers, and the seconds of which the page tells.
type Row = (Origin, Busy, u64);

enum Origin {
    /// The page's own, of whose answers it hears everything.
    Own,
    /// Another one, of whose answers it hears what they let it.
    Another(&'static str),
}
use Origin::{Another, Own};

enum Busy {
    /// A gateway before the server answers as this form of X-23 has it, and knows nothing of CORS.
    Gateway(&'static str),
    /// The server itself, with this status and this `Retry-After`.
    Itself(u16, &'static str),
}
use Busy::{Gateway, Itself};

/// What the page waits where it hears nothing: the interval, a second, twice.
const BY_ITSELF: u64 = 2;

const ROWS: &[Row] = &[
    (Own, Gateway("503_retry_after"), 17),
    (Own, Gateway("503_retry_after_date"), 23),
    (Own, Gateway("429_retry_after"), 17),
    (Another("rfc"), Gateway("503_retry_after"), BY_ITSELF),
    (Another("rfc"), Gateway("503_retry_after_date"), BY_ITSELF),
    (Another("rfc"), Gateway("429_retry_after"), BY_ITSELF),
    // It exposes `Date` and `Retry-After`.
    (Another("rfc"), Itself(503, "17"), 17),
    (Another("rfc"), Itself(503, "{date+23}"), 23),
    (Another("rfc"), Itself(429, "17"), 17),
    // O-109: it exposes no `Retry-After`.
    (Another("okta-org"), Itself(503, "17"), BY_ITSELF),
    (Another("okta-org"), Itself(503, "{date+23}"), BY_ITSELF),
];

#[test]
fn a_busy_server_is_waited_for_as_long_as_the_page_may_hear() {
    //
    let rooms = ROWS.iter().map(|(_, busy, _)| {
        let room = LivingRoom::new();
        room.hurry(1800);
        match busy {
            Gateway(variant) => room.misbehave("X-23", Some(variant), None),
            Itself(status, retry_after) => room.is_busy(*status, retry_after),
        }
        room
    });
    let rooms: Vec<_> = rooms.collect();
    let urls = ROWS.iter().zip(&rooms).map(|((origin, ..), room)| match origin {
        Own => room.page_for(&room.authentik_behind_the_page()),
        Another(issuer) => room.page_for(&room.mock.issuer(issuer)),
    });
    let mut tvs = Television::in_tabs(&urls.collect::<Vec<_>>());
    for tv in &mut tvs {
        tv.wait_for_screen("idle");
        tv.page.evaluate(NOTE_WHAT_IS_TOLD);
        tv.press(&keys::OK);
    }
    for (number, ((_, _, seconds), (room, tv))) in ROWS.iter().zip(rooms.iter().zip(&mut tvs)).enumerate() {
        let told = tv.page.wait_for("the banner", "window.told");
        let told: u64 = told.as_str().and_then(|told| told.parse().ok()).expect("a number");
        // A second that has begun is told as a whole one, and to a date comes a share of one's own, of an interval at most.
        assert!((*seconds..=seconds + 2).contains(&told), "row {number}: {told}");
        let user_code = tv.user_code();
        room.mock
            .approve(&user_code, Some("jane"))
            .expect("the code still counts");
        let wait = Duration::from_secs(told);
        room.mock.advance(wait);
        tv.page.set_clock_forward(wait);
        tv.wake();
        tv.wait_for_screen("signed-in");
    }
}
