//! ID token signatures, checked with the browser's own cryptography (WebCrypto).

use device_flow::{Jwk, SignatureAnswer, SignatureCheck};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, DomException, SubtleCrypto};

use crate::crypto::{object, settle, subtle};

/// Checks the signature as RS256 or ES256, whichever the key is for (RFC 7518 section 3.1).
pub async fn verify(check: &SignatureCheck) -> SignatureAnswer {
    let Some(subtle) = subtle() else {
        return SignatureAnswer::Unavailable;
    };
    match run(&subtle, check).await {
        Ok(fits) if fits.is_truthy() => SignatureAnswer::Valid,
        Ok(_) => SignatureAnswer::Invalid,
        Err(error) if says_the_key_is_broken(&error) => SignatureAnswer::Invalid,
        // An algorithm this engine lacks, or one it gave up on, tells nothing about the signature.
        Err(_) => SignatureAnswer::Unavailable,
    }
}

async fn run(subtle: &SubtleCrypto, check: &SignatureCheck) -> Result<JsValue, JsValue> {
    let (key, algorithm) = match &check.key {
        Jwk::EcP256 { x, y } => (
            object(&[("kty", "EC"), ("crv", "P-256"), ("x", x), ("y", y)])?,
            object(&[("name", "ECDSA"), ("namedCurve", "P-256"), ("hash", "SHA-256")])?,
        ),
        Jwk::Rsa { n, e } => (
            object(&[("kty", "RSA"), ("n", n), ("e", e)])?,
            object(&[("name", "RSASSA-PKCS1-v1_5"), ("hash", "SHA-256")])?,
        ),
    };
    let uses = Array::of1(&"verify".into());
    let key: CryptoKey = settle(subtle.import_key_with_object("jwk", &key, &algorithm, false, &uses))
        .await?
        .unchecked_into();
    let signature = Uint8Array::from(check.signature.as_slice());
    let signing_input = Uint8Array::from(check.signing_input.as_slice());
    settle(subtle.verify_with_object_and_buffer_source_and_buffer_source(&algorithm, &key, &signature, &signing_input))
        .await
}

/// Web Cryptography API section 18.4.4: importing data that is no key of its kind is a `DataError`.
fn says_the_key_is_broken(error: &JsValue) -> bool {
    error
        .dyn_ref::<DomException>()
        .is_some_and(|error| error.name() == "DataError")
}
