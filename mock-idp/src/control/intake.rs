//! What calls take: bodies as JSON, whatever their media type says.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::plain::Plain;
use super::refused::Refused;
use crate::whole;

/// A call's body.
pub(super) type Sent = Result<Bytes, BytesRejection>;

/// Reads a body as JSON. No body at all, or `null`, is an empty object.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8], example: &str) -> Result<T, Refused> {
    // The unit is written as `null`.
    let is_none = body.is_empty() || serde_json::from_slice::<()>(body).is_ok();
    let text = if is_none { b"{}" } else { body };
    let value = serde_json::from_slice::<Value>(text);
    // An array of the right length would pass for an object.
    if value.as_ref().is_ok_and(Value::is_array) {
        return Err(Refused::bad(format!("the body must be {example}, and is an array")));
    }
    value.and_then(|value| T::deserialize(Plain(value))).map_err(|problem| {
        // Read from the text, most problems have a line and a column.
        let placed = serde_json::from_slice::<T>(text).err();
        let problem = whole::in_words(&placed.unwrap_or(problem).to_string());
        Refused::bad(format!("the body must be {example}: {problem}"))
    })
}

/// Refuses a body whose own name differs from the one in the path.
pub(super) fn same_name(field: &str, sent: Option<&str>, in_path: &str) -> Result<(), Refused> {
    match sent {
        Some(sent) if sent != in_path => Err(Refused::unfit(format!(
            "`{field}` is {sent:?}, but the path says {in_path:?}; leave it out, or make them the same"
        ))),
        _ => Ok(()),
    }
}
