//! The program itself: our own client in each of its shells and our own mock before it, and what it writes.

#![forbid(unsafe_code)]

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use mock_idp::MockIdp;
use serde_json::Value;

const KIT: &str = env!("CARGO_BIN_EXE_device-flow-conformance");

fn kit(arguments: &[&str]) -> Output {
    Command::new(KIT).args(arguments).output().expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The verdicts of a report, with the checks that have them.
fn of<'a>(report: &'a Value, verdict: &str) -> Vec<&'a str> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let those = findings.filter(|finding| finding["verdict"] == verdict);
    those.map(|finding| finding["id"].as_str().expect("an id")).collect()
}

/// The program, built by the selection of all tests, so that nothing is compiled again with other features.
fn device_login() -> PathBuf {
    let build = escargot::CargoBuild::new()
        .args(["--workspace", "--exclude", "client-wasm"])
        .bin("device-login");
    build.run().expect("it builds").path().to_owned()
}

/// Where the repository stands.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Lets a client sign in in every scene, and says what nobody can see in any, after it has passed the rest.
fn passes(options: &[&str], client: &[&str]) {
    let run = kit(&[&["client", "--json"], options, &["--"], client].concat());
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let report: Value = serde_json::from_slice(&run.stdout).expect("a report");
    assert_eq!(of(&report, "fail"), [""; 0], "{}", text(&run.stderr));
    assert_eq!(of(&report, "warn"), [""; 0], "{}", text(&run.stderr));
    assert_eq!(
        of(&report, "not_tested"),
        ["client.request.authentication", "client.refresh"]
    );
}

#[test]
fn device_login_passes_everything() {
    let client = device_login();
    let client = client.to_str().expect("text");
    passes(&[], &[client, "--issuer", "{issuer}", "--client-id", "{client_id}"]);
}

#[test]
fn the_npm_package_passes_everything_in_node() {
    let client = format!("{ROOT}/target/package/terminal.js");
    let options = ["--issuer", "{issuer}", "--client-id", "{client_id}"];
    passes(&["--jobs", "14"], &[&["node", &client], &options[..]].concat());
}

#[test]
fn the_page_passes_everything_in_chromium() {
    let mut browser = Command::new("node")
        .arg(format!("{ROOT}/tests/peers/page.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node starts");
    let mut line = String::new();
    let mut told = BufReader::new(browser.stdout.take().expect("piped"));
    told.read_line(&mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("it is ready");
    let origin = ready["origin"].as_str().expect("an origin");
    let sign_in = format!("{origin}/sign-in?issuer={{issuer}}&client_id={{client_id}}");
    passes(
        &["--page-origin", origin],
        &["curl", "-s", "--fail-with-body", &sign_in],
    );
    // It ends with its standard input.
    drop(browser.stdin.take());
    assert!(browser.wait().expect("it ends").success());
}

#[test]
fn a_server_is_judged_over_sockets_and_every_report_is_written() {
    let mock = MockIdp::builder().start().expect("free ports");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (junit, html) = (folder.join("kit.xml"), folder.join("kit.html"));
    let (issuer, control) = (mock.issuer("okta-org"), mock.control());
    let approve = format!("curl -sf -X POST {control}/grants/{{user_code}}/approve");
    let arguments = [
        "server",
        "--issuer",
        &issuer,
        "--client-id",
        "tv",
        "--json",
        "--approve",
        &approve,
        "--only",
        "server.start,server.tokens.answer",
        "--junit",
        junit.to_str().expect("text"),
        "--html",
        html.to_str().expect("text"),
    ];
    let news = kit(&arguments);
    assert_eq!(news.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&news.stdout).expect("a report");
    // O-54
    assert_eq!(of(&report, "fail"), ["server.start.unknown-client"]);
    assert!(of(&report, "pass").contains(&"server.tokens.answer"));
    // Nothing of a secret: the device code is one of Okta's, with hyphens.
    assert!(!text(&news.stdout).contains("\"device_code\\\":\\\"0"));
    assert!(text(&news.stdout).contains("‹device_code "));

    let xml = fs::read_to_string(&junit).expect("written");
    assert!(
        xml.contains("failures=\"1\"") && xml.contains("<failure type=\"MUST\""),
        "{xml}"
    );
    let page = fs::read_to_string(&html).expect("written");
    assert!(page.contains("It does not conform: a MUST is broken."));
    assert!(
        !page.contains("<script") && !page.contains("src="),
        "the page needs nothing beside it"
    );

    let known = kit(&[&arguments[..], &["--profile", "okta"]].concat());
    assert_eq!(known.status.code(), Some(0));
    assert!(
        text(&known.stderr).contains("1 known deviation"),
        "{}",
        text(&known.stderr)
    );
}

#[test]
fn what_cannot_be_judged_ends_with_2_and_wrong_usage_with_64() {
    let client = kit(&["client", "--only", "client.sign-in", "--", "./nowhere"]);
    assert_eq!(client.status.code(), Some(2));
    assert!(text(&client.stderr).contains("./nowhere"), "{}", text(&client.stderr));
    let idle = kit(&["client", "--only", "client.sign-in", "--", "echo", "what for?"]);
    assert_eq!(idle.status.code(), Some(2), "who asks for nothing conforms to nothing");
    assert!(text(&idle.stderr).contains("what for?"), "{}", text(&idle.stderr));
    let server = kit(&["server", "--issuer", "http://127.0.0.1:1", "--client-id", "tv"]);
    assert_eq!(server.status.code(), Some(2));
    for wrong in [
        &["server"][..],
        &["client", "--only", "client.nothing"],
        &["client", "--profile", "github"],
    ] {
        assert_eq!(kit(wrong).status.code(), Some(64), "{wrong:?}");
    }
    assert_eq!(kit(&["client", "--list"]).status.code(), Some(0));
}
