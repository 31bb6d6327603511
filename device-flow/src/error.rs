//! Everything that can go wrong, each variant naming who is at fault.
//!
//! Every error has a `code` for programs, stable across versions, and a `Display` text that says what failed.
//! What a person can do about it is said by [`crate::View`].

use alloc::string::String;
use core::fmt;
use core::time::Duration;

/// Our caller is at fault: the configuration cannot work. Found before any request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ConfigError {
    /// Plain `http` to another machine, without `allow_insecure_http`.
    Insecure {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// A value that is not what its setting needs.
    Invalid {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What it must be, as the end of the sentence "must be …".
        must_be: &'static str,
    },
    /// A setting that is not there.
    Missing {
        /// The setting.
        setting: &'static str,
        /// Why it is needed.
        why: &'static str,
    },
    /// Not JSON, or not the expected members; the text says where.
    Unreadable(String),
}

impl ConfigError {
    /// Stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Insecure { .. } => "config_insecure",
            Self::Invalid { .. } => "config_invalid",
            Self::Missing { .. } => "config_missing",
            Self::Unreadable(_) => "config_unreadable",
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insecure { setting, value } => write!(
                f,
                "`{setting}` is plain http to another machine ({value}). Use https, or set `allow_insecure_http` for a test network"
            ),
            Self::Invalid {
                setting,
                value,
                must_be,
            } => write!(f, "`{setting}` must be {must_be}; it is {value:?}"),
            Self::Missing { setting, why } => write!(f, "`{setting}` is missing: {why}"),
            Self::Unreadable(detail) => write!(f, "The configuration cannot be read: {detail}"),
        }
    }
}

impl core::error::Error for ConfigError {}

/// Nobody answered: one variant for each cause a shell can observe.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TransportError {
    /// More than [`crate::MAX_BODY_BYTES`].
    BodyTooLarge,
    /// The server is there, but the browser may not read its answer: CORS.
    CrossOriginRefused,
    /// The connection broke before the answer was whole.
    Interrupted,
    /// The host's name is not known.
    NameNotFound,
    /// The device says it has no network.
    Offline,
    /// The answer took too long.
    TimedOut,
    /// No secure connection: certificate, trust or clock.
    Tls,
    /// No connection, and the cause cannot be seen.
    Unreachable,
}

impl TransportError {
    /// Stable name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BodyTooLarge => "body_too_large",
            Self::CrossOriginRefused => "cross_origin_refused",
            Self::Interrupted => "interrupted",
            Self::NameNotFound => "name_not_found",
            Self::Offline => "offline",
            Self::TimedOut => "timed_out",
            Self::Tls => "tls",
            Self::Unreachable => "unreachable",
        }
    }

    /// Whether asking again can help.
    pub(crate) const fn is_transient(self) -> bool {
        !matches!(self, Self::CrossOriginRefused)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BodyTooLarge => "the answer is too large",
            Self::CrossOriginRefused => "the server does not let this page read its answers (CORS)",
            Self::Interrupted => "the connection broke off",
            Self::NameNotFound => "the host name is not known",
            Self::Offline => "this device has no network",
            Self::TimedOut => "no answer in time",
            Self::Tls => "no secure connection (certificate, or this device's date)",
            Self::Unreachable => "no connection",
        })
    }
}

impl core::error::Error for TransportError {}

/// No answer that can be used, from a server that may well give one later: ask again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lost {
    /// What happened.
    pub cause: LostCause,
    /// How long the server wants to be left alone, where it says so and that can be read: by `Retry-After`
    /// (RFC 9110 section 10.2.3), or by when its rate limit ends (O-99).
    pub retry_after: Option<Duration>,
}

/// Why an answer was lost.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum LostCause {
    /// Nobody answered.
    Transport(TransportError),
    /// Status 408, 429 or 5xx without a verdict.
    Unavailable(u16),
    /// A body that cannot be read, such as a hotel's sign-in page; while polling with any other status too.
    Unreadable(u16),
}

impl LostCause {
    /// Stable name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transport(error) => error.code(),
            Self::Unavailable(_) => "server_unavailable",
            Self::Unreadable(_) => "answer_unreadable",
        }
    }
}

