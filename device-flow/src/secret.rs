//! Values that must not reach a log line: `Debug` hides them, `Display` and `Serialize` do not exist.

use alloc::string::String;
use core::fmt;

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Eq, PartialEq)]
        pub struct $name(String);

        impl $name {
            /// Wraps the value as the server sent it.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
            }

            /// The value itself; the caller answers for where it goes.
            pub fn expose(&self) -> &str {
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
    AccessToken
    /// `device_code` (RFC 8628 section 3.2): whoever holds it collects the tokens.
    DeviceCode
    /// `end_session_endpoint` with its query (OpenID Connect RP-Initiated Logout 1.0 section 2): it holds the ID token.
    EndSessionUrl
    /// `id_token` in compact form (OpenID Connect Core 1.0 section 2).
    IdToken
    /// `refresh_token` (RFC 6749 section 1.5).
    RefreshToken
    /// A session as it rests between two runs: one line of JSON with all its tokens.
    SessionRecord
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
