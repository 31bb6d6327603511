//! The ID token: read, then checked as OpenID Connect Core 1.0 section 3.1.3.7 has it.
//!
//! Its steps come in their order, save that an algorithm nobody can trust (step 7) is refused as the token is read.
//!
//! The signature itself is the shell's to check: this module says what to check and against which key.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::error::IdTokenError;
use crate::secret::IdToken;
use crate::time::UnixTime;
use crate::wire::json::{Object, line};
use crate::wire::jwks::{Jwk, PublishedKey};
use crate::wire::strict;

/// Ours: how far this device's clock may be off, in seconds. Televisions are not good at dates.
const CLOCK_LEEWAY: u64 = 300;

/// Who signed in, by a checked ID token.
#[derive(Clone, Eq, PartialEq)]
pub struct Identity {
    /// `sub`: the one stable name of a person at this issuer.
    pub subject: String,
    /// `name`, for a greeting.
    pub name: Option<String>,
    /// `preferred_username`.
    pub preferred_username: Option<String>,
    /// `email`.
    pub email: Option<String>,
    /// What vouches for all this.
    pub vouched_by: Vouched,
}

impl Identity {
    /// What to call the person: `name`, else `preferred_username`, else `email`.
    pub fn display_name(&self) -> Option<&str> {
        self.name
            .as_deref()
            .or(self.preferred_username.as_deref())
            .or(self.email.as_deref())
    }
}

/// Personal data, so none is shown.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(vouched by {})", self.vouched_by.as_str())
    }
}

/// What vouches for an ID token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Vouched {
    /// Nothing: no cryptography here and no TLS. Only with `allow_insecure_http`.
    Nothing,
    /// Its signature.
    Signature,
    /// The TLS connection to the token endpoint (section 3.1.3.7 step 6), where no cryptography was to be had.
    Tls,
}

impl Vouched {
    /// `none`, `signature` or `tls`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Signature => "signature",
            Self::Tls => "tls",
        }
    }
}

/// A signature for the shell to check.
#[derive(Clone, Eq, PartialEq)]
pub struct SignatureCheck {
    /// The public key; its kind says the algorithm: RS256 for RSA, ES256 for P-256 (RFC 7518 section 3.1).
    pub key: Jwk,
    /// The bytes that were signed.
    pub signing_input: Vec<u8>,
    /// The signature: for ES256 the two numbers side by side, 64 bytes (RFC 7518 section 3.4).
    pub signature: Vec<u8>,
}

/// The signed bytes hold personal data, so they are not shown.
impl fmt::Debug for SignatureCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignatureCheck({} bytes)", self.signing_input.len())
    }
}

/// What the shell found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureAnswer {
    /// It does not fit.
    Invalid,
    /// This engine cannot tell, such as a page on plain `http`.
    Unavailable,
    /// It fits.
    Valid,
}

/// An ID token that was read and not yet believed.
#[derive(Clone)]
pub(crate) struct Unverified {
    algorithm: Algorithm,
    kid: Option<String>,
    claims: Object,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
}

/// Personal data, so nothing is shown.
impl fmt::Debug for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unverified")
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Algorithm {
    Es256,
    Rs256,
}

impl Algorithm {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

impl Unverified {
    /// Takes a compact JWS apart (RFC 7515 section 3.1), with an algorithm that a public client can trust (step 7).
    pub(crate) fn read(token: &IdToken) -> Result<Self, IdTokenError> {
        let text = token.expose();
        let (signing_input, signature) = text.rsplit_once('.').ok_or(IdTokenError::Malformed)?;
        let (header, claims) = signing_input.split_once('.').ok_or(IdTokenError::Malformed)?;
        let bytes = |part: &str| Base64UrlUnpadded::decode_vec(part).map_err(|_| IdTokenError::Malformed);
        let object = |part: &str| Object::parse(&bytes(part)?).ok_or(IdTokenError::Malformed);
        let header = object(header)?;
        if header.has("crit") {
            return Err(IdTokenError::CriticalHeader);
        }
        let algorithm = match header.text("alg").ok_or(IdTokenError::Malformed)? {
            "ES256" => Algorithm::Es256,
            "RS256" => Algorithm::Rs256,
            other => return Err(IdTokenError::AlgorithmRefused(line(other))),
        };
        Ok(Self {
            algorithm,
            kid: header.owned_text("kid"),
            claims: object(claims)?,
            signing_input: signing_input.as_bytes().to_vec(),
            signature: bytes(signature)?,
        })
    }

