//! Plays vectors against a mock of their own each, through a plain socket.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use mock_idp::{AccessPolicy, AccessRule, AuthorizationServer, Client, MockIdp};
use serde_json::{Map, Value};

use crate::golden::{golden, with_values_of};
use crate::vector::{At, Body, Column, Expected, Request, Step, Vector};

/// Plays every vector of a column, and tells all that went wrong at once.
#[track_caller]
pub(crate) fn check(column: &Column) {
    let problems: Vec<_> = column
        .vectors()
        .flat_map(|vector| {
            let problems = play(column, vector);
            let name = move |problem| {
                format!(
                    "{} vector {} ({}): {problem}",
                    column.issuer, vector.number, vector.facts
                )
            };
            problems.into_iter().map(name)
        })
        .collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn play(column: &Column, vector: &Vector) -> Vec<String> {
    let mock = MockIdp::builder()
        .virtual_clock()
        .clients(vec![Client::new("tv", "Living Room TV"), Client::new("other", "Other")])
        .authorization_servers(vec![AuthorizationServer {
            policies: vec![AccessPolicy {
                clients: None,
                rules: vec![AccessRule {
                    grant_types: (!vector.policy_ticks).then(|| vec!["authorization_code".to_owned()]),
                    ..AccessRule::default()
                }],
            }],
            ..AuthorizationServer::new("default")
        }])
        .authentik_version(column.version)
        .start()
        .unwrap();
    let mut stage = Stage {
        column,
        mock,
        said: HashMap::new(),
    };
    for step in vector.before {
        stage.take(step);
    }
    let answer = stage.send(&vector.request);
    stage.judge(vector, answer)
}

/// A mock and what its answers said so far.
struct Stage<'a> {
    column: &'a Column,
    mock: MockIdp,
    said: HashMap<String, String>,
}

impl Stage<'_> {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Send(request) => {
                let answer = self.send(request);
                let members: Map<String, Value> = serde_json::from_str(&answer.body).unwrap_or_default();
                let texts = members
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
                self.said.extend(texts);
            }
            // Where there is nothing to decide about, the vector's own answer tells.
            Step::Approve => drop(self.mock.approve(self.said("user_code"), Some("jane"))),
            Step::Deny => drop(self.mock.deny(self.said("user_code"))),
            Step::Wait(seconds) => self.mock.advance(Duration::from_secs(*seconds)),
            Step::Repeat(times, step) => (0..*times).for_each(|_| self.take(step)),
        }
    }

    /// A member of the answers so far; empty if none had it.
    fn said(&self, name: &str) -> &str {
        self.said.get(name).map_or("", String::as_str)
    }

    /// What a value such as `{device_code}` stands for.
    fn fill<'a>(&'a self, value: &'a str) -> &'a str {
        let name = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
        name.map_or(value, |name| self.said(name))
    }

    /// One request on a connection of its own, as it would come through a TLS proxy.
    fn send(&self, request: &Request) -> Answer {
        let path = match request.at {
            At::Device => self.column.device,
            At::Token => self.column.token,
            At::Revoke => self.column.revoke,
            At::Path(path) => path,
        };
        let (media_type, body) = match request.body {
            Body::None => (None, String::new()),
            Body::Json(text) => (Some("application/json"), text.to_owned()),
            Body::Form(fields) => {
                let filled = fields.iter().map(|(name, value)| (name, self.fill(value)));
                let form = form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(filled)
                    .finish();
                (Some("application/x-www-form-urlencoded"), form)
            }
        };
        let mut head = vec![
            format!("{} {path} HTTP/1.1", request.method),
            format!("Host: {}", self.column.host),
            "X-Forwarded-Proto: https".to_owned(),
            "Connection: close".to_owned(),
            format!("Content-Length: {}", body.len()),
        ];
        head.extend(request.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        head.extend(media_type.map(|media_type| format!("Content-Type: {media_type}")));
        let issuer = self.mock.issuer(self.column.issuer);
        let address = issuer.strip_prefix("http://").unwrap().split('/').next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{}\r\n\r\n{body}", head.join("\r\n")).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        Answer::parse(&text)
    }

    fn judge(&self, vector: &Vector, answer: Answer) -> Vec<String> {
        let mut problems = Vec::new();
        let expected = &vector.answer;
        if answer.status != expected.status {
            problems.push(format!("status {}, not {}", answer.status, expected.status));
        }
        let media_type = match expected.body {
            Expected::Text("") => None,
            Expected::Html => Some("text/html; charset=utf-8"),
            _ => Some("application/json"),                      // O-95, A-85
        };
        let media_type = media_type.map(|media_type| ("Content-Type", media_type));
        let headers = media_type.iter().chain(expected.headers).chain(self.column.always);
        for (name, value) in headers {
            let found = answer.header(name);
            if found.is_none_or(|found| *value != "*" && found != *value) {
                problems.push(format!("header {name}: {found:?}, not {value}"));
            }
        }
        for name in expected.absent.iter().chain(self.column.never) {
            if let Some(found) = answer.header(name) {
                problems.push(format!("header {name}: {found}, which should be absent"));
            }
        }
        problems.extend(judge_ids(&answer));
        problems.extend(self.judge_body(expected.body, answer.body));
        problems
    }

    fn judge_body(&self, expected: Expected, found: String) -> Option<String> {
        let (found, wanted) = match expected {
            Expected::File(file) => {
                let wanted = golden(file);
                (with_values_of(&wanted, found), wanted)
            }
            Expected::Text(text) => (found, text.to_owned()),
            Expected::Html => {
                return (!found.starts_with("<!DOCTYPE html>")).then(|| format!("no page: {found}"));
            }
            Expected::Members(members) => {
                let found: Map<String, Value> = serde_json::from_str(&found).unwrap_or_default();
                let any = |name: &String| members.iter().any(|member| *member == (name, "*"));
                let shown = found.iter().map(|(name, value)| match value {
                    _ if any(name) => format!("{name}=*"),
                    value => format!("{name}={value}"),
                });
                let wanted = members.iter().map(|&(name, value)| match value {
                    "*" => format!("{name}=*"),
                    value => format!("{name}={}", json(self.fill(value))),
                });
                (
                    shown.collect::<Vec<_>>().join(" "),
                    wanted.collect::<Vec<_>>().join(" "),
                )
            }
        };
        (found != wanted).then(|| format!("body\n  {found}\nnot\n  {wanted}"))
    }
}

/// The ids that an error carries, whose values vary.
fn judge_ids(answer: &Answer) -> Option<String> {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    if let Some(id) = body["request_id"].as_str() {
        // 32 hexadecimal digits, the same in the header.
        let is_hex = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let named = answer.header("X-authentik-id") == Some(id);
        return (!is_hex || !named).then(|| format!("request_id {id}"));
    }
    let id = body["errorId"].as_str()?;
    // O-90: `oae` and 22 characters of the URL-safe base64 alphabet.
    let rest = id.strip_prefix("oae").unwrap_or_default();
    let is_base64url = rest
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (rest.len() != 22 || !is_base64url).then(|| format!("errorId {id}"))
}

/// A value of the table: a number, or else a string.
fn json(text: &str) -> Value {
    text.parse::<u64>().map_or_else(|_| text.into(), Value::from)
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap()[9..12].parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Self {
            status,
            headers: lines.map(header).collect(),
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}
