use mock_idp::{AuthorizationServer, Flows, MockIdp, Switch};
use serde_json::Value;
use tests::{End, Program};

use crate::{mock, start};

const PAGE: &str = "https://tv.example";

fn check(mock: &MockIdp, issuer: &str, more: &[&str]) -> End {
    let issuer = mock.issuer(issuer);
    let arguments = [&["--check", "--issuer", &*issuer, "--client-id", "tv"], more].concat();
    Program::start(&arguments).end()
}

#[test]
fn a_sound_server_stands_in_nobodys_way() {
    let mock = start(MockIdp::builder().page_origin(PAGE));
    let end = check(&mock, "okta-org", &["--page-origin", "https://tv.example/"]);
    assert_eq!(end.exit_code, 0, "{}", end.for_people);
    assert_eq!(end.for_people, "Nothing stands in the way of a sign-in.\n");
    assert_eq!(end.output, "", "no token and no code");
}

#[test]
fn what_a_page_may_not_read_is_found_from_a_terminal() {
    // authentik's device endpoint knows nothing of CORS, which is nothing to a program.
    let mock = start(MockIdp::builder().page_origin(PAGE));
    let end = check(&mock, "authentik", &["--page-origin", PAGE, "--json"]);
    assert_eq!(end.exit_code, 3, "{}", end.for_people);
    let findings: Value = serde_json::from_str(&end.output).expect("one JSON value");
    assert_eq!(findings[0]["code"], "cross_origin_refused");
    assert_eq!(findings[0]["fatal"], true);
    assert_eq!(findings[0]["endpoint"], "device authorization endpoint");
}

#[test]
fn a_page_beside_its_server_needs_no_permission() {
    // A-92, behind one proxy with the page (www/docs/authentik.md, step 3).
    let mock = start(MockIdp::builder());
    let issuer = mock.issuer("authentik");
    let origin = issuer.find("/application").map_or(&*issuer, |path| &issuer[..path]);
    let end = check(&mock, "authentik", &["--page-origin", origin]);
    assert_eq!(end.exit_code, 0, "{}", end.for_people);
}

#[test]
fn a_client_without_the_grant_is_found() {
    let mock = mock();
    let start = Switch {
        variant: Some("start".into()),
        ..Switch::default()
    };
    mock.faults().switch_on("X-51", start).expect("the catalogue has it");
    let end = check(&mock, "rfc", &[]);
    assert_eq!(end.exit_code, 3);
    assert!(
        end.for_people
            .contains("(unauthorized_client, device authorization endpoint)"),
        "{}",
        end.for_people
    );
}

fn doctor(mock: &MockIdp, issuer: &str) -> Program {
    let issuer = mock.issuer(issuer);
    let home = [("XDG_CONFIG_HOME", "/nonexistent"), ("DEVICE_LOGIN_STORE", "file")];
    Program::start_in(
        &home,
        &[
            "doctor",
            "--sign-in",
            "--issuer",
            &issuer,
            "--client-id",
            "tv",
            "--json",
        ],
    )
}

/// What the doctor found, as JSON.
fn findings(end: &End) -> Value {
    serde_json::from_str(&end.output).unwrap_or_else(|_| panic!("{end:?}"))
}

#[test]
fn the_doctor_finds_nothing_with_a_sound_server() {
    let mock = mock();
    let mut program = doctor(&mock, "rfc");
    mock.approve(&program.wait_for_code(), None).expect("the code is known");
    let end = program.end();
    assert_eq!((end.exit_code, end.output.as_str()), (0, "[]\n"), "{}", end.for_people);
}

#[test]
fn the_doctor_names_the_page_for_a_brand_without_a_device_flow() {
    //
    let flows = Flows {
        device_code: false,
        ..Flows::default()
    };
    let mock = start(MockIdp::builder().flows(flows));
    let end = doctor(&mock, "authentik").end();
    let found = findings(&end);
    let found = found.as_array().expect("findings").iter();
    let missing = found.filter(|finding| finding["code"] == "verification_page_missing");
    let pages: Vec<_> = missing
        .flat_map(|finding| finding["pages"].as_array().expect("pages"))
        .collect();
    assert_eq!((end.exit_code, pages.len()), (3, 1), "{}", end.output);
    assert!(pages[0].as_str().expect("text").contains("Brands"), "{}", end.output);
}

#[test]
fn the_doctor_says_what_a_stranger_is_not_shown() {
    // authentik's page is there for whoever is signed in.
    let mock = mock();
    let issuer = mock.issuer("authentik");
    let home = [("XDG_CONFIG_HOME", "/nonexistent"), ("DEVICE_LOGIN_STORE", "file")];
    let end = Program::start_in(&home, &["doctor", "--issuer", &issuer, "--client-id", "tv"]).end();
    assert_eq!(end.exit_code, 0, "{}", end.for_people);
    assert!(
        end.for_people.contains("404 to somebody who is signed in"),
        "{}",
        end.for_people
    );
}

#[test]
fn the_doctor_names_the_page_for_a_policy_that_says_no() {
    // O-40
    let server = AuthorizationServer {
        policies: vec![],
        ..AuthorizationServer::new("default")
    };
    let mock = start(MockIdp::builder().authorization_servers(vec![server]));
    let mut program = doctor(&mock, "okta-custom-as");
    // Okta judges the person who signs in, so that nobody gets as far as to approve.
    let _ = mock.approve(&program.wait_for_code(), None);
    let end = program.end();
    let found = findings(&end);
    assert_eq!(
        (end.exit_code, &found[0]["code"]),
        (3, &"access_denied".into()),
        "{found}"
    );
    assert!(
        found[0]["pages"][0].as_str().expect("text").contains("Access Policies"),
        "{found}"
    );
}

#[test]
fn the_doctor_sees_a_wrong_clock() {
    let mock = mock();
    mock.set_skew(7200);
    let mut program = doctor(&mock, "okta-org");
    mock.approve(&program.wait_for_code(), None).expect("the code is known");
    let found = findings(&program.end());
    assert_eq!(found[0]["code"], "clock_wrong", "{found}");
    assert!(found[0]["what"].as_str().expect("text").contains("behind"), "{found}");
}
