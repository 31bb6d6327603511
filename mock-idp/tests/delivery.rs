//! Misfortunes on the wire: what a client's socket sees of an answer that is late, in pieces, in part, or missing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use mock_idp::MockIdp;
use serde_json::{Value, json};

/// A mock whose clock stands still, with one step that acts on the first request.
fn mock(step: &Value) -> MockIdp {
    let mock = MockIdp::builder().virtual_clock().start().unwrap();
    mock.faults()
        .run(serde_json::from_value(json!({ "count": 1, "steps": [step] })).unwrap())
        .unwrap();
    mock
}

/// A connection that has just asked for the metadata.
fn ask(mock: &MockIdp) -> TcpStream {
    let address: SocketAddr = mock.issuer("rfc").strip_prefix("http://").unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let target = "/.well-known/oauth-authorization-server";
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream
}

/// Everything that arrives, and how it ended.
fn read(mut stream: TcpStream) -> (String, io::Result<()>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).map(drop);
    (String::from_utf8(bytes).unwrap(), end)
}

/// The length that the head promises, and the body that came.
fn promised(text: &str) -> (usize, &str) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    (length.parse().unwrap(), body)
}

/// Whether nothing arrives while the mock's clock stands still.
///
/// The mock answers a request on another connection in the meantime, so it had every chance.
fn is_silent(mock: &MockIdp, stream: &TcpStream) -> bool {
    while !mock.faults().active().is_empty() {
        std::thread::yield_now();
    }
    let (text, _) = read(ask(mock));
    assert!(text.starts_with("HTTP/1.1 200"));
    stream.set_nonblocking(true).unwrap();
    let nothing = stream
        .peek(&mut [0])
        .is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    stream.set_nonblocking(false).unwrap();
    nothing
}

#[test]
fn a_closed_connection_says_nothing_and_ends() {
    let (text, end) = read(ask(&mock(&json!({ "ending": "no_answer" }))));
    assert_eq!((text.as_str(), end.map_err(|error| error.kind())), ("", Ok(())));
}

#[test]
fn a_reset_connection_says_nothing_and_is_reset() {
    let (text, end) = read(ask(&mock(&json!({ "ending": "reset" }))));
    assert_eq!(
        (text.as_str(), end.unwrap_err().kind()),
        ("", ErrorKind::ConnectionReset)
    );
}

#[test]
fn a_body_is_cut_short_of_its_length() {
    let (text, end) = read(ask(&mock(&json!({ "ending": { "closed_after": 10 } }))));
    let (length, body) = promised(&text);
    assert!(length > 100);
    assert_eq!((body, end.is_ok()), ("{\"issuer\":", true));
}

#[test]
fn a_connection_is_reset_after_its_headers() {
    let (_, end) = read(ask(&mock(&json!({ "ending": { "reset_after": 0 } }))));
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_stalled_answer_leaves_the_connection_open() {
    let mock = mock(&json!({ "ending": "stall" }));
    let stream = ask(&mock);
    assert!(is_silent(&mock, &stream));
    mock.advance(Duration::from_secs(3600));
    assert!(is_silent(&mock, &stream));
    drop(mock);
    assert_eq!(read(stream).0, "");
}

#[test]
fn an_answer_stalls_in_its_middle() {
    let mock = mock(&json!({ "ending": { "stalled_after": 10 } }));
    let mut stream = ask(&mock);
    let mut text = String::new();
    while !text.ends_with("{\"issuer\":") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        text.push(char::from(byte[0]));
    }
    assert!(is_silent(&mock, &stream));
}

#[test]
fn a_delay_is_over_when_the_mock_s_clock_says_so() {
    let mock = mock(&json!({ "delay": 30 }));
    let stream = ask(&mock);
    assert!(is_silent(&mock, &stream));
    mock.advance(Duration::from_secs(29));
    assert!(is_silent(&mock, &stream));
    mock.advance(Duration::from_secs(1));
    let (text, end) = read(stream);
    assert!(text.starts_with("HTTP/1.1 200") && end.is_ok(), "{text}");
}

#[test]
fn a_trickling_body_takes_its_time_and_arrives_whole() {
    let mock = mock(&json!({ "trickle": { "bytes": 200, "every": 5 } }));
    let mut stream = ask(&mock);
    let mut text = String::new();
    let piece = |stream: &mut TcpStream, text: &mut String, length: usize| {
        while text.split_once("\r\n\r\n").is_none_or(|(_, body)| body.len() < length) {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            text.push(char::from(byte[0]));
        }
    };
    piece(&mut stream, &mut text, 200);
    assert!(is_silent(&mock, &stream));
    mock.advance(Duration::from_secs(5));
    piece(&mut stream, &mut text, 400);
    let (length, _) = promised(&text);
    for _ in 0..length / 200 {
        mock.advance(Duration::from_secs(5));
        let arrived = promised(&text).1.len();
        piece(&mut stream, &mut text, (arrived + 200).min(length));
    }
    let (_, body) = promised(&text);
    assert_eq!(body.len(), length);
    assert!(serde_json::from_str::<Value>(body).is_ok());
}

#[test]
fn connections_beyond_the_limit_are_told_that_there_is_no_room() {
    let mock = MockIdp::builder().start().unwrap();
    let address: SocketAddr = mock.issuer("rfc").strip_prefix("http://").unwrap().parse().unwrap();
    let held: Vec<_> = (0..160).map(|_| TcpStream::connect(address).unwrap()).collect();
    let refused = read(TcpStream::connect(address).unwrap());
    assert!(
        refused.0.starts_with("HTTP/1.1 503 ") && refused.0.contains("160 connections"),
        "{}",
        refused.0
    );
    assert!(refused.1.is_ok());
    // Other listeners have room of their own, and a place that is given up is free again.
    let other: SocketAddr = mock.issuer("authentik")[7..]
        .split_once('/')
        .unwrap()
        .0
        .parse()
        .unwrap();
    assert!(TcpStream::connect(other).is_ok());
    drop(held);
    let (text, _) = std::iter::repeat_with(|| read(ask(&mock)))
        .find(|(text, _)| !text.starts_with("HTTP/1.1 503"))
        .unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}
