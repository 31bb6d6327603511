//! What servers do wrong.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The server broke a rule; the variant names which.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PeerMisbehaved {
    /// Status 4xx without a readable `error` (RFC 6749 section 5.2).
    AnswerUnreadable {
        /// Whose answer: an endpoint's name.
        endpoint: &'static str,
        /// HTTP status.
        status: u16,
    },
    /// A rule of an RFC that is forgiven unless the configuration is `strict`.
    Deviates {
        /// Whose answer.
        endpoint: &'static str,
        /// The rule, and where it stands.
        rule: &'static str,
    },
    /// The metadata list grant types, and the device grant is not among them (RFC 8628 section 4).
    DeviceGrantNotOffered,
    /// A value that cannot be used: an address that is no `http(s)` URL or is plain `http` to another machine, or a
    /// code that cannot be shown.
    MemberNotUsable {
        /// The member.
        member: &'static str,
        /// Its value.
        value: String,
    },
    /// The ID token does not pass.
    IdToken(IdTokenError),
    /// `issuer` is not the configured one, character by character (RFC 8414 section 3.3).
    IssuerMismatch {
        /// What the configuration says.
        expected: String,
        /// What the metadata say.
        found: String,
    },
    /// A required member is missing, empty or of the wrong type.
    MemberMissing {
        /// Whose answer.
        endpoint: &'static str,
        /// The member.
        member: &'static str,
    },
    /// A redirect where none belongs; it is not followed, so that codes stay with their origin.
    Redirected {
        /// Whose answer.
        endpoint: &'static str,
        /// HTTP status; 0 in a browser, which does not tell.
        status: u16,
    },
}

impl PeerMisbehaved {
    /// Stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AnswerUnreadable { .. } => "answer_unreadable",
            Self::Deviates { .. } => "deviates",
            Self::DeviceGrantNotOffered => "device_grant_not_offered",
            Self::MemberNotUsable { .. } => "member_not_usable",
            Self::IdToken(error) => error.code(),
            Self::IssuerMismatch { .. } => "issuer_mismatch",
            Self::MemberMissing { .. } => "member_missing",
            Self::Redirected { .. } => "redirected",
        }
    }

    /// The names and values that it is about.
    pub fn details(&self) -> Vec<&str> {
        match self {
            Self::AnswerUnreadable { endpoint, .. } | Self::Redirected { endpoint, .. } => [*endpoint].into(),
            Self::Deviates { endpoint, rule } => [*endpoint, *rule].into(),
            Self::MemberNotUsable { member, value } => [*member, value].into(),
            Self::IdToken(IdTokenError::AlgorithmRefused(algorithm)) => [&**algorithm].into(),
            Self::IssuerMismatch { expected, found }
            | Self::IdToken(IdTokenError::IssuerMismatch { expected, found }) => [&**expected, found].into(),
            Self::DeviceGrantNotOffered | Self::IdToken(_) => Vec::new(),
            Self::MemberMissing { endpoint, member } => [*endpoint, *member].into(),
        }
    }
}

impl fmt::Display for PeerMisbehaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnswerUnreadable { endpoint, status } => {
                write!(f, "the {endpoint} answered with status {status} and nothing readable")
            }
            Self::Deviates { endpoint, rule } => {
                write!(f, "the {endpoint} deviates from {rule}")
            }
            Self::DeviceGrantNotOffered => {
                f.write_str("the authorization server does not offer the device grant (grant_types_supported)")
            }
            Self::MemberNotUsable { member, value } => write!(f, "`{member}` cannot be used: {value:?}"),
            Self::IdToken(error) => error.fmt(f),
            Self::IssuerMismatch { expected, found } => {
                write!(
                    f,
                    "the issuer is configured as {expected:?}, but the server calls itself {found:?}"
                )
            }
            Self::MemberMissing { endpoint, member } => write!(f, "the answer of the {endpoint} lacks `{member}`"),
            Self::Redirected { endpoint, status } => {
                write!(
                    f,
                    "the {endpoint} redirects elsewhere (status {status}), which is not followed"
                )
            }
        }
    }
}

