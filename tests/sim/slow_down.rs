use expect_test::expect;
use tests::{Fault, Issuer, Network, Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn slow_down_adds_up_and_lasts() {
    // A network that repeats requests makes the server say it; authentik never does (A-25).
    with_each(
        |world| {
            let network = Network::default().with_polls([1, 2], &Fault::Repeated);
            world.viewer(Viewer::ApprovesAfter(secs(40))).network(network)
        },
        |issuer, log| {
            let (first, later) = if issuer == Issuer::Authentik { (5, 5) } else { (10, 15) };
            assert_eq!(log.end_text(), SIGNED_IN);
            assert_eq!(log.gaps()[0], first);
            assert!(log.gaps()[1..].iter().all(|gap| *gap == later), "{:?}", log.gaps());
        },
    );
}

#[test]
fn slow_down_with_status_429_is_the_same() {
    // X-04.
    let slow_down = br#"{"error":"slow_down"}"#;
    with_each(
        |world| {
            let network = Network::default().answering([1], 429, slow_down);
            world.viewer(Viewer::ApprovesAfter(secs(20))).network(network)
        },
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            assert!(log.gaps().iter().all(|gap| *gap == 10), "{:?}", log.gaps());
        },
    );
}

#[test]
fn a_server_that_heard_a_poll_twice_is_caught_up_with() {
    // It raised the interval twice and the set heard of once: five seconds more each time would never be enough.
    let slow_down = r#"{"steps":[{"endpoint":"token","request":1,"refuse":"slow_down"}]}"#;
    with_each(
        |world| {
            let world = world.script(slow_down).viewer(Viewer::ApprovesAfter(secs(20)));
            world.network(Network::default().with_polls([1], &Fault::Repeated))
        },
        |issuer, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            let gaps: &[u64] = if issuer == Issuer::Authentik {
                &[5; 3]
            } else {
                &[10, 15, 20, 30]
            };
            assert_eq!(log.gaps(), gaps);
        },
    );
}

#[test]
fn the_wait_counts_from_the_answer_so_that_a_server_that_punishes_is_caught_up_with() {
    // X-05, over a network that takes a second each way: who counts from the request asks two seconds sooner.
    with_each(
        |world| {
            let network = Network::default().latency(secs(1));
            let world = world.scenario("X-05", "").network(network);
            world.viewer(Viewer::ApprovesAfter(secs(40)))
        },
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            assert!(log.gaps().iter().all(|gap| *gap == 12), "{:?}", log.gaps());
        },
    );
}

#[test]
fn a_full_bucket_is_waited_for_until_its_window_ends() {
    // O-97, O-99: Okta gives no Retry-After, but tells when the minute is over.
    let world = World::new(Issuer::OktaOrg).rate_limits("okta-org=2");
    let log = world.viewer(Viewer::ApprovesAfter(secs(20))).run();
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
        16.6   idp    429 nothing readable
        20.4   viewer approves
        69.5   tv     POST /oauth2/v1/token
        69.6   idp    200 tokens
        69.7   tv     GET /oauth2/v1/keys
        69.8   idp    200 keys
        69.9   tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.to_string());
}