impl fmt::Display for LostCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Unavailable(status) => write!(f, "the server is not available (status {status})"),
            Self::Unreadable(status) => write!(f, "the answer cannot be read (status {status})"),
        }
    }
}

/// The server answered with an OAuth error (RFC 6749 section 5.2), kept whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ErrorResponse {
    /// HTTP status of the answer.
    pub status: u16,
    /// `error`; for Okta's native error object its `errorCode` (O-90).
    pub error: String,
    /// `error_description`; for Okta's native error object its `errorSummary`.
    pub error_description: Option<String>,
}

/// The server's own words, without their full stop; its `error` if there are none.
impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.error_description.as_deref().unwrap_or(&self.error);
        f.write_str(words.trim_end().trim_end_matches('.'))
    }
}

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
            Self::DeviceGrantNotOffered => "device_grant_not_offered",
            Self::MemberNotUsable { .. } => "member_not_usable",
            Self::IdToken(error) => error.code(),
            Self::IssuerMismatch { .. } => "issuer_mismatch",
            Self::MemberMissing { .. } => "member_missing",
            Self::Redirected { .. } => "redirected",
        }
    }
}

impl fmt::Display for PeerMisbehaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnswerUnreadable { endpoint, status } => {
                write!(f, "the {endpoint} answered with status {status} and nothing readable")
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
    /// `alg` is none we accept: `none` never, `HS256` never for a public client (step 7, X-33).
    AlgorithmRefused(String),
    /// `aud` does not hold the client id, or holds others that this client does not know (step 3).
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
    /// Not a compact JWS with JSON header and claims.
    Malformed,
    /// `openid` was asked for and granted, and no ID token came (section 3.1.3.3).
    Missing,
    /// The signature does not fit (step 6).
    SignatureInvalid,
    /// Nobody could check the signature and the connection was not TLS either (step 6).
    SignatureUnchecked,
    /// `sub` is missing.
    SubjectMissing,
}

impl IdTokenError {
    /// Stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
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
            Self::SignatureInvalid => "id_token_signature_invalid",
            Self::SignatureUnchecked => "id_token_signature_unchecked",
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
            Self::AudienceMismatch => f.write_str("is for another client (aud)"),
            Self::AuthorizedPartyMismatch => f.write_str("was not issued to this client (azp)"),
            Self::CriticalHeader => f.write_str("demands an extension that this client does not know (crit)"),
            Self::Expired => f.write_str("has expired (exp)"),
            Self::IssuerMismatch { expected, found } => write!(f, "is from {found:?}, not from {expected:?} (iss)"),
            Self::IssuedInTheFuture => f.write_str("was issued in the future (iat)"),
            Self::KeyNotFound => f.write_str("is signed with a key the server does not publish (kid)"),
            Self::Malformed => f.write_str("cannot be read"),
            Self::Missing => f.write_str("did not come, though the scope `openid` asked for one"),
            Self::SignatureInvalid => f.write_str("has a wrong signature"),
            Self::SignatureUnchecked => f.write_str("cannot be checked here: no cryptography and no TLS"),
            Self::SubjectMissing => f.write_str("names nobody (sub)"),
        }
    }
}

/// Why a sign-in failed; endings that a person caused are [`crate::Ending`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FlowError {
    /// Nobody gave a usable answer, several times in a row.
    Lost(LostCause),
    /// The server broke a rule.
    Misbehaved(PeerMisbehaved),
    /// The server answered with an OAuth error.
    Refused(ErrorResponse),
}

impl FlowError {
    /// Stable name for programs: ours, or the server's `error` as it stands.
    pub fn code(&self) -> &str {
        match self {
            Self::Lost(cause) => cause.code(),
            Self::Misbehaved(error) => error.code(),
            Self::Refused(response) => &response.error,
        }
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(cause) => cause.fmt(f),
            Self::Misbehaved(error) => error.fmt(f),
            Self::Refused(response) => response.fmt(f),
        }
    }
}

impl core::error::Error for FlowError {}
