//! Every scenario of the catalogue, as a client meets it: what is different while it is on, and that it is over after.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod browser_side;
mod life_cycle;
mod malformed;
mod pace;
mod scripts;
mod status;
mod support;

use std::collections::BTreeSet;

/// The catalogue's scenarios, and those that a test here names.
#[test]
fn no_scenario_is_without_a_test() {
    let files = [
        include_str!("browser_side.rs"),
        include_str!("life_cycle.rs"),
        include_str!("malformed.rs"),
        include_str!("pace.rs"),
        include_str!("status.rs"),
    ];
    let ids = |text: &'static str| text.match_indices("\"X-").map(move |(at, _)| &text[at + 1..at + 5]);
    let tested: BTreeSet<_> = files.into_iter().flat_map(ids).collect();
    let all: BTreeSet<_> = mock_idp::catalogue()
        .iter()
        .map(|scenario| scenario.id.as_str())
        .collect();
    assert_eq!(tested, all);
}
