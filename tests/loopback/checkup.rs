use mock_idp::{MockIdp, Switch};
use serde_json::Value;
use tests::{End, Program};

const PAGE: &str = "https://tv.example";

fn check(mock: &MockIdp, issuer: &str, more: &[&str]) -> End {
    let issuer = mock.issuer(issuer);
    let arguments = [&["--check", "--issuer", &*issuer, "--client-id", "tv"], more].concat();
    Program::start(&arguments).end()
}

#[test]
fn a_sound_server_stands_in_nobodys_way() {
    let mock = MockIdp::builder().page_origin(PAGE).start().expect("free ports");
    let end = check(&mock, "okta-org", &["--page-origin", "https://tv.example/"]);
    assert_eq!(end.exit_code, 0, "{}", end.for_people);
    assert_eq!(end.for_people, "Nothing stands in the way of a sign-in.\n");
    assert_eq!(end.output, "", "no token and no code");
}

#[test]
fn what_a_page_may_not_read_is_found_from_a_terminal() {
    // authentik's device endpoint knows nothing of CORS, which is nothing to a program.
    let mock = MockIdp::builder().page_origin(PAGE).start().expect("free ports");
    let end = check(&mock, "authentik", &["--page-origin", PAGE, "--json"]);
    assert_eq!(end.exit_code, 3, "{}", end.for_people);
    let findings: Value = serde_json::from_str(&end.output).expect("one JSON value");
    assert_eq!(findings[0]["code"], "cross_origin_refused");
    assert_eq!(findings[0]["fatal"], true);
    assert_eq!(findings[0]["endpoint"], "device authorization endpoint");
}

#[test]
fn a_client_without_the_grant_is_found() {
    let mock = MockIdp::builder().start().expect("free ports");
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
