use tests::{Fault, Issuer, Network, Viewer, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn slow_down_adds_up_and_lasts() {
    // A network that repeats requests makes the server say it; authentik never does (A-25).
    with_each(
        |world| {
            let network = Network::default().with([1, 2], &Fault::Repeated);
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
            world.network(Network::default().with([1], &Fault::Repeated))
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
