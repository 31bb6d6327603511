//! The token set as JSON, for whoever asked for it.

use device_flow::Tokens;
use serde_json::{Map, Value};

/// The members of RFC 6749 section 5.1 and `id_token`, those that the server sent; one line.
pub fn to_json(tokens: &Tokens) -> String {
    let mut object = Map::new();
    let mut put = |member: &str, value: Option<Value>| {
        if let Some(value) = value {
            object.insert(member.into(), value);
        }
    };
    put("access_token", Some(tokens.access_token.expose().into()));
    put("token_type", Some(tokens.token_type.as_str().into()));
    put("expires_in", tokens.expires_in.map(|span| span.as_secs().into()));
    put(
        "refresh_token",
        tokens.refresh_token.as_ref().map(|token| token.expose().into()),
    );
    put("id_token", tokens.id_token.as_ref().map(|token| token.expose().into()));
    put("scope", tokens.scope.as_deref().map(Into::into));
    Value::Object(object).to_string()
}
