//! Settings as the JavaScript side hands them over, which has looked at names and types already.

use device_flow::json::{Members, Value};
use device_flow::{ConfigError, Seed, Settings};

/// Reads them without serde, which is larger than all of this crate's own part.
pub(crate) fn read(settings: &str, seed: &[u8]) -> Result<Settings, ConfigError> {
    let members = Members::parse(settings.as_bytes()).map_err(|_| ConfigError::Unreadable(String::new()))?;
    let text = |name| members.get(name).and_then(Value::as_text).map(String::from);
    let is_on = |name| members.get(name) == Some(&Value::Bool(true));
    Ok(Settings {
        issuer: text("issuer"),
        client_id: text("client_id").unwrap_or_default(),
        scope: text("scope"),
        device_authorization_endpoint: text("device_authorization_endpoint"),
        token_endpoint: text("token_endpoint"),
        jwks_uri: text("jwks_uri"),
        revocation_endpoint: text("revocation_endpoint"),
        end_session_endpoint: text("end_session_endpoint"),
        renewals: match members.get("renewals") {
            Some(Value::Number(number)) => number.as_plain().and_then(|plain| u8::try_from(plain).ok()),
            _ => None,
        }
        .unwrap_or_default(),
        pkce: is_on("pkce"),
        strict: is_on("strict"),
        allow_insecure_http: is_on("allow_insecure_http"),
        seed: seed.try_into().ok().map(Seed::from_random),
    })
}
