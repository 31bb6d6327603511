//! Everything random in the mock comes from one seeded generator: the same seed yields the same codes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Upper and lower case letters, then digits.
pub(crate) const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// The URL-safe base64 alphabet (RFC 4648 section 5).
pub(crate) const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Lower-case hexadecimal digits.
pub(crate) const HEX: &str = "0123456789abcdef";

/// A seeded source of codes, ids and tokens.
///
/// Reproducible, hence predictable: right for a mock, wrong for anything else.
#[derive(Debug)]
pub(crate) struct Random(ChaCha20Rng);

impl Random {
    /// A source of its own for each `purpose`, so that what one draws does not change what another gives.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(purpose);
        Self(ChaCha20Rng::from_seed(hash.finalize().into()))
    }

    /// `length` characters of an ASCII `alphabet`, each as likely as the others.
    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        let bound = Bound::new(alphabet.len());
        (0..length).map(|_| char::from(alphabet[self.below(bound)])).collect()
    }

    /// A version 4 UUID in lower case with hyphens (RFC 9562 section 5.4).
    pub(crate) fn uuid(&mut self) -> String {
        let variant = ["8", "9", "a", "b"][self.below(Bound::new(4))];
        let mut digits = |length| self.text(HEX, length);
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            digits(8),
            digits(4),
            digits(3),
            digits(3),
            digits(12)
        )
    }

    fn below(&mut self, Bound { bound, limit }: Bound) -> usize {
        loop {
            let number = self.0.next_u32();
            if number < limit {
                return usize::try_from(number % bound).unwrap_or_default();
            }
        }
    }
}

/// What a number must stay below.
#[derive(Clone, Copy)]
struct Bound {
    bound: u32,
    /// Numbers past the last whole multiple of `bound` would favour the first characters.
    limit: u32,
}

impl Bound {
    fn new(bound: usize) -> Self {
        let bound = u32::try_from(bound).unwrap_or(u32::MAX).max(1);
        let limit = u32::MAX - u32::MAX % bound;
        Self { bound, limit }
    }
}

/// Bytes as unpadded URL-safe base64 (RFC 7515 section 2).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::{HEX, Random};

    #[test]
    fn the_same_seed_and_purpose_yield_the_same_text() {
        let text = |seed, purpose| Random::new(seed, purpose).text(HEX, 32);
        assert_eq!(text(7, "a"), text(7, "a"));
        assert_ne!(text(7, "a"), text(8, "a"));
        assert_ne!(text(7, "a"), text(7, "b"));
    }

    #[test]
    fn a_uuid_has_version_four_and_its_variant() {
        let uuid = Random::new(1, "").uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!("89ab".contains(char::from(uuid.as_bytes()[19])));
        assert!([8, 13, 18, 23].iter().all(|&at| uuid.as_bytes()[at] == b'-'));
    }
}
