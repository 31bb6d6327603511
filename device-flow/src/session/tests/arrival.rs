use core::fmt::Write;
use core::time::Duration;
use std::vec::Vec;

use super::*;
use crate::error::TransportError;
use crate::http::HttpResponse;

/// OpenID Connect Discovery 1.0 section 4.2, with what this grant needs (RFC 8628 section 4).
const METADATA: &str = r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/device","token_endpoint":"https://id.example/token","revocation_endpoint":"https://id.example/revoke"}"#;

fn parties() -> Config {
    config(r#"{"issuer":"https://id.example","client_id":"tv"}"#)
}

/// Tokens for an hour that came without addresses, and what is done about that, as text: a status with or without the
/// metadata, a lost answer, or an input.
fn check(script: &str, expected: &Expect) -> Arrival {
    let mut now = Instant::default();
    let mut arrival = Arrival::new(parties(), tokens("a1", Some("r1"), Some(3600)), None, now);
    let (mut asked, mut wake_at, mut log) = (None, None, String::new());
    for event in script.split("; ") {
        let answer = match event {
            "metadata" => Ok((200, METADATA)),
            "elsewhere" => Ok((200, r#"{"issuer":"https://other.example"}"#)),
            "nothing" => Ok((404, "")),
            "lost" => Err(TransportError::Unreachable),
            "forbidden" => Err(TransportError::CrossOriginRefused),
            _ => Ok((0, "")),
        };
        let input = match event {
            "wake" => Input::Wake,
            "leave" => Input::SignOut,
            "wanted" => Input::Wanted,
            "wait" => {
                now = wake_at.expect("a time to wake");
                Input::Wake
            }
            "an hour" => {
                now = now + Duration::from_secs(3600);
                Input::Wake
            }
            _ => Input::Answer(
                asked.take().expect("an ask"),
                Answer::Http(answer.map(|(status, body)| HttpResponse {
                    status,
                    headers: Vec::new(),
                    body: body.into(),
                })),
            ),
        };
        let step = arrival.step(now, input);
        wake_at = step.wake_at;
        let mut line = format!("{:<5} {event:<10}", now.as_millis() / 1000);
        if let Some((id, ask)) = step.ask {
            let Ask::Http(request) = ask else { panic!("{ask:?}") };
            line += &request.url.replace("https://id.example", " GET ");
            assert!(asked.replace(id).is_none(), "never two asks outstanding");
        }
        if let Some(at) = step.wake_at {
            write!(line, " until {}", at.as_millis() / 1000).expect("memory takes it");
        }
        if let Some(Event::Ended { end, .. }) = step.event {
            write!(line, " ended: {}", end.code()).expect("memory takes it");
        }
        if let Some((_, is_leaving)) = arrival.signed_in() {
            line += if is_leaving { " to sign out" } else { " to begin" };
        }
        if arrival.access_token(now).is_none() {
            line += ", no token";
        }
        log += line.trim_end();
        log += "\n";
    }
    expected.assert_eq(&log);
    arrival
}

#[test]
fn metadata_say_where_the_session_goes_on() {
    let arrival = check(
        "wake; metadata",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     metadata   to begin
    "#]],
    );
    let (signed_in, _) = arrival.signed_in().expect("the addresses");
    let tab = Tab::of(Session::new(parties(), signed_in, Store::None)).tell("wake; wait");
    assert!(tab.log.ends_with("POST /token refresh_token=r1\n"), "{}", tab.log);
}

#[test]
fn the_other_well_known_place_is_tried() {
    check(
        "wake; nothing; metadata",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     nothing    GET /.well-known/oauth-authorization-server
        0     metadata   to begin
    "#]],
    );
}

#[test]
fn the_token_serves_while_answers_are_lost() {
    check(
        "wake; lost; wait; lost; wait; metadata",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     lost       until 1
        1     wait       GET /.well-known/openid-configuration
        1     lost       until 3
        3     wait       GET /.well-known/openid-configuration
        3     metadata   to begin
    "#]],
    );
    check(
        "wake; lost; an hour",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     lost       until 1
        3600  an hour    GET /.well-known/openid-configuration, no token
    "#]],
    );
}

#[test]
fn a_server_that_calls_itself_otherwise_ends_it() {
    check(
        "wake; elsewhere; nothing",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     elsewhere  GET /.well-known/oauth-authorization-server
        0     nothing    ended: issuer_mismatch, no token
    "#]],
    );
}

#[test]
fn a_browser_that_forbids_both_places_leaves_the_token() {
    check(
        "wake; forbidden; wait; forbidden; nothing; wait",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     forbidden  until 1
        1     wait       GET /.well-known/openid-configuration
        1     forbidden  GET /.well-known/oauth-authorization-server
        1     nothing    until 301
        301   wait       GET /.well-known/openid-configuration
    "#]],
    );
}

#[test]
fn whoever_leaves_meanwhile_is_signed_out_once_the_server_is_known() {
    check(
        "wake; leave; metadata",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     leave     , no token
        0     metadata   to sign out, no token
    "#]],
    );
    check(
        "wake; lost; leave; lost; wait; lost; wait; lost",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     lost       until 1
        0     leave      GET /.well-known/openid-configuration, no token
        0     lost       until 2, no token
        2     wait       GET /.well-known/openid-configuration, no token
        2     lost       until 6, no token
        6     wait       GET /.well-known/openid-configuration, no token
        6     lost       ended: signed_out_not_revoked, no token
    "#]],
    );
    check(
        "wake; leave; elsewhere; elsewhere",
        &expect![[r#"
        0     wake       GET /.well-known/openid-configuration
        0     leave     , no token
        0     elsewhere  GET /.well-known/oauth-authorization-server, no token
        0     elsewhere  ended: signed_out_not_revoked, no token
    "#]],
    );
}
