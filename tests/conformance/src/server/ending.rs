//! Judges of how a grant ends, and of what comes after it: tokens, refusals, expiry, refreshes and revocations.

use std::time::Duration;

use super::device::{Asked, Device, Grant};
use super::discovery::json_object;
use super::starting::{not_stored, refused};
use crate::check::{Otherwise, Ruling, broken, doubtful, untested};

/// How long a code is waited for beyond its life.
const GRACE: Duration = Duration::from_secs(1);

pub(super) fn tokens(device: &mut Device) -> Ruling {
    let answer = device.approved()?;
    let body = match json_object(&answer) {
        Ok(body) => body,
        Err(Otherwise::Broken(words)) => {
            return broken(format!("an approved code is answered {}: {words}", answer.in_words()));
        }
        Err(other) => return Err(other),
    };
    let missing: Vec<_> = ["access_token", "token_type"]
        .into_iter()
        .filter(|name| !body[*name].is_string())
        .collect();
    if missing.is_empty() {
        return Ok(format!("200 with access_token and token_type {}", body["token_type"]));
    }
    broken(format!("missing: {}", missing.join(", ")))
}

pub(super) fn expires_in(device: &mut Device) -> Ruling {
    match &device.tokens()?.json()["expires_in"] {
        serde_json::Value::Number(number) => Ok(format!("{number} s")),
        other => broken(format!("expires_in is {other}")),
    }
}

pub(super) fn scope(device: &mut Device) -> Ruling {
    let told = device.tokens()?.json()["scope"].clone();
    match told {
        serde_json::Value::Null => Ok("scope is absent: what was asked for was granted".to_owned()),
        serde_json::Value::String(scope) => {
            let sound = |each: char| matches!(each, '!' | '#'..='[' | ']'..='~' | ' ');
            if scope.chars().all(sound) {
                Ok(scope)
            } else {
                broken(format!("scope is {scope:?}"))
            }
        }
        other => broken(format!("scope is {other}, which is no text")),
    }
}

pub(super) fn no_store(device: &mut Device) -> Ruling {
    not_stored(&*device.tokens()?)
}

pub(super) fn pragma(device: &mut Device) -> Ruling {
    let answer = device.tokens()?;
    match answer.header("pragma") {
        Some(value) if value.eq_ignore_ascii_case("no-cache") => Ok("Pragma: no-cache".to_owned()),
        other => doubtful(format!(
            "Pragma is {other:?}; RFC 6749 wants no-cache, and no-store alone does the same today"
        )),
    }
}

pub(super) fn single_use(device: &mut Device) -> Ruling {
    device.tokens()?;
    let grant = device.main_grant()?;
    let answer = device.once("poll.again", |device| device.poll(&grant, &[]))?;
    if answer.json()["access_token"].is_string() {
        return broken("the same device code was answered with tokens twice");
    }
    Ok(answer.in_words())
}

pub(super) fn denied(device: &mut Device) -> Ruling {
    let answer = device.denied()?;
    refused(&answer, &["access_denied"])
}

/// Asks about a code of its own once its life is over.
fn late(device: &mut Device) -> Asked {
    // The code of the hurried polls, unless that is where the server keeps a grudge.
    let grant: Grant = device.grant("start.unknown-parameter", &[("x-unknown", "1")])?;
    let Some(life) = grant.expires_in else {
        return untested("there is no expires_in that could be waited for");
    };
    let over = grant.begun_at.saturating_add(life.saturating_mul(1000));
    let left = Duration::from_millis(over.saturating_sub(device.now())) + GRACE;
    if left > device.target.patience {
        let words = format!(
            "the code lives {} s more, longer than --patience; give --patience {life}",
            left.as_secs()
        );
        return untested(words);
    }
    device.once("poll.expired", |device| {
        device.wait(left);
        device.poll(&grant, &[])
    })
}

pub(super) fn expired(device: &mut Device) -> Ruling {
    refused(&*late(device)?, &["expired_token"])
}

