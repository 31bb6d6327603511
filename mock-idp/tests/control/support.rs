//! A mock, and calls of its control listener.

use std::io::{Read, Write};
use std::net::TcpStream;

use mock_idp::MockIdp;
use serde_json::Value;

/// Where a virtual clock begins.
pub(crate) const BEGUN: u64 = 1_767_225_600; // 2026-01-01T00:00:00Z

pub(crate) fn mock() -> MockIdp {
    MockIdp::builder()
        .virtual_clock()
        .page_origin("http://127.0.0.1:8080")
        .start()
        .unwrap()
}

/// One call: status and body.
pub(crate) fn call(mock: &MockIdp, method: &str, path: &str, body: &str) -> (u16, Value) {
    let host = mock.control()[7..].to_owned();
    send(mock, method, path, &format!("Host: {host}\r\n"), body)
}

pub(crate) fn send(mock: &MockIdp, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
    exchange(&mock.control()[7..], method, path, headers, body)
}

fn exchange(host: &str, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
    stream.write_all((head + body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (
        head[9..12].parse().unwrap(),
        serde_json::from_str(body).unwrap_or_default(),
    )
}

/// A request of a client, whose body is a form: status and JSON.
pub(crate) fn request(method: &str, url: &str, form: &str) -> (u16, Value) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let media_type = "Content-Type: application/x-www-form-urlencoded\r\n";
    exchange(
        host,
        method,
        &format!("/{path}"),
        &format!("Host: {host}\r\n{media_type}"),
        form,
    )
}
