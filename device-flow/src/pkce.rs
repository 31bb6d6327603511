//! Proof Key for Code Exchange (RFC 7636) on the device grant: only who asked for a code can collect its tokens.
//!
//! RFC 8628 does not speak of it, and no metadata announce it for this grant; a server that does not know the parameters
//! ignores them (RFC 6749 section 3.2).

use alloc::string::String;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::decimal;
use crate::secret::{CodeVerifier, DigestInput, Seed};

/// `code_challenge_method` (section 4.3); `plain` is for those who cannot hash.
pub(crate) const S256: &str = "S256";

/// What goes with one device authorization request, and what with the polls after it.
#[derive(Clone)]
pub(crate) struct Pkce {
    pub(crate) verifier: CodeVerifier,
    pub(crate) challenge: String,
}

/// Only the challenge is for everybody's eyes.
impl fmt::Debug for Pkce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pkce({})", self.challenge)
    }
}

impl Pkce {
    /// From a verifier and the digest of its [`challenge_input`] (section 4.2).
    pub(crate) fn new(verifier: CodeVerifier, digest: [u8; 32]) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(digest);
        Self { verifier, challenge }
    }
}

/// What the verifier with this number is the digest of: who knows one of them knows none of the others.
pub(crate) fn verifier_input(seed: &Seed, number: u32) -> DigestInput {
    DigestInput::new([seed.expose(), ".", &decimal(number.into())].concat())
}

/// 43 characters from 32 bytes, as section 4.1 recommends.
pub(crate) fn verifier(digest: [u8; 32]) -> CodeVerifier {
    CodeVerifier::new(URL_SAFE_NO_PAD.encode(digest))
}

/// What the challenge is the digest of.
pub(crate) fn challenge_input(verifier: &CodeVerifier) -> DigestInput {
    DigestInput::new(verifier.expose())
}
