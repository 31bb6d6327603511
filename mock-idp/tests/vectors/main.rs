//! The acceptance vectors (section 6.1 of the facts): all 25 for each product, over real sockets, in virtual time.
//!
//! A vector is a line of `okta.rs`, `authentik.rs` or `google.rs`: what happened before, one request, and the answer to it.
//! Expected bodies are the files of `tests/data`; expected headers and paths stand in the facts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod authentik;
mod check;
#[path = "../golden/mod.rs"]
mod golden;
mod google;
mod okta;
mod vector;

use check::check;
use vector::Column;

#[test]
fn the_org_server_of_okta_answers_as_it_should() {
    check(&okta::ORG);
}

#[test]
fn a_custom_server_of_okta_answers_as_it_should() {
    check(&okta::CUSTOM_AS);
}

#[test]
fn authentik_2026_2_answers_as_it_should() {
    check(&authentik::V2026_2);
}

#[test]
fn authentik_2026_5_answers_as_it_should() {
    check(&authentik::V2026_5);
}

#[test]
fn authentik_2025_6_answers_as_it_should() {
    check(&authentik::V2025_6);
}

#[test]
fn google_answers_as_it_should() {
    check(&google::GOOGLE);
}

#[test]
fn no_vector_is_left_out() {
    let numbers = |column: &Column| {
        let mut numbers: Vec<_> = column.vectors().map(|vector| vector.number).collect();
        numbers.extend(column.not_applicable.iter().map(|(number, _)| number));
        numbers.sort_unstable();
        numbers
    };
    let authentik = [&authentik::V2026_2, &authentik::V2026_5];
    for column in [&okta::ORG, &okta::CUSTOM_AS, &google::GOOGLE]
        .into_iter()
        .chain(authentik)
    {
        assert_eq!(numbers(column), (1..=25).collect::<Vec<_>>(), "{}", column.issuer);
    }
}
