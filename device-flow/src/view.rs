//! What a screen may know: numbers and text, no state machine.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use crate::config::Server;
use crate::error::{ConfigError, FlowError, IdTokenError, LostCause, PeerMisbehaved, TransportError};
use crate::flow::{Code, Ending, Flow, Old, Outcome, State};
use crate::id_token::Vouched;
use crate::setback::Setback;
use crate::time::Instant;
use crate::url::HttpUrl;

/// The sign-in as a screen shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum View {
    /// Nothing has begun.
    Idle,
    /// Asking the server; nothing to show yet.
    Connecting {
        /// The server did not answer; another try is coming.
        trouble: Option<Trouble>,
    },
    /// The person's turn.
    Code(CodeView),
    /// Approved; the ID token is being checked.
    Checking {
        /// The server did not answer; another try is coming.
        trouble: Option<Trouble>,
    },
    /// Done.
    SignedIn {
        /// What to call the person, if known.
        name: Option<String>,
        /// What vouches for that name; `None` if there is no ID token.
        vouched_by: Option<Vouched>,
    },
    /// `Input::Cancel`.
    Cancelled,
    /// The person, or a policy for them, said no.
    Denied {
        /// The server's own words, if any.
        description: Option<String>,
    },
    /// Nobody approved in time.
    Expired,
    /// Something went wrong that is nobody's decision.
    Failed(Failure),
}

/// The code, where to enter it, and how long it lives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CodeView {
    /// As the server sent it. May be grouped for the eye, must not be changed.
    pub user_code: String,
    /// Where to go, as the server sent it.
    pub verification_uri: HttpUrl,
    /// The same with the code inside, for the QR.
    pub verification_uri_complete: Option<HttpUrl>,
    /// Lifetime of the code from its issue.
    pub lifetime: Duration,
    /// What is left of it; zero while the last ask is under way.
    pub left: Duration,
    /// The last answer was lost; the code still counts.
    pub trouble: Option<Trouble>,
}

impl CodeView {
    /// The address for the QR: the complete one if the server gave it (RFC 8628 section 3.3.1), else the plain one.
    pub fn address_for_qr(&self) -> &HttpUrl {
        self.verification_uri_complete
            .as_ref()
            .unwrap_or(&self.verification_uri)
    }

    /// The address for people: without the scheme, and without the slash of an empty path; nobody needs to type those.
    pub fn address_for_people(&self) -> &str {
        let url = &self.verification_uri;
        if url.after_authority() == "/" {
            url.authority()
        } else {
            url.after_scheme()
        }
    }
}

/// A lost answer, and when the next try comes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trouble {
    /// What happened to the answer.
    pub cause: LostCause,
    /// Time until the next try.
    pub retry_in: Duration,
}

impl Trouble {
    /// Stable name of the cause.
    pub const fn code(&self) -> &'static str {
        self.cause.code()
    }

    /// The cause in English words, as one sentence without a full stop.
    pub fn what(&self) -> String {
        self.cause.to_string()
    }
}

/// A failure: a stable code for whoever helps, English words for the person, and for screens of other languages all that
/// is no words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// What went wrong.
    pub cause: FailureCause,
    /// The host of the authorization server as configured.
    pub host: Option<String>,
}

/// What went wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FailureCause {
    /// The configuration cannot work, so nothing has begun.
    Config(ConfigError),
    /// The sign-in.
    Flow(FlowError),
}

impl Failure {
    /// Stable name: ours, or the server's `error`.
    pub fn code(&self) -> &str {
        match &self.cause {
            FailureCause::Config(error) => error.code(),
            FailureCause::Flow(error) => error.code(),
        }
    }

    /// What failed in English words, as one sentence without a full stop.
    pub fn what(&self) -> String {
        match &self.cause {
            FailureCause::Config(error) => error.to_string(),
            FailureCause::Flow(error) => error.to_string(),
        }
    }

    /// What to do now, as a whole English sentence.
    pub fn advice(&self) -> &'static str {
        match &self.cause {
            FailureCause::Config(_) => "Whoever set up this app needs to correct its configuration.",
            FailureCause::Flow(error) => advice(error),
        }
    }

    /// The names, values and words of a server that it is about, for whoever helps: what no code can say.
    pub fn details(&self) -> Vec<&str> {
        match &self.cause {
            FailureCause::Config(error) => match error {
                ConfigError::Insecure { setting, value } => [*setting, value].into(),
                ConfigError::Invalid {
                    setting,
                    value,
                    must_be,
                } => [*setting, value, must_be].into(),
                ConfigError::Missing { setting, why } => [*setting, *why].into(),
                ConfigError::Unreadable(detail) => [&**detail].into(),
            },
            FailureCause::Flow(error) => error.details(),
        }
    }
}

impl From<&ConfigError> for Failure {
    fn from(error: &ConfigError) -> Self {
        Self {
            cause: FailureCause::Config(error.clone()),
            host: None,
        }
    }
}

