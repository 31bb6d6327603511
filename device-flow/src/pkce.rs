//! Proof Key for Code Exchange (RFC 7636) on the device grant: only who asked for a code can collect its tokens.
//!
//! RFC 8628 does not speak of it, and no metadata announce it for this grant; a server that does not know the parameters
//! ignores them (RFC 6749 section 3.2).

use alloc::string::String;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

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
        let challenge = Base64UrlUnpadded::encode_string(&digest);
        Self { verifier, challenge }
    }
}

/// What the verifier with this number is the digest of: who knows one of them knows none of the others.
pub(crate) fn verifier_input(seed: &Seed, number: u32) -> DigestInput {
    DigestInput::new(String::from_iter([seed.expose(), ".", &decimal(number.into())]))
}

/// 43 characters from 32 bytes, as section 4.1 recommends.
pub(crate) fn verifier(digest: [u8; 32]) -> CodeVerifier {
    CodeVerifier::new(Base64UrlUnpadded::encode_string(&digest))
}

/// What the challenge is the digest of.
pub(crate) fn challenge_input(verifier: &CodeVerifier) -> DigestInput {
    DigestInput::new(verifier.expose())
}