/// What is wrong with an ID token (OpenID Connect Core 1.0 section 3.1.3.7).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum IdTokenError {
    /// `at_hash` is another access token's (section 3.1.3.8).
    AccessTokenMismatch,
    /// `alg` is none we accept: `none` never, `HS256` never for a public client (step 7, X-33).
    AlgorithmRefused(String),
    /// `aud` does not hold the client id (step 3); with `strict` also if it holds others, which are forgiven elsewhere
    /// where `azp` is this client.
    AudienceMismatch,
    /// `azp` is somebody else (step 5), or is missing beside several audiences (step 4).
    AuthorizedPartyMismatch,
    /// The header names an extension that must be understood, and none is (RFC 7515 section 4.1.11).
    CriticalHeader,
    /// `exp` has passed, or is missing (step 9).
    Expired,
    /// `iss` is not the issuer (step 2, X-34).
    IssuerMismatch {
        /// What the configuration says.
        expected: String,
        /// What the token says.
        found: String,
    },
    /// `iat` lies in the future, or is missing (step 10).
    IssuedInTheFuture,
    /// No key in the JWKS fits `kid` and `alg`.
    KeyNotFound,
    /// Not a compact JWS with JSON header and claims; with `strict` also if a time in it is no number (RFC 7519 section 2).
    Malformed,
    /// `openid` was asked for and granted, and no ID token came (section 3.1.3.3).
    Missing,
    /// `nbf` lies in the future, or is no time (RFC 7519 section 4.1.5).
    NotYetValid,
    /// The signature does not fit (step 6).
    SignatureInvalid,
    /// Nobody could check the signature and the connection was not TLS either (step 6).
    SignatureUnchecked,
    /// `sub` is another person's than at the sign-in (section 12.2).
    SubjectMismatch,
    /// `sub` is missing.
    SubjectMissing,
}

impl IdTokenError {
    /// Stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AccessTokenMismatch => "id_token_access_token_mismatch",
            Self::AlgorithmRefused(_) => "id_token_algorithm_refused",
            Self::AudienceMismatch => "id_token_audience_mismatch",
            Self::AuthorizedPartyMismatch => "id_token_authorized_party_mismatch",
            Self::CriticalHeader => "id_token_critical_header",
            Self::Expired => "id_token_expired",
            Self::IssuerMismatch { .. } => "id_token_issuer_mismatch",
            Self::IssuedInTheFuture => "id_token_issued_in_the_future",
            Self::KeyNotFound => "id_token_key_not_found",
            Self::Malformed => "id_token_malformed",
            Self::Missing => "id_token_missing",
            Self::NotYetValid => "id_token_not_yet_valid",
            Self::SignatureInvalid => "id_token_signature_invalid",
            Self::SignatureUnchecked => "id_token_signature_unchecked",
            Self::SubjectMismatch => "id_token_subject_mismatch",
            Self::SubjectMissing => "id_token_subject_missing",
        }
    }
}

impl fmt::Display for IdTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the ID token ")?;
        match self {
            Self::AlgorithmRefused(algorithm) => {
                write!(f, "is signed with {algorithm:?}, which this client cannot trust")
            }
            Self::AccessTokenMismatch => f.write_str("came with another access token (at_hash)"),
            Self::AudienceMismatch => f.write_str("is for another client (aud)"),
            Self::AuthorizedPartyMismatch => f.write_str("was not issued to this client (azp)"),
            Self::CriticalHeader => f.write_str("demands an extension that this client does not know (crit)"),
            Self::Expired => f.write_str("has expired (exp)"),
            Self::IssuerMismatch { expected, found } => write!(f, "is from {found:?}, not from {expected:?} (iss)"),
            Self::IssuedInTheFuture => f.write_str("was issued in the future (iat)"),
            Self::KeyNotFound => f.write_str("is signed with a key the server does not publish (kid)"),
            Self::Malformed => f.write_str("cannot be read"),
            Self::Missing => f.write_str("did not come, though the scope `openid` asked for one"),
            Self::NotYetValid => f.write_str("is not valid yet (nbf)"),
            Self::SignatureInvalid => f.write_str("has a wrong signature"),
            Self::SignatureUnchecked => f.write_str("cannot be checked here: no cryptography and no TLS"),
            Self::SubjectMismatch => f.write_str("is about somebody else than before (sub)"),
            Self::SubjectMissing => f.write_str("names nobody (sub)"),
        }
    }
}
