//! WebCrypto against the example of RFC 7636.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client_wasm::digest::{seed, sha256};
use device_flow::DigestInput;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn the_challenge_of_rfc_7636_is_this_digest() {
    // Appendix B.
    let input = DigestInput::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let digest = sha256(&input).await.expect("a secure context");
    assert_eq!(
        URL_SAFE_NO_PAD.encode(digest),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
}

#[wasm_bindgen_test]
fn no_two_seeds_are_alike() {
    let (one, other) = (seed().expect("randomness"), seed().expect("randomness"));
    assert_ne!(one.expose(), other.expose());
}
