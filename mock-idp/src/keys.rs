//! Real RS256 signatures, by the native library.

use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use sha2::{Digest, Sha256};

use crate::random::base64url;
use crate::signer::Signer;

/// The key that everybody has: see `keys/README.md`.
const TEST_ONLY: &[u8] = include_bytes!("../keys/test-only.pkcs8.der");

/// An RSA key that signs with RS256 (RFC 7518 section 3.3).
#[derive(Debug)]
pub struct Rs256Signer {
    key: RsaKeyPair,
    kid: String,
    jwk: [(&'static str, String); 3],
}

impl Rs256Signer {
    /// The published test-only key, at once.
    pub fn test_only() -> Result<Self, KeyRejected> {
        RsaKeyPair::from_pkcs8(TEST_ONLY).map(Self::new)
    }

    /// A new 2048-bit key, which takes about as long as a blink.
    pub fn fresh() -> Result<Self, Unspecified> {
        RsaKeyPair::generate(KeySize::Rsa2048).map(Self::new)
    }

    fn new(key: RsaKeyPair) -> Self {
        let public = key.public_key();
        let number = |bytes: &[u8]| base64url(bytes);
        let n = number(public.modulus().big_endian_without_leading_zero());
        let e = number(public.exponent().big_endian_without_leading_zero());
        // The thumbprint of RFC 7638 section 3: 43 characters, as long as Okta's (O-120).
        let thumbprint = Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
        Self {
            kid: base64url(&thumbprint),
            jwk: [("kty", "RSA".to_owned()), ("n", n), ("e", e)],
            key,
        }
    }
}

impl Signer for Rs256Signer {
    fn kid(&self) -> &str {
        &self.kid
    }

    fn alg(&self) -> &'static str {
        "RS256"
    }

    fn jwk(&self) -> &[(&'static str, String)] {
        &self.jwk
    }

    fn sign(&self, input: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let signed = self
            .key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature);
        debug_assert!(signed.is_ok(), "a valid key signs a digest");
        signature
    }
}
