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

/// `UPDATE_EXPECT=1` writes the table anew.
#[test]
fn the_table_of_scenarios_says_what_there_is() {
    let mut table = String::from(
        "# Scenarios\n\nWhat servers and networks were seen to do to real clients, each switched on by its id \
         (see [When things go wrong](README.md#when-things-go-wrong)).\nThe first variant is the one that is meant when \
         none is named. This table is made from `src/fault/scenarios.json`.\n\n\
         | id | what happens | variants | what a correct client does | seen in |\n| --- | --- | --- | --- | --- |\n",
    );
    for scenario in mock_idp::catalogue() {
        let names = scenario.variants.iter().filter(|variant| !variant.name.is_empty());
        let names: Vec<_> = names.map(|variant| format!("`{}`", variant.name)).collect();
        let seen_in: Vec<_> = scenario.seen_in.iter().map(|place| link(place)).collect();
        let columns = [
            &scenario.id,
            &scenario.summary,
            &names.join(", "),
            &scenario.expect,
            &seen_in.join(", "),
        ];
        for column in columns {
            table.extend(["| ", column, " "]);
        }
        table.push_str("|\n");
    }
    table += "\nIds that are missing are no server's doing: X-44 (somebody approves after the client has stopped) is a call \
              of `POST /grants/{user_code}/approve`, and X-48b looks like X-47 to a device. A connection that is refused \
              needs no server at all, and the mock speaks no TLS: of X-27 both are left to whoever stops it or stands in \
              front of it. Google has no verification_uri_complete, so that X-14 and X-18 change nothing there.\n";
    expect_test::expect_file!["../../SCENARIOS.md"].assert_eq(&table);
}

/// `owner/name#number` as a link to that issue; anything else as it is.
fn link(place: &str) -> String {
    match place.split_once('#') {
        Some((repository, number)) => format!("[{place}](https://github.com/{repository}/issues/{number})"),
        None => place.to_owned(),
    }
}
