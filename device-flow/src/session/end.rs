//! How a session ends, in words.

use core::fmt;

use crate::error::{ErrorResponse, FlowError, PeerMisbehaved};

/// Why there is no session any more.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SessionEnd {
    /// The access token has run out or was refused, and no refresh token was granted.
    Expired,
    /// The server broke a rule: with a refresh came an ID token about somebody else (OpenID Connect Core 1.0 section
    /// 12.2), or the configuration is `strict` and it was any other.
    Misbehaved(PeerMisbehaved),
    /// The server gave no new tokens: it has revoked the session, a policy asks for more, or a refresh token was used
    /// twice. The server's words say which.
    Refused(ErrorResponse),
    /// By [`super::Input::SignOut`].
    SignedOut(Revocation),
    /// In another tab: somebody signed out there, or signed in as somebody else.
    SignedOutElsewhere,
}

/// Whether the server was told of a sign-out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Revocation {
    /// It has taken the tokens back.
    Done,
    /// It could not be told; what is left of the tokens runs out by itself.
    Failed(FlowError),
    /// It names no `revocation_endpoint` (RFC 8414 section 2).
    NotOffered,
}

impl SessionEnd {
    /// Stable name for programs: ours, or the server's `error` as it stands.
    pub fn code(&self) -> &str {
        match self {
            Self::Expired => "session_expired",
            Self::Misbehaved(error) => error.code(),
            Self::Refused(response) => &response.error,
            Self::SignedOut(Revocation::Done | Revocation::NotOffered) => "signed_out",
            Self::SignedOut(Revocation::Failed(_)) => "signed_out_not_revoked",
            Self::SignedOutElsewhere => "signed_out_elsewhere",
        }
    }

    /// What the person, or whoever helps them, can do; a whole sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Expired | Self::Refused(_) => "Please sign in again.",
            Self::Misbehaved(_) => "Please tell whoever runs this service; the reference below helps them.",
            Self::SignedOut(Revocation::Failed(_)) => {
                "This device has forgotten you. To be sure, end its access in your account as well."
            }
            Self::SignedOut(_) | Self::SignedOutElsewhere => "You can sign in again at any time.",
        }
    }
}

/// What happened, as one sentence without a full stop.
impl fmt::Display for SessionEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str("your time here is over"),
            Self::Misbehaved(error) => error.fmt(f),
            Self::Refused(response) => write!(f, "your access has ended: {response}"),
            Self::SignedOut(Revocation::Done) => f.write_str("you are signed out"),
            Self::SignedOut(Revocation::NotOffered) => {
                f.write_str("you are signed out on this device; the server offers no way to be told")
            }
            Self::SignedOut(Revocation::Failed(error)) => {
                write!(
                    f,
                    "you are signed out on this device, but the server could not be told: {error}"
                )
            }
            Self::SignedOutElsewhere => f.write_str("you signed out, or somebody signed in, in another window"),
        }
    }
}
