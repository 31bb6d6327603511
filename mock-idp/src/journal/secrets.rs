//! A journal that can be shown: secrets are replaced by marks that tell them apart and are worth nothing.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Body, Entry};
use crate::delivery::Ending;

/// Fields of forms, queries and JSON whose values are secrets.
const FIELDS: [&str; 11] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "code_verifier",
    "device_code",
    "form_token",
    "id_token",
    "id_token_hint",
    "password",
    "refresh_token",
    "token",
];

/// Header fields whose values are secrets.
const HEADERS: [&str; 4] = ["authorization", "cookie", "dpop", "set-cookie"];

/// One entry of the journal, without secrets.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ShownEntry {
    /// Counted from 1.
    number: u64,
    /// In milliseconds since 1970, by the mock's clock.
    arrived_at: u64,
    /// When its answer left, or would have.
    answered_at: u64,
    /// Milliseconds after the previous answer of the same kind to the same client, or to the same device code.
    gap: Option<u64>,
    issuer: &'static str,
    endpoint: Option<&'static str>,
    client_id: Option<String>,
    /// Scenarios and scripts that had a hand in the answer.
    faults: Vec<String>,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    status: u16,
    answer_headers: Vec<(String, String)>,
    answer_body: String,
    /// How far the answer got.
    ending: Ending,
}

impl Entry {
    /// The entry as it may be shown: device codes, tokens, passwords and cookies are marks such as
    /// `‹device_code 3f9a1c›`, the same for the same secret.
    pub fn shown(&self) -> ShownEntry {
        let millis = |span: std::time::Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        ShownEntry {
            number: self.number,
            arrived_at: self.arrived_at.millis(),
            answered_at: self.answered_at.millis(),
            gap: self.gap.map(millis),
            issuer: self.about.issuer,
            endpoint: self.about.endpoint,
            client_id: self.about.client_id.clone(),
            faults: self.about.faults.clone(),
            method: self.method.clone(),
            target: target(&self.target),
            headers: headers(&self.headers),
            body: body(&self.headers, &self.body),
            status: self.status,
            answer_headers: headers(&self.answer_headers),
            answer_body: body(&self.answer_headers, &self.answer_body),
            ending: self.delivery.ending,
        }
    }
}

fn mark(name: &str, secret: &str) -> String {
    let digest = Sha256::digest(secret);
    format!("‹{name} {:02x}{:02x}{:02x}›", digest[0], digest[1], digest[2])
}

fn headers(headers: &[(String, String)]) -> Vec<(String, String)> {
    let shown = |(name, value): &(String, String)| {
        let lower = name.to_ascii_lowercase();
        let secret = HEADERS.contains(&lower.as_str());
        (name.clone(), if secret { mark(&lower, value) } else { value.clone() })
    };
    headers.iter().map(shown).collect()
}

fn target(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{path}?{}", form(query.as_bytes())),
        None => target.to_owned(),
    }
}

/// Names and values, decoded, as people read them.
fn form(bytes: &[u8]) -> String {
    let pairs = form_urlencoded::parse(bytes).map(|(name, value)| {
        let secret = FIELDS.contains(&&*name) && !value.is_empty();
        format!(
            "{name}={}",
            if secret {
                mark(&name, &value)
            } else {
                value.into_owned()
            }
        )
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A body as text. What cannot be read for certain is not shown, because it may hold anything.
fn body(headers: &[(String, String)], body: &Body) -> String {
    if body.length == 0 {
        return String::new();
    }
    let media_type = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let media_type = media_type.map_or("no media type", |(_, value)| value.as_str());
    let whole = body.kept.len() == body.length;
    if whole && media_type.starts_with("application/x-www-form-urlencoded") {
        return form(&body.kept);
    }
    match serde_json::from_slice(&body.kept) {
        Ok(mut value) if whole => {
            hide(&mut value);
            value.to_string()
        }
        _ => format!("‹{} bytes, {media_type}›", body.length),
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if FIELDS.contains(&name.as_str()) => *text = mark(name, text),
                    other => hide(other),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(hide),
        _ => {}
    }
}
