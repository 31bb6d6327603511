//! The example of `device-flow` with another HTTP client, built and run as its reader would.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use mock_idp::MockIdp;

#[test]
fn the_core_signs_in_with_another_http_client() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let example = escargot::CargoBuild::new()
        .manifest_path(root.join("device-flow/examples/minreq/Cargo.toml"))
        .target_dir(root.join("target/examples"))
        .arg("--locked")
        .bin("device-flow-minreq")
        .run()
        .expect("the example builds");
    let mock = MockIdp::builder().start().expect("free ports");
    let mut program = Command::new(example.path())
        .args([&mock.issuer("rfc"), "tv"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let output = BufReader::new(program.stdout.take().expect("piped"));
    let mut told = Vec::new();
    for line in output.lines().map_while(Result::ok) {
        if let Some((_, code)) = line.split_once(" and enter ") {
            mock.approve(code, Some("jane")).expect("the code is known");
        }
        told.push(line);
    }
    assert!(program.wait().expect("it ends").success(), "{told:?}");
    assert_eq!(told.last().expect("a line"), "Hello, Jane Doe.");
}