pub(super) fn ends(device: &mut Device) -> Ruling {
    let answer = late(device)?;
    match answer.error().as_deref() {
        Some("authorization_pending" | "slow_down") | None => {
            broken(format!("after expires_in the code is answered {}", answer.in_words()))
        }
        _ => Ok(answer.in_words()),
    }
}

/// The refresh token of the sign-in.
fn refresh_token(device: &mut Device) -> Ruling {
    match device.tokens()?.json()["refresh_token"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => untested("there is no refresh token; perhaps --scope has to ask for one, as with offline_access"),
    }
}

fn refresh(device: &mut Device, token: &str, more: &[(&str, &str)]) -> Asked {
    let url = device.endpoint("token_endpoint")?;
    let own = [("grant_type", "refresh_token"), ("refresh_token", token)];
    device.post(&url, &[&own, more].concat())
}

fn widened(device: &mut Device) -> Asked {
    let token = refresh_token(device)?;
    device.once("refresh.wider", |device| {
        refresh(device, &token, &[("scope", "device-flow-conformance-no-such-scope")])
    })
}

pub(super) fn wider_scope(device: &mut Device) -> Ruling {
    let answer = widened(device)?;
    if answer.status == 200 {
        let told = answer.json()["scope"].as_str().unwrap_or_default().to_owned();
        if told.contains("no-such-scope") {
            return broken("a refresh was given a scope that nobody had granted");
        }
        return broken("a refresh that asks for a scope nobody had granted is answered with tokens");
    }
    refused(&answer, &["invalid_scope"])
}

fn refreshed(device: &mut Device) -> Asked {
    let token = refresh_token(device)?;
    device.once("refresh", |device| refresh(device, &token, &[]))
}

/// The newest refresh token there is.
fn newest(device: &mut Device) -> Ruling {
    let first = refresh_token(device)?;
    let answer = refreshed(device)?;
    Ok(answer.json()["refresh_token"].as_str().map_or(first, str::to_owned))
}

pub(super) fn refresh_works(device: &mut Device) -> Ruling {
    let answer = refreshed(device)?;
    json_object(&answer).map_err(|other| match other {
        Otherwise::Broken(_) => Otherwise::Broken(format!("answered {}", answer.in_words())),
        other => other,
    })?;
    if !answer.json()["access_token"].is_string() {
        return broken("there is no access_token");
    }
    not_stored(&answer)?;
    Ok("a new access token".to_owned())
}

pub(super) fn rotation(device: &mut Device) -> Ruling {
    if device.target.client_secret.is_some() {
        return untested("the client is confidential: the rule is for public ones");
    }
    let first = refresh_token(device)?;
    let answer = refreshed(device)?;
    if answer.status != 200 {
        return untested(format!("a refresh is answered {}", answer.in_words()));
    }
    match answer.json()["refresh_token"].as_str() {
        Some(next) if next != first => Ok("each refresh replaces the refresh token".to_owned()),
        _ => broken("the refresh token stays, and nothing binds it to its client"),
    }
}

pub(super) fn unknown_refresh_token(device: &mut Device) -> Ruling {
    let answer = device.once("refresh.unknown", |device| {
        refresh(device, "device-flow-conformance-no-token", &[])
    })?;
    if answer.error().as_deref() == Some("unsupported_grant_type")
        || answer.error().as_deref() == Some("unauthorized_client")
    {
        return untested(format!("the client may not refresh: {}", answer.in_words()));
    }
    refused(&answer, &["invalid_grant"])
}

fn revoke(device: &mut Device, name: &'static str, fields: &[(&str, &str)]) -> Asked {
    device.once(name, |device| {
        let url = device.endpoint("revocation_endpoint")?;
        device.post(&url, fields)
    })
}

pub(super) fn revoke_unknown(device: &mut Device) -> Ruling {
    let answer = revoke(
        device,
        "revoke.unknown",
        &[("token", "device-flow-conformance-no-token")],
    )?;
    match answer.status {
        200 => Ok("200".to_owned()),
        _ => broken(format!(
            "an unknown token is answered {}; expected 200",
            answer.in_words()
        )),
    }
}

