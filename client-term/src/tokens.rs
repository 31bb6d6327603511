//! The token set as JSON, for whoever asked for it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use device_flow::{SignedIn, Tokens, Vouched};
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

/// All claims of the ID token; `None` unless it was checked, its signature too.
pub fn claims(signed_in: &SignedIn) -> Option<Map<String, Value>> {
    let is_checked = signed_in.identity.as_ref()?.vouched_by == Vouched::Signature;
    let token = signed_in.tokens.id_token.as_ref().filter(|_| is_checked)?;
    let payload = URL_SAFE_NO_PAD.decode(token.expose().split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}
