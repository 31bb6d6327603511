//! The keys that sign ID tokens (RFC 7517).

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::PeerMisbehaved;
use crate::http::{HttpRequest, HttpResponse};
use crate::url::HttpUrl;
use crate::wire::error::{self, AnswerError, Exchange};
use crate::wire::json::Object;
use crate::wire::{Intake, strict};

const ENDPOINT: &str = "JWKS endpoint";
const EXCHANGE: Exchange = Exchange {
    endpoint: ENDPOINT,
    is_verdict: |_| false,
    deviation: strict::jwks,
};

/// One public key, its numbers in base64url as the server wrote them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Jwk {
    /// `kty` `EC`, `crv` `P-256` (RFC 7518 section 6.2).
    EcP256 {
        /// x coordinate.
        x: String,
        /// y coordinate.
        y: String,
    },
    /// `kty` `RSA` (RFC 7518 section 6.3).
    Rsa {
        /// Modulus.
        n: String,
        /// Exponent.
        e: String,
    },
}

/// A key with the names it goes by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PublishedKey {
    pub(crate) kid: Option<String>,
    pub(crate) alg: Option<String>,
    pub(crate) key: Jwk,
}

/// Asks for the keys.
pub(crate) fn request(jwks_uri: &HttpUrl) -> HttpRequest {
    HttpRequest::get(jwks_uri.as_str().into())
}

/// Reads the keys that can check a signature; others are passed over (RFC 7517 section 5).
///
/// authentik without a signing key answers `{}`, which holds none.
pub(crate) fn response(response: &HttpResponse, intake: Intake) -> Result<Vec<PublishedKey>, AnswerError> {
    let jwks = error::read(&EXCHANGE, response, intake)?;
    let keys: Vec<_> = jwks.into_objects("keys").iter().filter_map(key).collect();
    if keys.is_empty() {
        return Err(AnswerError::Misbehaved(PeerMisbehaved::MemberMissing {
            endpoint: ENDPOINT,
            member: "keys",
        }));
    }
    Ok(keys)
}

fn key(jwk: &Object) -> Option<PublishedKey> {
    // `use` is optional; a key for encryption is not ours.
    if jwk.text("use").is_some_and(|usage| usage != "sig") {
        return None;
    }
    let key = match (jwk.text("kty")?, jwk.text("crv")) {
        ("RSA", _) => Jwk::Rsa {
            n: jwk.owned_text("n")?,
            e: jwk.owned_text("e")?,
        },
        ("EC", Some("P-256")) => Jwk::EcP256 {
            x: jwk.owned_text("x")?,
            y: jwk.owned_text("y")?,
        },
        _ => return None,
    };
    Some(PublishedKey {
        kid: jwk.owned_text("kid"),
        alg: jwk.owned_text("alg"),
        key,
    })
}
