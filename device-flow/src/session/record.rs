//! A session at rest: one line of JSON, written and read here alone.

use alloc::string::String;
use core::time::Duration;

use super::Home;
use super::grant::{self, Grant};
use crate::config::{Config, Server};
use crate::json::Writer;
use crate::secret::{AccessToken, IdToken, RefreshToken, SessionRecord};
use crate::time::{Instant, UnixTime};
use crate::url::HttpUrl;
use crate::wire::json::Object;
use crate::wire::token::Tokens;

/// What another version wrote is not guessed at.
const VERSION: u64 = 1;

/// Writes it, at a moment that the device's wall clock calls `unix_time`.
///
/// Times at rest are that clock's: after a restart there is no other.
pub(super) fn write(home: &Home, grant: &Grant, now: Instant, unix_time: UnixTime) -> SessionRecord {
    let mut record = Writer::new();
    let tokens = &grant.tokens;
    let mut put = |member: &str, value: Option<&str>| {
        if let Some(value) = value {
            record.text(member, value);
        }
    };
    put("issuer", home.issuer.as_deref());
    put("client_id", Some(&home.client_id));
    put("sub", home.subject.as_deref());
    put("name", home.name.as_deref());
    put("token_endpoint", Some(home.token_endpoint.as_str()));
    put(
        "revocation_endpoint",
        home.revocation_endpoint.as_ref().map(HttpUrl::as_str),
    );
    put(
        "end_session_endpoint",
        home.end_session_endpoint.as_ref().map(HttpUrl::as_str),
    );
    put("access_token", Some(tokens.access_token.expose()));
    put("token_type", Some(&tokens.token_type));
    put("refresh_token", tokens.refresh_token.as_ref().map(RefreshToken::expose));
    put("id_token", tokens.id_token.as_ref().map(IdToken::expose));
    put("scope", tokens.scope.as_deref());
    if let (Some(lifetime), Some(left)) = (grant::lifetime(tokens), grant.left(now)) {
        let age = lifetime.saturating_sub(left).as_secs();
        record.number("expires_in", lifetime.as_secs());
        record.number("received_at", unix_time.as_secs().saturating_sub(age));
    }
    record.number("version", VERSION);
    SessionRecord::new(record.end())
}

/// Reads it at a moment that the device's wall clock calls `unix_time`; `None` if it cannot be understood, or must not be
/// used with this configuration.
pub(super) fn read(
    record: &SessionRecord,
    now: Instant,
    unix_time: UnixTime,
    config: &Config,
) -> Option<(Home, Grant)> {
    let object = Object::parse(record.expose().as_bytes())?;
    if object.plain_number("version") != Some(VERSION) || object.text("client_id") != Some(&config.client_id) {
        return None;
    }
    let url = |member| {
        let url = HttpUrl::parse(object.text(member)?)?;
        url.is_allowed(config.allow_insecure_http).then_some(url)
    };
    let (subject, name) = (object.owned_text("sub"), object.owned_text("name"));
    let home = match &config.server {
        Server::Issuer(issuer) if object.text("issuer") == Some(issuer.as_str()) => Home {
            issuer: Some(issuer.as_str().into()),
            client_id: config.client_id.clone(),
            subject,
            name,
            token_endpoint: url("token_endpoint")?,
            revocation_endpoint: url("revocation_endpoint"),
            end_session_endpoint: url("end_session_endpoint"),
        },
        Server::Endpoints(endpoints) if object.text("token_endpoint") == Some(endpoints.token_endpoint.as_str()) => {
            Home::new(config, endpoints, subject, name)
        }
        _ => return None,
    };
    let number = |member| object.plain_number(member);
    let expires_in = number("expires_in").map(Duration::from_secs);
    let tokens = Tokens {
        access_token: AccessToken::new(object.owned_text("access_token")?),
        token_type: object.owned_text("token_type")?,
        expires_in,
        refresh_token: object.owned_text("refresh_token").map(RefreshToken::new),
        id_token: object.owned_text("id_token").map(IdToken::new),
        scope: object.owned_text("scope"),
    };
    let grant = match (expires_in, number("received_at").map(UnixTime::from_secs)) {
        // A set that has not learned the date yet cannot know: its clock shows a time before the token came.
        (Some(_), Some(received_at)) if unix_time < received_at => Grant::with_left(tokens, now, Duration::ZERO),
        (Some(lifetime), Some(received_at)) => {
            let left = lifetime.saturating_sub(unix_time.since(received_at));
            Grant::with_left(tokens, now, left)
        }
        _ => Grant::new(tokens, now),
    };
    Some((home, grant))
}

/// Whether both are the same person's, as far as that is known.
pub(super) fn is_same_person(one: Option<&String>, other: Option<&String>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}
