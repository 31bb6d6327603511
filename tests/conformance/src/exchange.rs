//! One request with its answer, as a report may show it: secrets are marks.

use mock_idp::Entry;
use serde::{Deserialize, Serialize};

/// One request with its answer, without secrets: the same secret has the same mark, such as `‹device_code 3f9a1c›`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Exchange {
    /// Milliseconds since 1970.
    pub arrived_at: u64,
    /// Milliseconds since 1970: the end of the answer.
    pub answered_at: u64,
    /// The method.
    pub method: String,
    /// What was asked for: a URL in server mode, path and query in client mode.
    pub target: String,
    /// Header fields of the request.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
    /// The answer's status.
    pub status: u16,
    /// Header fields of the answer.
    pub answer_headers: Vec<(String, String)>,
    /// Its body.
    pub answer_body: String,
    /// How far the answer got: `whole`, or what happened to it.
    #[serde(with = "ending")]
    pub ending: String,
}

/// The mock tells endings as words or as objects with one member.
mod ending {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Ok(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(word) => word,
            other => other.to_string(),
        })
    }
}

impl Exchange {
    /// What may be shown of an entry of a journal.
    pub fn of(entry: &Entry) -> Option<Self> {
        serde_json::from_value(serde_json::to_value(entry.shown()).ok()?).ok()
    }

    /// When it began, after the moment `begun` in milliseconds since 1970; the first lines of both halves, and the error.
    pub fn in_short(&self, begun: u64) -> String {
        let tenths = self.arrived_at.saturating_sub(begun) / 100;
        let answer = match &*self.ending {
            "whole" => self.status.to_string(),
            ending => format!("{} ({ending})", self.status),
        };
        let body: Option<serde_json::Value> = serde_json::from_str(&self.answer_body).ok();
        let error = body.and_then(|body| Some(format!(" {}", body["error"].as_str()?)));
        let (method, target, error) = (&self.method, &self.target, error.unwrap_or_default());
        format!(
            "+{}.{} s {method} {target} -> {answer}{error}",
            tenths / 10,
            tenths % 10
        )
    }
}
