//! Who signs tokens: a door through which cryptography comes in, so that the core itself has none.

/// A signing key and the algorithm it signs with.
///
/// The core only knows this trait, because it also runs inside WebAssembly where the native library does not.
pub trait Signer: Send + Sync {
    /// The key id of the JWS header and the JWK (RFC 7515 section 4.1.4).
    fn kid(&self) -> &str;

    /// The algorithm's name, such as `RS256` (RFC 7518 section 3.1).
    fn alg(&self) -> &str;

    /// The public key's own JWK members: `kty`, and what belongs to that type, such as `n` and `e`.
    fn jwk(&self) -> &[(&'static str, String)];

    /// The signature over a JWS signing input (RFC 7515 section 5.1), the same each time: the mock knows its own ID tokens
    /// again by it, where one comes back as an `id_token_hint`.
    fn sign(&self, input: &[u8]) -> Vec<u8>;
}

/// A signer whose signatures verify nowhere, for simulations in which nobody checks them.
#[derive(Debug)]
pub struct BlankSigner(Vec<(&'static str, String)>);

impl BlankSigner {
    /// A signer that claims RS256 with an empty key.
    pub fn new() -> Self {
        let member = |name, value: &str| (name, value.to_owned());
        Self(vec![member("kty", "RSA"), member("n", "AA"), member("e", "AQAB")])
    }
}

impl Default for BlankSigner {
    fn default() -> Self {
        Self::new()
    }
}

impl Signer for BlankSigner {
    fn kid(&self) -> &'static str {
        "blank"
    }

    fn alg(&self) -> &'static str {
        "RS256"
    }

    fn jwk(&self) -> &[(&'static str, String)] {
        &self.0
    }

    fn sign(&self, _: &[u8]) -> Vec<u8> {
        vec![0; 256]
    }
}
