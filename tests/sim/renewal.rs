use std::time::Duration;

use device_flow::TransportError;
use expect_test::expect;
use tests::{Fault, Issuer, Network, Press, Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

fn renewing(renewals: u8) -> impl Fn(World) -> World {
    move |world| world.settings(|settings| settings.renewals = renewals)
}

#[test]
fn a_slow_person_gets_a_new_code() {
    // X-42: authentik's codes live for a minute.
    let world = renewing(1)(World::new(Issuer::Authentik)).viewer(Viewer::ApprovesAfter(secs(75)));
    let log = world.run();
    expect![[r#"
        54.7   tv     POST /application/o/token/
        54.8   idp    400 authorization_pending
        60.1   tv     POST /application/o/token/
        60.2   idp    400 authorization_pending
        60.4   tv     POST /application/o/device/
        60.5   idp    200 a code for 60 s, every 5 s
        60.6   tv     shows a new code
        65.6   tv     POST /application/o/token/
        65.7   idp    400 authorization_pending
        65.8   tv     POST /application/o/token/
        66.0   idp    400 authorization_pending
        71.3   tv     POST /application/o/token/
        71.4   idp    400 authorization_pending
        75.4   viewer approves
        76.8   tv     POST /application/o/token/
        76.8   idp    200 tokens
        77.0   tv     GET /application/o/tv/jwks/
        77.0   idp    200 keys
        77.2   tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.since(secs(50)));
}

#[test]
fn what_was_typed_in_at_the_last_moment_still_counts() {
    // A-54: the old code was approved after the last poll before its end.
    let viewer = Viewer::ApprovesAfter(Duration::from_millis(59_890));
    let log = renewing(1)(World::new(Issuer::Authentik)).viewer(viewer).run();
    expect![[r#"
        60.1   tv     POST /application/o/token/
        60.2   idp    400 authorization_pending
        60.3   viewer approves
        60.4   tv     POST /application/o/device/
        60.5   idp    200 a code for 60 s, every 5 s
        60.6   tv     shows a new code
        65.6   tv     POST /application/o/token/
        65.7   idp    200 tokens
        65.8   tv     GET /application/o/tv/jwks/
        65.9   idp    200 keys
        66.0   tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.since(secs(60)));
}

#[test]
fn nobody_gets_more_codes_than_the_budget_has() {
    with_each(renewing(3), |_, log| {
        assert_eq!(log.end_text(), "expired");
        assert_eq!(log.codes(), 4, "{log}");
    });
}

#[test]
fn the_largest_budget_does_not_meet_the_throttle_of_authentik_but_the_person_after_it_does() {
    // X-49, A-30.
    let world = renewing(19)(World::new(Issuer::Authentik)).press(secs(1500), Press::Start);
    let log = world.run();
    assert_eq!(log.codes(), 20, "{log}");
    expect![[r#"
        1209.4 tv     POST /application/o/token/
        1209.5 idp    400 authorization_pending
        1209.6 tv     expired
        1500.0 tv     starts
        1500.0 tv     GET /application/o/tv/.well-known/openid-configuration
        1500.1 idp    200 metadata
        1500.2 tv     POST /application/o/device/
        1500.3 idp    429 slow_down
        1500.4 tv     failed: slow_down
    "#]]
    .assert_eq(&log.since(secs(1205)));
}

#[test]
fn without_a_new_code_the_old_one_ends_as_ever() {
    let throttled = r#"{"steps":[{"endpoint":"device_authorization","facts":{"starts_per_hour":1}}]}"#;
    with_each(
        |world| renewing(3)(world).script(throttled),
        |issuer, log| {
            assert_eq!(log.end_text(), "expired");
            assert_eq!(log.codes(), 1);
            // The code came at 0.4 s.
            let end = secs(issuer.code_lifetime()) + Duration::from_millis(400);
            assert_eq!(log.polls_in(end..), 1, "one last ask");
        },
    );
}

#[test]
fn a_renewal_that_gets_lost_is_made_up_for_after_the_last_ask() {
    let lost = Fault::RequestLost(TransportError::Interrupted);
    // The 14th request is the one for the second code.
    let network = Network::default().with_requests([14], &lost);
    let world = renewing(2)(World::new(Issuer::Authentik)).network(network);
    let log = world.viewer(Viewer::ApprovesAfter(secs(70))).run();
    expect![[r#"
        60.1   tv     POST /application/o/token/
        60.2   idp    400 authorization_pending
        60.4   tv     POST /application/o/device/
        60.6   tv     no answer: the connection broke off
        65.6   tv     POST /application/o/token/
        65.7   idp    400 authorization_pending
        65.8   tv     POST /application/o/device/
        65.9   idp    200 a code for 60 s, every 5 s
        66.0   tv     shows the code
        70.4   viewer approves
        71.2   tv     POST /application/o/token/
        71.3   idp    200 tokens
        71.5   tv     GET /application/o/tv/jwks/
        71.5   idp    200 keys
        71.7   tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.since(secs(60)));
}

#[test]
fn a_server_that_ends_a_code_early_is_asked_for_another() {
    let expires =
        r#"{"steps":[{"endpoint":"token","request":2,"answer":{"status":400,"json":{"error":"expired_token"}}}]}"#;
    with_each(
        |world| {
            renewing(1)(world)
                .script(expires)
                .viewer(Viewer::ApprovesAfter(secs(20)))
        },
        |_, log| {
            assert_eq!((log.end_text(), log.codes()), (SIGNED_IN, 2));
        },
    );
}
