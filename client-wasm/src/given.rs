//! Settings as the JavaScript side hands them over, which has looked at names and types already.

use device_flow::json::{Members, Value};
use device_flow::{ConfigError, Seed, Settings};

/// Reads them without serde, which is larger than all of this crate's own part.
pub(crate) fn read(settings: &str, seed: &[u8]) -> Result<Settings, ConfigError> {
    let members = Members::parse(settings.as_bytes()).map_err(|_| ConfigError::Unreadable(String::new()))?;
    let text = |name| members.get(name).and_then(Value::as_text).map(String::from);
    let is_on = |name| matches!(members.get(name), Some(Value::Bool(true)));
    let mut settings = Settings {
        client_id: text("client_id").unwrap_or_default(),
        renewals: match members.get("renewals") {
            Some(Value::Number(number)) => number.as_plain().and_then(|plain| u8::try_from(plain).ok()),
            _ => None,
        }
        .unwrap_or_default(),
        pkce: is_on("pkce"),
        strict: is_on("strict"),
        allow_insecure_http: is_on("allow_insecure_http"),
        seed: seed.try_into().ok().map(Seed::from_random),
        ..Settings::default()
    };
    for (name, setting) in [
        ("issuer", &mut settings.issuer),
        ("scope", &mut settings.scope),
        (
            "device_authorization_endpoint",
            &mut settings.device_authorization_endpoint,
        ),
        ("token_endpoint", &mut settings.token_endpoint),
        ("jwks_uri", &mut settings.jwks_uri),
        ("revocation_endpoint", &mut settings.revocation_endpoint),
        ("end_session_endpoint", &mut settings.end_session_endpoint),
    ] {
        *setting = text(name);
    }
    Ok(settings)
}
