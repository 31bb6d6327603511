//! What proves and compares by SHA-256, and the randomness that it starts from.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use device_flow::{DigestInput, Seed};

/// The digest of the text's bytes.
pub fn sha256(input: &DigestInput) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, input.expose().as_bytes()).as_ref());
    bytes
}

/// For `pkce`; `None` if the system has no randomness to give.
pub fn seed() -> Option<Seed> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).ok()?;
    Some(Seed::from_random(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_of_rfc_7636_is_this_digest() {
        // Appendix B, whose `code_challenge` is this in base64url.
        let input = DigestInput::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let challenge = [
            19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68, 86,
            110, 225, 137, 74, 203, 112, 249, 195,
        ];
        assert_eq!(sha256(&input), challenge);
    }
}
