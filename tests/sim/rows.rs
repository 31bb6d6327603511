//! The table of everything that may happen, `device-flow/SCENARIOS.md`, is complete, and the tests that it and the threat
//! model name exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mock_idp::catalogue;

const TABLE: &str = include_str!("../../device-flow/SCENARIOS.md");

const THREATS: &str = include_str!("../../SECURITY.md");

/// Where the places of the table are.
const PLACES: [(&str, &str); 6] = [
    ("browser/", "tests/browser/"),
    ("core/", "device-flow/src/"),
    ("golden/", "tests/golden/"),
    ("sim/", "tests/sim/"),
    ("term/", "client-term/src/"),
    ("web/", "client-wasm/tests/web/"),
];

/// Each id with its last cell.
fn rows() -> BTreeMap<&'static str, &'static str> {
    let cells = TABLE
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = cells.filter(|row| row.starts_with("X-") || row.starts_with("A2-"));
    rows.map(|row| {
        (
            row.split(" | ").next().expect("an id"),
            row.rsplit(" | ").next().expect("a proof"),
        )
    })
    .collect()
}

#[test]
fn every_scenario_has_a_row() {
    let rows = rows();
    let others = ["X-44", "X-48b"];
    let ids = catalogue().iter().map(|scenario| &*scenario.id).chain(others);
    let missing: Vec<_> = ids.filter(|id| !rows.contains_key(id)).collect();
    assert_eq!(missing, [""; 0], "device-flow/SCENARIOS.md says what becomes of each");
    assert_eq!(rows.keys().filter(|id| id.starts_with("A2-")).count(), 19);
}

#[test]
fn every_row_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    for (id, proof) in rows() {
        let tests: Vec<_> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{id} is proved by nothing: {proof}");
        for test in tests {
            let (place, name) = test.split_once(": ").expect(test);
            let (short, long) = PLACES
                .into_iter()
                .find(|(short, _)| place.starts_with(short))
                .expect(place);
            assert_test(&root.join(place.replacen(short, long, 1)), name);
        }
    }
}

#[test]
fn every_proof_of_the_threat_model_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let rows = THREATS
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let proofs: Vec<_> = rows
        .filter_map(|row| row.strip_suffix(" |")?.rsplit(" | ").next())
        .flat_map(|proof| proof.split('`').skip(1).step_by(2))
        .collect();
    assert!(proofs.len() > 40, "{proofs:?}");
    for proof in proofs {
        match proof.split_once(": ") {
            Some((file, name)) => assert_test(&root.join(file), name),
            None => assert!(root.join(proof).is_file(), "there is no {proof}"),
        }
    }
}

/// Panics unless a source file, named without its ending, has a test of that name.
#[track_caller]
fn assert_test(file: &Path, name: &str) {
    let path = file.with_extension("rs");
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_there = ["#[test]", "#[wasm_bindgen_test]"].into_iter().any(|mark| {
        let plain = source.contains(&format!("{mark} fn {name}("));
        plain || source.contains(&format!("{mark} async fn {name}("))
    });
    assert!(is_there, "{} has no test {name}", path.display());
}