impl Flow {
    /// The screen at `now`. Pure: drawing is not an input, and may be done as often as one likes.
    pub fn view(&self, now: Instant) -> View {
        let trouble = || self.setback().map(|setback| trouble(setback, now));
        match self.state() {
            State::Idle => View::Idle,
            State::Challenging {
                old: Old::Shown(code), ..
            }
            | State::Authorizing {
                old: Old::Shown(code), ..
            } => View::Code(code_view(code, now, trouble())),
            State::Discovering { .. } | State::Challenging { .. } | State::Authorizing { .. } => {
                View::Connecting { trouble: trouble() }
            }
            State::Pending { codes, .. } => View::Code(code_view(codes.shown(), now, trouble())),
            State::FetchingKeys { .. } | State::CheckingSignature { .. } | State::CheckingAccessToken { .. } => {
                View::Checking { trouble: trouble() }
            }
            State::Done(Outcome::Ended(Ending::Cancelled)) => View::Cancelled,
            State::Done(Outcome::Ended(Ending::Denied(response))) => View::Denied {
                description: response.error_description.clone(),
            },
            State::Done(Outcome::Ended(Ending::Expired)) => View::Expired,
            State::Done(Outcome::Failed(error)) => View::Failed(Failure {
                cause: FailureCause::Flow(error.clone()),
                host: Some(self.host()),
            }),
            State::Done(Outcome::SignedIn { identity, .. }) => View::SignedIn {
                name: identity
                    .as_ref()
                    .and_then(|identity| identity.display_name().map(Into::into)),
                vouched_by: identity.as_ref().map(|identity| identity.vouched_by),
            },
        }
    }

    fn host(&self) -> String {
        let url = match &self.config().server {
            Server::Issuer(issuer) => issuer,
            Server::Endpoints(endpoints) => &endpoints.device_authorization_endpoint,
        };
        url.authority().into()
    }
}

fn code_view(code: &Code, now: Instant, trouble: Option<Trouble>) -> CodeView {
    let Code {
        authorization, pending, ..
    } = code;
    CodeView {
        user_code: authorization.user_code.clone(),
        verification_uri: authorization.verification_uri.clone(),
        verification_uri_complete: authorization.verification_uri_complete.clone(),
        lifetime: pending.lifetime(),
        left: pending.left(now),
        trouble,
    }
}

pub(crate) fn trouble(setback: &Setback, now: Instant) -> Trouble {
    Trouble {
        cause: setback.cause,
        retry_in: setback.retry_at.since(now),
    }
}

/// What the person, or whoever helps them, can do.
fn advice(error: &FlowError) -> &'static str {
    const ADMINISTRATOR: &str = "Please tell whoever runs this service; the reference below helps them.";
    match error {
        FlowError::Lost(LostCause::Transport(TransportError::CrossOriginRefused)) => {
            "This page must be served from the same origin as the authorization server, through a proxy, \
             or the server must allow this page’s origin."
        }
        FlowError::Lost(LostCause::Transport(TransportError::Tls))
        | FlowError::Misbehaved(PeerMisbehaved::IdToken(
            IdTokenError::Expired | IdTokenError::IssuedInTheFuture | IdTokenError::NotYetValid,
        )) => "Check the date and time of this device, then try again.",
        FlowError::Lost(LostCause::Transport(TransportError::NameNotFound)) => {
            "Check the network of this device and the configured address, then try again."
        }
        FlowError::Lost(LostCause::Transport(_)) => "Check the network of this device, then try again.",
        FlowError::Lost(_) => "Please try again in a few minutes.",
        FlowError::Misbehaved(PeerMisbehaved::IssuerMismatch { .. }) => {
            "The configured issuer must be spelt exactly as the server spells it, with or without a final slash."
        }
        FlowError::Misbehaved(_) => ADMINISTRATOR,
        FlowError::NoDigest => "The page must come by https, or do without `pkce`.",
        FlowError::Refused(response) => match response.error.as_str() {
            "invalid_client" | "unauthorized_client" => {
                "The client id must be registered there as a public client with the device grant switched on."
            }
            // the answer with the tokens got lost, or the server has forgotten the code.
            "invalid_grant" => "This code can no longer be used. Please start again for a new one.",
            "server_error" | "temporarily_unavailable" => "Please try again in a few minutes.",
            "invalid_scope" => "A scope in the configuration is not known there.",
            "slow_down" | "too_many_user_codes" => {
                "Too many codes were asked for. Please wait a while, then try again."
            }
            _ => ADMINISTRATOR,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorResponse;

    fn check(error: &FlowError, expected: &[&str]) {
        assert_eq!(error.details(), expected);
    }

    #[test]
    fn details_are_what_no_code_can_say() {
        // O-54.
        check(
            &FlowError::Refused(ErrorResponse {
                status: 401,
                error: "invalid_client".into(),
                error_description: Some("Invalid value for 'client_id' parameter.".into()),
            }),
            &["Invalid value for 'client_id' parameter."],
        );
        check(
            &FlowError::Misbehaved(PeerMisbehaved::IssuerMismatch {
                expected: "https://id.example".into(),
                found: "https://id.example/".into(),
            }),
            &["https://id.example", "https://id.example/"],
        );
        check(&FlowError::NoDigest, &[]);
    }
}
