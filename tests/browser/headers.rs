//! What a server says beside its answer, and whether a page may hear it (O-109).

use mock_idp::{MockIdpBuilder, RateLimits, Script};
use serde_json::{Value, json};

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

/// The token endpoint is busy, and says for how long.
fn busy(room: &LivingRoom) {
    let script: Value = json!({ "steps": [
        { "endpoint": "token", "change": { "status": 503, "headers": { "Retry-After": "40" }, "remove": ["error"] } }
    ] });
    let script: Script = serde_json::from_value(script).expect("a script");
    room.mock.faults().run(script).expect("it can be done");
}

#[test]
fn a_page_of_another_origin_hears_retry_after_where_the_server_exposes_it() {
    let room = LivingRoom::new();
    busy(&room);
    let wait = announced_wait(&room.page_for(&room.mock.issuer("rfc")));
    assert!(wait > OWN_WAIT, "{wait}");
}

#[test]
fn a_page_of_another_origin_waits_by_itself_where_retry_after_is_hidden() {
    // O-109: Okta exposes the date and its rate limits, and no Retry-After.
    let room = LivingRoom::new();
    busy(&room);
    let wait = announced_wait(&room.page());
    assert!(wait <= OWN_WAIT, "{wait}");
}

#[test]
fn a_page_of_the_servers_own_origin_hears_every_header() {
    // Nothing is exposed by authentik, and nothing needs to be.
    let room = LivingRoom::new();
    busy(&room);
    let wait = announced_wait(&room.page_for(&room.authentik_behind_the_page()));
    assert!(wait > OWN_WAIT, "{wait}");
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
