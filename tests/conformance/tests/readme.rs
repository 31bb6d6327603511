//! The README's tables are made from the checks.

#![forbid(unsafe_code)]

use std::path::Path;
use std::{env, fs};

use device_flow_conformance::coverage;

fn between(text: &str, name: &str, table: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&open).expect("a mark");
    let (_, after) = rest.split_once(&close).expect("its end");
    format!("{before}{open}\n\n{table}\n{close}{after}")
}

/// `UPDATE_EXPECT=1` writes them, as it does elsewhere.
#[test]
fn the_tables_of_the_readme_are_those_of_the_checks() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).expect("a README");
    let right = between(&text, "checks", &coverage::checks());
    let right = between(&right, "rules", &coverage::table());
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &right).expect("written");
    }
    assert_eq!(
        fs::read_to_string(&path).expect("a README"),
        right,
        "UPDATE_EXPECT=1 writes it"
    );
}
