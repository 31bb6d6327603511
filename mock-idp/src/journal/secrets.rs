//! A journal that can be shown: secrets are replaced by marks that tell them apart and are worth nothing.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Body, Entry};
use crate::delivery::Ending;

/// Fields of forms, queries and JSON whose values are secrets: as letters and digits in lower case, and what they hold.
const FIELDS: [(&str, &str); 11] = [
    ("accesstoken", "access_token"),
    ("clientassertion", "client_assertion"),
    ("clientsecret", "client_secret"),
    ("codeverifier", "code_verifier"),
    ("devicecode", "device_code"),
    ("formtoken", "form_token"),
    ("idtoken", "id_token"),
    ("idtokenhint", "id_token"),
    ("password", "password"),
    ("refreshtoken", "refresh_token"),
    ("token", "token"),
];

/// One entry of the journal, without secrets.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ShownEntry {
    /// Counted from 1.
    number: u64,
    /// In milliseconds since 1970, by the mock's clock.
    arrived_at: u64,
    /// When the last of its answer left, or would have.
    answered_at: u64,
    /// Milliseconds after the previous answer of the same kind to the same client, or to the same device code.
    gap: Option<u64>,
    issuer: Cow<'static, str>,
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
    /// `‹device_code 3f9a1c›`, the same for the same secret; a password is just `‹password›`.
    pub fn shown(&self) -> ShownEntry {
        let millis = |span: std::time::Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        ShownEntry {
            number: self.number,
            arrived_at: self.arrived_at.millis(),
            answered_at: self.answered_at.millis(),
            gap: self.gap.map(millis),
            issuer: self.about.issuer.clone(),
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

/// What a field of that name holds, if it is a secret, however the name is spelt.
fn kind(name: &str) -> Option<&'static str> {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    FIELDS.iter().find(|(each, _)| *each == plain).map(|&(_, kind)| kind)
}

/// What stands for a secret; for an empty one nothing.
fn mark(kind: &str, secret: &str) -> String {
    match (kind, secret) {
        (_, "") => String::new(),
        // People's passwords can be guessed, and a digest would tell when a guess is right.
        ("password", _) => "‹password›".to_owned(),
        _ => {
            let digest = Sha256::digest(secret);
            format!("‹{kind} {:02x}{:02x}{:02x}›", digest[0], digest[1], digest[2])
        }
    }
}

fn headers(headers: &[(String, String)]) -> Vec<(String, String)> {
    let shown = |(name, value): &(String, String)| (name.clone(), header(name, value));
    headers.iter().map(shown).collect()
}

fn header(name: &str, value: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => match value.split_once(' ') {
            Some((scheme, secret)) if ["Bearer", "DPoP"].iter().any(|each| scheme.eq_ignore_ascii_case(each)) => {
                format!("{scheme} {}", mark("access_token", secret.trim()))
            }
            Some((scheme, secret)) if scheme.eq_ignore_ascii_case("Basic") => {
                format!("{scheme} {}", mark("credentials", secret.trim()))
            }
            _ => mark("credentials", value),
        },
        "cookie" => {
            let cookies: Vec<_> = value.split(';').map(|pair| cookie(pair.trim())).collect();
            cookies.join("; ")
        }
        "set-cookie" => match value.split_once(';') {
            Some((pair, attributes)) => format!("{};{attributes}", cookie(pair)),
            None => cookie(value),
        },
        "dpop" => mark("dpop", value),
        _ => text(value),
    }
}

fn cookie(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, value)) => format!("{name}={}", mark("cookie", value)),
        None => mark("cookie", pair),
    }
}

/// Any line: the values of fields such as `access_token=…` in it, and signed tokens.
fn text(line: &str) -> String {
    let ends = |each: char| each.is_whitespace() || "?&;,\"'<>#".contains(each);
    let mut shown = String::new();
    for word in line.split_inclusive(ends) {
        let (word, end) = match word.char_indices().next_back() {
            Some((at, last)) if ends(last) => word.split_at(at),
            _ => (word, ""),
        };
        shown += &field(word);
        shown += end;
    }
    shown
}

/// A word of a line.
fn field(word: &str) -> String {
    if let Some((name, value)) = word.split_once('=')
        && let Some(kind) = kind(&decoded(name))
    {
        return format!("{name}={}", mark(kind, &decoded(value)));
    }
    // The header of a JWS begins `{"` (RFC 7515 section 7.1): in base64url `eyJ`.
    if word.contains("eyJ") && word.contains('.') {
        return mark("token", word);
    }
    word.to_owned()
}

fn target(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{path}?{}", form(query)),
        None => target.to_owned(),
    }
}

/// Names and values, decoded, as people read them; up to where it cannot be a form, because what follows may be part
/// of a secret that was not encoded.
fn form(form: &str) -> String {
    // None of these is in an encoded form (URL Standard section 5.2).
    let spills = |each: char| "\"#<>?[\\]^`{|}".contains(each) || each.is_control() || !each.is_ascii();
    let mut shown = Vec::new();
    let mut rest = form;
    while !rest.is_empty() {
        let (pair, after) = rest.split_once('&').unwrap_or((rest, ""));
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name);
        let is_name = |each: char| each.is_ascii_alphanumeric() || "_-.".contains(each);
        if !pair.is_empty() && (!pair.contains('=') || name.is_empty() || !name.chars().all(is_name)) {
            shown.push(format!("‹{} bytes that are no form›", rest.len()));
            break;
        }
        match kind(&name) {
            Some(kind) => {
                shown.push(format!("{name}={}", mark(kind, &decoded(value))));
                if rest.contains(spills) && !after.is_empty() {
                    shown.push(format!("‹{} bytes, not encoded›", after.len()));
                    break;
                }
            }
            None if pair.is_empty() => shown.push(String::new()),
            None => shown.push(format!("{name}={}", text(&decoded(value)))),
        }
        rest = after;
    }
    shown.join("&")
}

/// One name or value of a form.
fn decoded(text: &str) -> String {
    // Escaped, a `=` does not end the name.
    let escaped = text.replace('=', "%3D");
    let mut pairs = form_urlencoded::parse(escaped.as_bytes());
    pairs.next().map(|(name, _)| name.into_owned()).unwrap_or_default()
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
    // `curl -d` calls everything a form.
    if let (true, Ok(mut value @ (Value::Object(_) | Value::Array(_)))) = (whole, serde_json::from_slice(&body.kept)) {
        hide(&mut value, None);
        return value.to_string();
    }
    match std::str::from_utf8(&body.kept) {
        Ok(text) if whole && media_type.starts_with("application/x-www-form-urlencoded") => form(text),
        _ => format!("‹{} bytes, {}›", body.length, text(media_type)),
    }
}

/// Marks secrets, and everything in those that are no texts.
fn hide(value: &mut Value, secret: Option<&str>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                hide(value, secret.or_else(|| kind(name)));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| hide(value, secret)),
        Value::String(plain) => *plain = secret.map_or_else(|| text(plain), |kind| mark(kind, plain)),
        Value::Number(number) => {
            if let Some(kind) = secret {
                *value = Value::String(mark(kind, &number.to_string()));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        self.shown().fmt(out)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "Body({} bytes, hidden)", self.length)
    }
}
