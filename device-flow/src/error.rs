//! Everything that can go wrong, each variant naming who is at fault.
//!
//! Every error has a `code` for programs, stable across versions, and a `Display` text that says what failed.
//! What a person can do about it is said by [`crate::View`].

mod misbehaved;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

pub use misbehaved::{IdTokenError, PeerMisbehaved};

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
    /// Every cause there is.
    pub const ALL: [Self; 8] = [
        Self::BodyTooLarge,
        Self::CrossOriginRefused,
        Self::Interrupted,
        Self::NameNotFound,
        Self::Offline,
        Self::TimedOut,
        Self::Tls,
        Self::Unreachable,
    ];

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
    /// It named a moment, as a date: the same one to everybody, so that whoever waits for it should add a little of their
    /// own.
    pub is_moment: bool,
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

/// The server's own words, without their full stop; its `error` if they say nothing.
impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.error_description.as_deref().unwrap_or_default();
        let words = words.trim_end().trim_end_matches('.').trim();
        f.write_str(if words.is_empty() { &self.error } else { words })
    }
}

/// Why a sign-in failed; endings that a person caused are [`crate::Ending`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FlowError {
    /// Nobody gave a usable answer, several times in a row.
    Lost(LostCause),
    /// The server broke a rule.
    Misbehaved(PeerMisbehaved),
    /// The shell has no SHA-256, and PKCE cannot do without.
    NoDigest,
    /// The server answered with an OAuth error.
    Refused(ErrorResponse),
}

impl FlowError {
    /// Stable name for programs: ours, or the server's `error` as it stands.
    pub fn code(&self) -> &str {
        match self {
            Self::Lost(cause) => cause.code(),
            Self::Misbehaved(error) => error.code(),
            Self::NoDigest => "digest_unavailable",
            Self::Refused(response) => &response.error,
        }
    }

    /// The names, values and words of a server that it is about.
    pub fn details(&self) -> Vec<&str> {
        match self {
            Self::Lost(_) | Self::NoDigest => Vec::new(),
            Self::Misbehaved(error) => error.details(),
            Self::Refused(response) => response.error_description.as_deref().into_iter().collect(),
        }
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(cause) => cause.fmt(f),
            Self::Misbehaved(error) => error.fmt(f),
            Self::NoDigest => f.write_str("this device has no SHA-256 here, which PKCE needs"),
            Self::Refused(response) => response.fmt(f),
        }
    }
}

impl core::error::Error for FlowError {}
