//! SHA-256 and randomness, by the browser's own cryptography (WebCrypto).

use device_flow::{DigestInput, Seed};
use js_sys::Uint8Array;

use crate::crypto::{settle, subtle};

/// The digest of the text's bytes; `None` where there is no WebCrypto.
pub async fn sha256(input: &DigestInput) -> Option<[u8; 32]> {
    let bytes = Uint8Array::from(input.expose().as_bytes());
    let digest = settle(subtle()?.digest_with_str_and_buffer_source("SHA-256", &bytes));
    let digest = digest.await.ok()?;
    Uint8Array::new(&digest).to_vec().try_into().ok()
}

/// For `pkce`; every engine has randomness, on plain `http` too.
pub fn seed() -> Option<Seed> {
    let mut bytes = [0; 32];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(Seed::from_random(bytes))
}
