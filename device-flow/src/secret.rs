//! Values that must not reach a log line: `Debug` hides them, `Display` and `Serialize` do not exist.

use alloc::string::String;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

macro_rules! secrets {
    ($($(#[$doc:meta])* $vis:vis $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Eq, PartialEq)]
        $vis struct $name(String);

        impl $name {
            /// Wraps the value as the server sent it.
            $vis fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The value itself; the caller answers for where it goes.
            $vis fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    )+};
}

secrets! {
    /// `access_token` (RFC 6749 section 1.4).
    pub AccessToken
    /// `code_verifier` (RFC 7636 section 4.1): without it the device code is worth nothing.
    pub(crate) CodeVerifier
    /// `device_code` (RFC 8628 section 3.2): whoever holds it collects the tokens.
    pub DeviceCode
    /// What a digest is asked of: a token, or what a verifier is made from.
    pub DigestInput
    /// `end_session_endpoint` with its query (OpenID Connect RP-Initiated Logout 1.0 section 2): it holds the ID token.
    pub EndSessionUrl
    /// `id_token` in compact form (OpenID Connect Core 1.0 section 2).
    pub IdToken
    /// `refresh_token` (RFC 6749 section 1.5).
    pub RefreshToken
    /// Random text of the shell's that code verifiers are made from.
    pub Seed
    /// A session as it rests between two runs: one line of JSON with all its tokens.
    pub SessionRecord
}

impl Seed {
    /// Bytes from a cryptographic source: RFC 7636 section 7.1 wants 256 bits.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Base64UrlUnpadded::encode_string(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_text_hides_the_value() {
        let text = alloc::format!("{:?} {:?}", AccessToken::new("s3cret"), Some(DeviceCode::new("s3cret")));
        assert_eq!(text, "AccessToken(hidden) Some(DeviceCode(hidden))");
    }
}
