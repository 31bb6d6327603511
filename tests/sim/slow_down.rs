use tests::{Network, Viewer, secs};

use crate::{SIGNED_IN, with_each};

/// RFC 8628 section 3.5.
const SLOW_DOWN: &[u8] = br#"{"error":"slow_down"}"#;

#[test]
fn slow_down_adds_up_and_lasts() {
    with_each(
        |world| {
            world
                .viewer(Viewer::ApprovesAfter(secs(40)))
                .network(Network::default().answering([1, 2], 400, SLOW_DOWN))
        },
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            assert!(log.gaps().starts_with(&[10, 15]), "{:?}", log.gaps());
            assert!(log.gaps()[1..].iter().all(|gap| *gap == 15), "{:?}", log.gaps());
        },
    );
}

#[test]
fn slow_down_with_status_429_is_the_same() {
    // X-04.
    with_each(
        |world| {
            world
                .viewer(Viewer::ApprovesAfter(secs(20)))
                .network(Network::default().answering([1], 429, SLOW_DOWN))
        },
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            assert!(log.gaps().iter().all(|gap| *gap == 10), "{:?}", log.gaps());
        },
    );
}
