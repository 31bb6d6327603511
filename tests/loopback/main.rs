//! The program `device-login` against the mock, over real sockets.

#![forbid(unsafe_code)]

mod checkup;
mod session;

use std::thread;

use mock_idp::{MockIdp, MockIdpBuilder};
use serde_json::Value;
use tests::{Program, shorten_interval};

const ISSUERS: [&str; 5] = ["rfc", "okta-org", "okta-custom-as", "authentik", "google"];

fn mock() -> MockIdp {
    start(MockIdp::builder())
}

fn start(builder: MockIdpBuilder) -> MockIdp {
    let mock = builder.start().expect("free ports");
    shorten_interval(&mock);
    mock
}

#[test]
fn the_program_signs_in_at_every_issuer() {
    let mock = mock();
    thread::scope(|scope| {
        for issuer in ISSUERS {
            let mock = &mock;
            scope.spawn(move || {
                let mut program = Program::start(&["--issuer", &mock.issuer(issuer), "--client-id", "tv", "--json"]);
                let user_code = program.wait_for_code();
                mock.approve(&user_code, Some("jane")).expect("the code is known");
                let end = program.end();
                assert_eq!(end.exit_code, 0, "{issuer}: {}", end.for_people);
                assert!(
                    end.for_people.contains("Hello, Jane Doe."),
                    "{issuer}: {}",
                    end.for_people
                );
                let tokens: Value = serde_json::from_str(&end.output).expect("one JSON value");
                assert!(tokens["access_token"].is_string(), "{issuer}");
                assert_eq!(tokens["token_type"], "Bearer", "{issuer}");
                assert_eq!(end.output.lines().count(), 1, "{issuer}: one line");
            });
        }
    });
}

#[test]
fn without_json_no_token_is_written() {
    let mock = mock();
    let mut program = Program::start(&["--issuer", &mock.issuer("rfc"), "--client-id", "tv"]);
    let user_code = program.wait_for_code();
    mock.approve(&user_code, None).expect("the code is known");
    let end = program.end();
    assert_eq!((end.exit_code, end.output.as_str()), (0, ""));
    assert!(!end.for_people.contains("eyJ"), "{}", end.for_people);
}

#[test]
fn a_denial_exits_with_1() {
    let mock = mock();
    let mut program = Program::start(&["--issuer", &mock.issuer("okta-org"), "--client-id", "tv"]);
    let user_code = program.wait_for_code();
    mock.deny(&user_code).expect("the code is known");
    let end = program.end();
    assert_eq!(end.exit_code, 1, "{}", end.for_people);
    assert!(end.for_people.contains("declined"), "{}", end.for_people);
}

#[test]
fn an_expired_code_exits_with_2() {
    let mock = mock();
    let mut program = Program::start(&["--issuer", &mock.issuer("rfc"), "--client-id", "tv"]);
    let user_code = program.wait_for_code();
    mock.expire(&user_code).expect("the code is known");
    let end = program.end();
    assert_eq!(end.exit_code, 2, "{}", end.for_people);
    assert!(end.for_people.contains("run out"), "{}", end.for_people);
}

#[test]
fn an_unknown_client_exits_with_3_and_says_what_to_do() {
    let mock = mock();
    let end = Program::start(&["--issuer", &mock.issuer("okta-org"), "--client-id", "nobody"]).end();
    assert_eq!(end.exit_code, 3, "{}", end.for_people);
    // O-54.
    assert!(
        end.for_people.contains("Invalid value for 'client_id' parameter"),
        "{}",
        end.for_people
    );
    assert!(
        end.for_people.contains("registered there as a public client"),
        "{}",
        end.for_people
    );
}

#[test]
fn a_server_that_is_not_there_exits_with_3() {
    // Port 1 of loopback: reserved, and nobody listens.
    let end = Program::start(&["--issuer", "http://127.0.0.1:1", "--client-id", "tv"]).end();
    assert_eq!(end.exit_code, 3, "{}", end.for_people);
    assert!(
        end.for_people.contains("127.0.0.1:1"),
        "the host is named: {}",
        end.for_people
    );
}

#[test]
fn wrong_usage_exits_with_64() {
    for arguments in [
        &["--client-id", "tv"][..],
        &["--issuer", "id.example", "--client-id", "tv"],
        &["--issuer", "http://id.example", "--client-id", "tv"],
        &["--issuer", "https://id.example", "--client-id", ""],
        &["--nonsense"],
    ] {
        let end = Program::start(arguments).end();
        assert_eq!(end.exit_code, 64, "{arguments:?}: {}", end.for_people);
        assert!(!end.for_people.is_empty(), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_exits_with_130() {
    let mock = mock();
    let mut program = Program::start(&["--issuer", &mock.issuer("rfc"), "--client-id", "tv"]);
    program.wait_for_code();
    program.interrupt();
    let end = program.end();
    assert_eq!(end.exit_code, 130, "{}", end.for_people);
}
