//! Signatures that cost nothing, for thousands of stories in a row.
//!
//! Whoever reads this file can forge them. Stories about signatures use real ones.

use device_flow::{Jwk, SignatureAnswer, SignatureCheck};
use mock_idp::Signer;

/// A signer that claims RS256, and seals with a hash that has no secret.
#[derive(Debug)]
pub struct Seal([(&'static str, String); 3]);

/// What stands for a modulus in its key.
const KEY: &str = "c2VhbA";

impl Seal {
    /// The one there is.
    #[expect(clippy::new_without_default, reason = "a signer is made on purpose")]
    pub fn new() -> Self {
        Self([("kty", "RSA".into()), ("n", KEY.into()), ("e", "AQAB".into())])
    }
}

impl Signer for Seal {
    fn kid(&self) -> &'static str {
        "seal"
    }

    fn alg(&self) -> &'static str {
        "RS256"
    }

    fn jwk(&self) -> &[(&'static str, String)] {
        &self.0
    }

    fn sign(&self, input: &[u8]) -> Vec<u8> {
        hash(input).to_vec()
    }
}

/// Whether the seal fits, by its own key.
pub fn verify(check: &SignatureCheck) -> SignatureAnswer {
    let is_ours = matches!(&check.key, Jwk::Rsa { n, .. } if n == KEY);
    if is_ours && check.signature == hash(&check.signing_input) {
        SignatureAnswer::Valid
    } else {
        SignatureAnswer::Invalid
    }
}

/// FNV-1a in 64 bits.
fn hash(input: &[u8]) -> [u8; 8] {
    let hash = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash.to_be_bytes()
}
