use device_flow::TransportError;
use expect_test::expect;
use tests::{Fault, Issuer, Network, Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn the_set_sleeps_through_the_approval() {
    with_each(
        |world| {
            world
                .viewer(Viewer::ApprovesAfter(secs(30)))
                .tv_sleeps(secs(20)..secs(50))
        },
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            assert_eq!(log.polls_in(secs(20)..secs(50)), 0, "nobody polls asleep");
        },
    );
}

#[test]
fn the_set_sleeps_past_the_end_of_the_code_and_asks_once_more() {
    with_each(
        |world| {
            world
                .viewer(Viewer::ApprovesAfter(secs(30)))
                .tv_sleeps(secs(20)..secs(2000))
        },
        |_, log| {
            assert_eq!(log.end_text(), "expired");
            assert_eq!(log.polls_in(secs(20)..), 1, "exactly one last ask");
        },
    );
}

#[test]
fn a_weekend_asleep_is_time_that_passed() {
    // A-54: authentik to 2026.2 would go on saying that it is pending.
    with_each(
        |world| world.tv_sleeps(secs(20)..secs(60 * 3600)),
        |_, log| {
            assert_eq!(log.end_text(), "expired");
            assert_eq!(log.polls_in(secs(20)..), 1, "exactly one last ask");
        },
    );
}

#[test]
fn the_last_ask_collects_what_was_approved_in_time() {
    // A-54: authentik to 2026.2 still redeems a code that has run out, until a job sweeps it away.
    let world = World::new(Issuer::Authentik).viewer(Viewer::ApprovesAfter(secs(30)));
    let log = world.tv_sleeps(secs(20)..secs(90)).run();
    assert_eq!(log.end_text(), SIGNED_IN);
}

#[test]
fn the_story_of_a_sleep() {
    let world = World::new(Issuer::OktaOrg).viewer(Viewer::ApprovesAfter(secs(40)));
    let log = world.tv_sleeps(secs(20)..secs(300)).run();
    expect![[r#"
        0.0    tv     starts
        0.0    tv     GET /.well-known/openid-configuration
        0.1    idp    200 metadata
        0.2    tv     POST /oauth2/v1/device/authorize
        0.3    idp    200 a code for 600 s, every 5 s
        0.4    tv     shows the code
        5.7    tv     POST /oauth2/v1/token
        5.8    idp    400 authorization_pending
        11.1   tv     POST /oauth2/v1/token
        11.2   idp    400 authorization_pending
        16.6   tv     POST /oauth2/v1/token
        16.6   idp    400 authorization_pending
        40.4   viewer approves
        300.0  tv     wakes
        300.0  tv     POST /oauth2/v1/token
        300.1  idp    200 tokens
        300.2  tv     GET /oauth2/v1/keys
        300.3  idp    200 keys
        300.4  tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.to_string());
}

#[test]
fn a_set_that_wakes_before_its_network_still_collects_what_was_approved() {
    // A-54 again; the first two asks after waking get nowhere.
    let offline = Fault::RequestLost(TransportError::Offline);
    let world = World::new(Issuer::Authentik).viewer(Viewer::ApprovesAfter(secs(30)));
    let world = world.network(Network::default().with_polls([4, 5], &offline));
    let log = world.tv_sleeps(secs(20)..secs(90)).run();
    expect![[r#"
        30.4   viewer approves
        90.0   tv     wakes
        90.0   tv     POST /application/o/token/
        90.2   tv     no answer: this device has no network
        100.5  tv     POST /application/o/token/
        100.7  tv     no answer: this device has no network
        115.9  tv     POST /application/o/token/
        116.0  idp    200 tokens
        116.1  tv     GET /application/o/tv/jwks/
        116.2  idp    200 keys
        116.3  tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.since(secs(20)));
}

#[test]
fn a_network_that_does_not_come_back_is_told_and_not_called_expiry() {
    let offline = Fault::RequestLost(TransportError::Offline);
    let world = World::new(Issuer::Authentik).network(Network::default().with_polls(4..100, &offline));
    let log = world.tv_sleeps(secs(20)..secs(90)).run();
    assert_eq!(log.end_text(), "failed: offline");
    assert_eq!(log.polls().len(), 3 + 5, "{log}");
}
