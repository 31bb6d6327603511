//! An answer that somebody wrote: a proxy's error page, a redirect, garbage.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::placeholder::Scene;
use crate::http::Response;

/// No body is made larger than this, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// An answer as it stands. At most one of `body`, `base64` and `json` is its body; without one it is empty.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CannedAnswer {
    /// The status code, 200 to 599.
    #[cfg_attr(feature = "server", schema(minimum = 200, maximum = 599))]
    pub status: u16,
    /// Header fields by name. In values `{date+30}` is an HTTP date 30 s ahead, `{epoch+30}` the same in seconds since
    /// 1970, `{target}` what was asked for, `{origin}` the request's own, `{other_origin}` this server by its other
    /// loopback name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The body as base64 (RFC 4648 section 4), for bytes that are no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// The body as JSON; `Content-Type` is then `application/json` unless `headers` says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// How often `body` or `base64` stands in the body; 16 MiB at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<usize>,
}

impl CannedAnswer {
    pub(super) fn check(&self) -> Result<(), String> {
        if !(200..=599).contains(&self.status) {
            return Err(format!(
                "`answer.status` is {}; it must be from 200 to 599",
                self.status
            ));
        }
        let bodies = [self.body.is_some(), self.base64.is_some(), self.json.is_some()];
        if bodies.iter().filter(|present| **present).count() > 1 {
            return Err("`answer` has more than one of `body`, `base64` and `json`".to_owned());
        }
        if self.base64.as_ref().is_some_and(|text| STANDARD.decode(text).is_err()) {
            return Err("`answer.base64` is not base64 (RFC 4648 section 4)".to_owned());
        }
        check_headers(
            "answer",
            self.headers.iter().map(|(name, value)| (name, value.as_str())),
        )?;
        let length = self.once().len().saturating_mul(self.repeat.unwrap_or(1));
        if length > LARGEST {
            return Err(format!(
                "the body of `answer` would have {length} bytes; {LARGEST} are the most"
            ));
        }
        Ok(())
    }

    pub(crate) fn response(&self, scene: &Scene) -> Response {
        let mut response = Response::new(self.status);
        if self.json.is_some() {
            response = response.with("Content-Type", "application/json");
        }
        for (name, value) in &self.headers {
            response.headers.retain(|(each, _)| !each.eq_ignore_ascii_case(name));
            response = response.with(name, scene.fill(value));
        }
        response.body = self.once().repeat(self.repeat.unwrap_or(1));
        response
    }

    fn once(&self) -> Vec<u8> {
        if let Some(text) = &self.body {
            return text.clone().into_bytes();
        }
        if let Some(text) = &self.base64 {
            return STANDARD.decode(text).unwrap_or_default();
        }
        self.json
            .as_ref()
            .map(|value| value.to_string().into_bytes())
            .unwrap_or_default()
    }
}

/// Whether HTTP can carry these header fields (RFC 9110 sections 5.1 and 5.5).
pub(super) fn check_headers<'a>(
    what: &str,
    headers: impl Iterator<Item = (&'a String, &'a str)>,
) -> Result<(), String> {
    for (name, value) in headers {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return Err(format!("`{what}.headers` has {name:?}, which is no header name"));
        }
        if value
            .chars()
            .any(|character| character.is_control() && character != '\t')
        {
            return Err(format!("`{what}.headers` gives {name} a value with control characters"));
        }
        if ["content-length", "transfer-encoding", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!(
                "`{what}.headers` cannot set {name}; `ending` says how far an answer gets"
            ));
        }
    }
    Ok(())
}
