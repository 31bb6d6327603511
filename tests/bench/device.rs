//! The device's side of RFC 8628, as bytes: what a television sends, and what it must hear for a figure to count.

use std::borrow::Cow;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::Value;

use crate::connection::{Connection, Place};
use crate::load::{Pace, drive};
use crate::server::Server;

/// So many connections start grants where nobody measures it.
const STARTERS: usize = 16;

/// A television that is pointed at one server.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    server: &'static str,
    authorization: Place,
    token: Place,
    control: Place,
}

/// The answer of the device authorization endpoint, as far as it is needed (section 3.2).
#[derive(Deserialize)]
pub(crate) struct Started<'a> {
    #[serde(borrow)]
    pub(crate) device_code: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) user_code: Cow<'a, str>,
}

/// An answer of the token endpoint, as far as it is needed.
#[derive(Deserialize)]
struct Polled<'a> {
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id_token: Option<Cow<'a, str>>,
}

impl Device {
    pub(crate) async fn of(server: &Server) -> Result<Self, String> {
        let metadata = server.discover().await?;
        let place = |name: &str| match &metadata[name] {
            Value::String(url) => Place::parse(url),
            _ => Err(format!("{} has no {name} in its metadata", server.kind.name())),
        };
        Ok(Self {
            server: server.kind.name(),
            authorization: place("device_authorization_endpoint")?,
            token: place("token_endpoint")?,
            control: server.control.clone().ok_or("no control listener")?,
        })
    }

    /// The request that starts a grant (section 3.1).
    pub(crate) fn start(&self, client_id: &str) -> Vec<u8> {
        self.authorization
            .post(&[("client_id", client_id), ("scope", "openid profile")])
    }

    /// The request that asks for the tokens (section 3.4).
    pub(crate) fn poll(&self, device_code: &str) -> Vec<u8> {
        self.token.post(&[
            ("client_id", "tv"),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device_code),
        ])
    }

    /// Connections to the server, all open at once.
    pub(crate) async fn connections(&self, count: usize) -> Result<Vec<Connection>, String> {
        connections(self.token.address, count).await
    }

    /// Starts so many grants, and yields their device codes.
    pub(crate) async fn start_grants(&self, count: usize) -> Result<Vec<String>, String> {
        let codes = Rc::new(RefCell::new(Vec::with_capacity(count)));
        let kept = Rc::clone(&codes);
        let request = self.start("tv");
        let lines = self.connections(STARTERS).await?;
        let job = async move |line: &mut Connection, _| {
            let answer = line.exchange(&request).await?;
            kept.borrow_mut().push(started(answer.body)?.device_code.into_owned());
            Ok(())
        };
        drive(lines, count, job).await?;
        Ok(codes.take())
    }

    /// Polls each grant once, none of which may have an answer yet.
    ///
    /// A second poll of the same grant would be too early and hear `slow_down` (section 3.5): other work, another figure.
    pub(crate) async fn poll_each(&self, device_codes: &[String], connections: usize) -> Result<Pace, String> {
        let requests: Vec<_> = device_codes.iter().map(|code| self.poll(code)).collect();
        let lines = self.connections(connections).await?;
        let count = requests.len();
        let server = self.server;
        let job = async move |line: &mut Connection, number: usize| {
            let answer = line.exchange(&requests[number]).await?;
            match polled(answer.body)?.error.as_deref() {
                Some("authorization_pending") => Ok(()),
                _ => Err(unexpected(server, "authorization_pending", answer.body)),
            }
        };
        let named = |problem| format!("{}: {problem}", self.server);
        drive(lines, count, job).await.map_err(named)
    }

    /// Whole sign-ins: start, approve, redeem, by so many devices at once.
    pub(crate) async fn sign_in(&self, count: usize, devices: usize) -> Result<Pace, String> {
        let controls = connections(self.control.address, devices).await?;
        let lines: Vec<_> = self.connections(devices).await?.into_iter().zip(controls).collect();
        let device = self.clone();
        let start = self.start("tv");
        let job = async move |(line, control): &mut (Connection, Connection), _| {
            let answer = line.exchange(&start).await?;
            let started = started(answer.body)?;
            let approve = device
                .control
                .join(&format!("/grants/{}/approve", started.user_code))
                .post(&[]);
            let poll = device.poll(&started.device_code);
            match control.exchange(&approve).await?.status {
                204 => {}
                status => return Err(format!("{} answered an approval with {status}", device.server)),
            }
            let answer = line.exchange(&poll).await?;
            match polled(answer.body)?.id_token {
                Some(_) => Ok(()),
                None => Err(unexpected(device.server, "an ID token", answer.body)),
            }
        };
        let named = |problem| format!("{}: {problem}", self.server);
        drive(lines, count, job).await.map_err(named)
    }
}

pub(crate) async fn connections(address: SocketAddr, count: usize) -> Result<Vec<Connection>, String> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections.push(Connection::open(address).await?);
    }
    Ok(connections)
}

fn started(body: &[u8]) -> Result<Started<'_>, String> {
    serde_json::from_slice(body).map_err(|problem| format!("no grant was started: {problem}: {}", text(body)))
}

fn polled(body: &[u8]) -> Result<Polled<'_>, String> {
    serde_json::from_slice(body).map_err(|problem| format!("not an answer to a poll: {problem}: {}", text(body)))
}

fn unexpected(server: &str, expected: &str, body: &[u8]) -> String {
    format!("{server} should have answered {expected}: {}", text(body))
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::{polled, started};

    #[test]
    fn answers_are_read_as_the_rfc_has_them() {
        // RFC 8628 section 3.2 and RFC 6749 section 5.2
        let body =
            br#"{"device_code":"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS","user_code":"WDJB-MJHT","interval":5}"#;
        assert_eq!(started(body).expect("a grant").user_code, "WDJB-MJHT");
        let body = br#"{"error":"slow_down","error_description":"later"}"#;
        assert_eq!(polled(body).expect("an error").error.as_deref(), Some("slow_down"));
        assert!(started(body).is_err());
    }
}