    /// Steps 2 to 5: issuer, audience, authorized party.
    ///
    /// Servers that put the other clients of a project into `aud` still say in `azp` whom the token was issued to. If it is
    /// to be `strict`, the claims are by the book.
    pub(crate) fn check_parties(&self, issuer: &str, client_id: &str, is_strict: bool) -> Result<(), IdTokenError> {
        let found = self.claims.text("iss").unwrap_or_default();
        if found != issuer {
            return Err(IdTokenError::IssuerMismatch {
                expected: issuer.to_string(),
                found: line(found),
            });
        }
        let audience = self.claims.texts("aud").unwrap_or_default();
        if !audience.contains(&client_id) || (is_strict && audience.len() > 1) {
            return Err(IdTokenError::AudienceMismatch);
        }
        let names_a_party = audience.len() > 1 || self.claims.has("azp");
        if names_a_party && self.claims.text("azp") != Some(client_id) {
            return Err(IdTokenError::AuthorizedPartyMismatch);
        }
        if is_strict && strict::has_odd_time(&self.claims) {
            return Err(IdTokenError::Malformed);
        }
        if self.claims.text("sub").is_none() {
            return Err(IdTokenError::SubjectMissing);
        }
        Ok(())
    }

    /// Whether it is about the same person as before.
    pub(crate) fn check_subject(&self, subject: &str) -> Result<(), IdTokenError> {
        if self.claims.text("sub") == Some(subject) {
            Ok(())
        } else {
            Err(IdTokenError::SubjectMismatch)
        }
    }

    /// Step 6: the check to make, with the key that fits `alg` and, if the token names one, `kid`.
    pub(crate) fn signature_check(&self, keys: Vec<PublishedKey>) -> Result<SignatureCheck, IdTokenError> {
        let fits = |key: &PublishedKey| {
            let kind = matches!(
                (&key.key, self.algorithm),
                (Jwk::Rsa { .. }, Algorithm::Rs256) | (Jwk::EcP256 { .. }, Algorithm::Es256)
            );
            let named = self.kid.is_none() || key.kid == self.kid;
            kind && named && key.alg.as_ref().is_none_or(|alg| alg == self.algorithm.as_str())
        };
        let mut fitting = keys.into_iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            // Without a `kid` there must be no choice.
            (Some(only), None) => Ok(SignatureCheck {
                key: only.key,
                signing_input: self.signing_input.clone(),
                signature: self.signature.clone(),
            }),
            _ => Err(IdTokenError::KeyNotFound),
        }
    }

    /// Steps 9 and 10: not expired, not from the future; and `nbf` (RFC 7519 section 4.1.5), where it is there.
    pub(crate) fn check_times(&self, now: UnixTime) -> Result<(), IdTokenError> {
        let time = |claim| self.claims.number(claim);
        let now = now.as_secs();
        let latest = now.saturating_add(CLOCK_LEEWAY);
        if time("exp").is_none_or(|exp| now >= exp.saturating_add(CLOCK_LEEWAY)) {
            return Err(IdTokenError::Expired);
        }
        if time("iat").is_none_or(|iat| iat > latest) {
            return Err(IdTokenError::IssuedInTheFuture);
        }
        if self.claims.has("nbf") && time("nbf").is_none_or(|nbf| nbf > latest) {
            return Err(IdTokenError::NotYetValid);
        }
        Ok(())
    }

    /// Whether the token says which access token it came with.
    pub(crate) fn has_at_hash(&self) -> bool {
        self.claims.has("at_hash")
    }

    /// Whether that is the access token with this digest: `at_hash` is its left half (section 3.1.3.6; both algorithms
    /// go with SHA-256).
    pub(crate) fn fits_at_hash(&self, digest: &[u8; 32]) -> bool {
        self.claims.text("at_hash") == Some(&Base64UrlUnpadded::encode_string(&digest[..16]))
    }

    /// What the token says, after all checks.
    pub(crate) fn into_identity(self, vouched_by: Vouched) -> Identity {
        let line = |claim| self.claims.line(claim);
        Identity {
            subject: self.claims.owned_text("sub").unwrap_or_default(),
            name: line("name"),
            preferred_username: line("preferred_username"),
            email: line("email"),
            vouched_by,
        }
    }
}

#[cfg(test)]
mod tests;
