//! Stories of one line each, told with every issuer: add yours.

use device_flow::TransportError::*;
// A story may need any word, and is one line.
use tests::*;

use crate::SIGNED_IN;

/// What happens, how that is told (`tests/world/world.rs` and `network.rs` have the words), and what the set shows at the
/// end.
type Story = (&'static str, fn(World) -> World, &'static str);

#[rustfmt::skip]
const STORIES: &[Story] = &[
    ("the metadata gets lost twice", |world| approved(world).network(losing([1, 2])), SIGNED_IN),
    ("the answer with the code gets lost", |world| approved(world).network(forgetting([2])), SIGNED_IN),
    ("the keys get lost twice", |world| approved(world).network(losing([4, 5])), SIGNED_IN),
    ("the network repeats the request for a code", |world| approved(world).network(repeating([2])), SIGNED_IN),
    ("the set is asleep when the metadata come", |world| approved(world).network(slow()).tv_sleeps(secs(1)..secs(30)), SIGNED_IN),
    ("the network goes away while the code is shown", |world| approved(world).network(away(4, 30)), SIGNED_IN),
    ("the network goes away as the keys are fetched", |world| approved(world).network(losing([4, 5, 6, 7, 8, 9])), SIGNED_IN),
    ("the network is not there at all", |world| world.network(away(0, 600)), "failed: offline"),
];

/// Somebody approves before the first poll.
fn approved(world: World) -> World {
    world.viewer(Viewer::ApprovesAfter(secs(3)))
}

/// Requests of these numbers never arrive.
fn losing<const N: usize>(requests: [usize; N]) -> Network {
    Network::default().with_requests(requests, &Fault::RequestLost(Interrupted))
}

/// Requests of these numbers arrive, and their answers do not.
fn forgetting<const N: usize>(requests: [usize; N]) -> Network {
    Network::default().with_requests(requests, &Fault::AnswerLost(TimedOut))
}

/// Requests of these numbers arrive twice.
fn repeating<const N: usize>(requests: [usize; N]) -> Network {
    Network::default().with_requests(requests, &Fault::Repeated)
}

/// Every request and every answer takes a second.
fn slow() -> Network {
    Network::default().latency(secs(1))
}

/// There is no network between these seconds.
fn away(from: u64, to: u64) -> Network {
    Network::default().during(secs(from)..secs(to), Fault::RequestLost(Offline))
}

#[test]
fn every_story_ends_as_it_says() {
    for (what, told, end) in STORIES {
        for issuer in Issuer::ALL {
            let log = told(World::new(issuer)).run();
            assert_eq!(log.end_text(), *end, "{what}, {issuer:?}\n{log}");
        }
    }
}