pub(super) fn revoke_nothing(device: &mut Device) -> Ruling {
    let answer = revoke(device, "revoke.nothing", &[])?;
    refused(&answer, &["invalid_request"])
}

pub(super) fn revoke_nobody(device: &mut Device) -> Ruling {
    let answer = device.once("revoke.nobody", |device| {
        let url = device.endpoint("revocation_endpoint")?;
        device.post_as(&url, &[("token", "device-flow-conformance-no-token")], None)
    })?;
    match answer.status {
        200 => broken("a request that names no client is answered 200"),
        _ => Ok(answer.in_words()),
    }
}

/// Revokes the newest refresh token.
fn revoked(device: &mut Device) -> Asked {
    let token = newest(device)?;
    let answer = revoke(
        device,
        "revoke",
        &[("token", &token), ("token_type_hint", "refresh_token")],
    )?;
    if answer.status != 200 {
        return broken(format!(
            "a token of one's own is answered {}; expected 200",
            answer.in_words()
        ));
    }
    Ok(answer)
}

pub(super) fn revoke_works(device: &mut Device) -> Ruling {
    let token = newest(device)?;
    revoked(device)?;
    let answer = device.once("refresh.revoked", |device| refresh(device, &token, &[]))?;
    if answer.status == 200 {
        return broken("a refresh token still works after it was revoked");
    }
    Ok(format!("200, and a refresh with it is answered {}", answer.in_words()))
}

pub(super) fn revoke_access_tokens(device: &mut Device) -> Ruling {
    let answer = refreshed(device)?;
    let Some(token) = answer.json()["access_token"].as_str().map(str::to_owned) else {
        return untested("there is no refreshed access token");
    };
    let userinfo = device.endpoint("userinfo_endpoint")?;
    let mut look = |name| device.once(name, |device| device.ask(&with_token(&userinfo, &token)));
    let before = look("userinfo.before")?;
    if before.status != 200 {
        return untested(format!(
            "no endpoint tells whether an access token lives: userinfo answers {}",
            before.status
        ));
    }
    revoked(device)?;
    let after = device.once("userinfo.after", |device| device.ask(&with_token(&userinfo, &token)))?;
    match after.status {
        200 => broken("the access token still opens userinfo after its refresh token was revoked"),
        other => Ok(format!("userinfo answers {other}")),
    }
}

fn with_token(url: &str, token: &str) -> super::wire::Request {
    super::wire::Request {
        method: "GET",
        url: url.to_owned(),
        headers: vec![("Authorization".to_owned(), format!("Bearer {token}"))],
        body: Vec::new(),
    }
}

pub(super) fn introspect_nobody(device: &mut Device) -> Ruling {
    let tokens = device.tokens()?.json();
    let token = tokens["access_token"].as_str().unwrap_or_default().to_owned();
    let answer = device.once("introspect.nobody", |device| {
        let url = device.endpoint("introspection_endpoint")?;
        device.post_as(&url, &[("token", &token)], None)
    })?;
    match answer.json()["active"].as_bool() {
        Some(true) => broken("a request that names no client hears about a token"),
        _ => Ok(answer.in_words()),
    }
}

pub(super) fn introspect_unknown(device: &mut Device) -> Ruling {
    if device.target.client_secret.is_none() {
        return untested("the client has no secret to show: give --client-secret");
    }
    let answer = device.once("introspect.unknown", |device| {
        let url = device.endpoint("introspection_endpoint")?;
        device.post(&url, &[("token", "device-flow-conformance-no-token")])
    })?;
    let body = json_object(&answer)?;
    match body.as_object() {
        Some(members) if members.len() == 1 && body["active"] == false => Ok("200 {\"active\":false}".to_owned()),
        _ => broken(format!("answered {body}")),
    }
}
