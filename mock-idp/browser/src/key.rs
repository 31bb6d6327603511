//! ES256 signatures (RFC 7518 section 3.4) in pure Rust.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mock_idp::Signer;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use sha2::{Digest, Sha256};

/// A key on the curve P-256. Its signatures are the same each time (RFC 6979), as [`Signer`] wants them.
#[derive(Debug)]
pub(crate) struct Es256Key {
    key: SigningKey,
    kid: String,
    jwk: [(&'static str, String); 4],
}

impl Es256Key {
    /// Makes one from 32 random bytes.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        // Of a slice it would fill up what is missing.
        let bytes: &[u8; 32] = bytes.try_into().ok()?;
        let key = SigningKey::from_bytes(bytes.into()).ok()?;
        let point = key.verifying_key().to_sec1_point(false);
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (x, y) = (number(point.x()?), number(point.y()?));
        // RFC 7638 section 3.2
        let thumbprint = Sha256::digest(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#));
        Some(Self {
            kid: number(&thumbprint),
            jwk: [
                ("kty", "EC".to_owned()),
                ("crv", "P-256".to_owned()),
                ("x", x),
                ("y", y),
            ],
            key,
        })
    }
}

impl Signer for Es256Key {
    fn kid(&self) -> &str {
        &self.kid
    }

    fn alg(&self) -> &'static str {
        "ES256"
    }

    fn jwk(&self) -> &[(&'static str, String)] {
        &self.jwk
    }

    fn sign(&self, input: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(input);
        signature.to_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::Es256Key;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use mock_idp::Signer;

    #[test]
    fn another_implementation_takes_its_signatures_by_its_published_members() {
        let key = Es256Key::new(&[7; 32]).unwrap();
        let number = |name| {
            let member = key.jwk().iter().find(|(member, _)| *member == name).unwrap();
            URL_SAFE_NO_PAD.decode(&member.1).unwrap()
        };
        // SEC 1 section 2.3.3: an uncompressed point.
        let point = [vec![4], number("x"), number("y")].concat();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        let signature = key.sign(b"header.payload");
        assert!(public.verify(b"header.payload", &signature).is_ok());
        assert!(public.verify(b"header.payloaD", &signature).is_err());
        assert_eq!(signature, key.sign(b"header.payload"));
    }

    #[test]
    fn what_is_no_key_makes_none() {
        // FIPS 186-5 section 6.2: from 1 to n - 1.
        assert!(Es256Key::new(&[0; 32]).is_none() && Es256Key::new(&[0xff; 32]).is_none());
        assert!(Es256Key::new(&[7; 31]).is_none());
    }
}
