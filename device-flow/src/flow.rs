//! The state machine.
//!
//! ```text
//!  Idle --Start--> Discovering --metadata (RFC 8414)--> Authorizing --codes (RFC 8628 3.2)--> Pending
//!   |                  explicit endpoints ----------------^                                     | tokens (3.5)
//!   |                                                                                           v
//!   '--- Done <--signature-- CheckingSignature <--keys (RFC 7517)-- FetchingKeys <---- an ID token came
//! ```
//!
//! Every state but `Idle` and `Done` waits for one ask; an answer that is lost is asked for again.
//! What each answer leads to is said in `flow/transitions.rs`; the interval between polls is `flow/pending.rs`'s alone.

mod checking;
mod codes;
mod pending;
#[cfg(test)]
mod tests;
mod transitions;

use alloc::boxed::Box;

use crate::config::{Config, Endpoints, Server};
use crate::error::{ErrorResponse, FlowError, TransportError};
use crate::http::{HttpRequest, HttpResponse};
use crate::id_token::{Identity, SignatureAnswer, SignatureCheck, Vouched};
use crate::pkce::{self, Pkce};
use crate::secret::{CodeVerifier, DigestInput};
use crate::session::Origin;
use crate::setback::Setback;
use crate::time::{Instant, ServerClock, UnixTime};
use crate::url::HttpUrl;
use crate::wire::device_authorization;
use crate::wire::jwks;
use crate::wire::metadata::{self, WellKnown};
use crate::wire::token::{self, Tokens};
use checking::Granted;
pub(crate) use codes::Code;
use codes::Codes;
pub(crate) use transitions::more_telling;

/// Everything that can happen to a sign-in. The list is closed on purpose; any input is allowed at any time.
#[derive(Debug)]
pub enum Input {
    /// What came of the ask with this id. Answers to older ids, and second answers, are dropped.
    Answer(AskId, Answer),
    /// The person, or the host, no longer wants to sign in.
    Cancel,
    /// The host or the person asks for a (new) code. Does nothing while one is under way.
    Start,
    /// `wake_at` has come, or the television woke from sleep. A spurious wake does nothing.
    Wake,
}

/// What the shell does next.
///
/// After every call of [`Flow::step`]: if `ask` is there, see to it and answer with its id; forget any earlier timer,
/// and if `wake_at` is there send [`Input::Wake`] at that time. Late is harmless, early costs one call.
/// At most one ask is ever outstanding.
#[derive(Debug)]
#[must_use]
pub struct Step {
    /// Something that is neither instant nor free of the outside world.
    pub ask: Option<(AskId, Ask)>,
    /// When to call again if nothing else happens.
    pub wake_at: Option<Instant>,
}

/// Names one ask within one [`Flow`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AskId(u32);

/// What the core cannot do itself.
#[derive(Debug)]
pub enum Ask {
    /// Hash this with SHA-256 (FIPS 180-4); answer with [`Answer::Digest`].
    Digest(DigestInput),
    /// Send this; answer with [`Answer::Http`].
    Http(HttpRequest),
    /// Check this; answer with [`Answer::Signature`].
    VerifySignature(SignatureCheck),
}

/// What came of an [`Ask`].
#[derive(Debug)]
pub enum Answer {
    /// The 32 bytes, or `None` where there is no SHA-256, such as in a page on plain `http`.
    Digest(Option<[u8; 32]>),
    /// An answer of any status, or why there is none.
    Http(Result<HttpResponse, TransportError>),
    /// What the shell found, and what its wall clock shows, for `exp` and `iat` where no answer of the server told the
    /// time.
    Signature {
        /// The finding.
        found: SignatureAnswer,
        /// The wall clock.
        unix_time: UnixTime,
    },
}

/// What a finished sign-in yields; [`crate::Session::new`] makes it last.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedIn {
    /// The tokens as the server sent them.
    pub tokens: Tokens,
    /// Who it is; absent if no ID token was asked for or none came.
    pub identity: Option<Identity>,
    pub(crate) origin: Origin,
}

/// An end that a person caused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ending {
    /// By [`Input::Cancel`].
    Cancelled,
    /// `access_denied`: by the person, or by a policy for them; the server's words say which.
    Denied(ErrorResponse),
    /// Nobody approved in time.
    Expired,
}

/// Why nobody was signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotSignedIn {
    /// A person, or a policy for them, decided so.
    Ended(Ending),
    /// Something went wrong; the error names the culprit.
    Failed(FlowError),
}

/// One device's sign-in, from configuration to tokens; may be started again after its end.
#[derive(Debug)]
pub struct Flow {
    config: Config,
    state: State,
    last_id: AskId,
    in_flight: bool,
    setback: Option<Setback>,
    server_clock: Option<ServerClock>,
    renewals_left: u8,
    /// How many verifiers were made from the seed: each request has its own (RFC 7636 section 4.1).
    verifiers: u32,
    /// Where the tokens came from, and when; goes with them.
    origin: Option<Origin>,
}

#[derive(Debug)]
pub(crate) enum State {
    Idle,
    Discovering {
        issuer: HttpUrl,
        place: WellKnown,
        first_error: Option<FlowError>,
    },
    /// With PKCE alone: first the verifier is made, then the challenge from it.
    Challenging {
        endpoints: Box<Endpoints>,
        old: Old,
        verifier: Option<CodeVerifier>,
    },
    Authorizing {
        endpoints: Box<Endpoints>,
        old: Old,
        pkce: Option<Pkce>,
    },
    Pending {
        endpoints: Box<Endpoints>,
        codes: Box<Codes>,
    },
    FetchingKeys {
        granted: Box<Granted>,
        /// Those fetched before did not help.
        is_refetch: bool,
    },
    CheckingSignature {
        granted: Box<Granted>,
        check: SignatureCheck,
    },
    /// Only where the ID token has an `at_hash`.
    CheckingAccessToken {
        granted: Box<Granted>,
        vouched_by: Vouched,
    },
    Done(Outcome),
}

/// The code before the one that is being asked for.
#[derive(Debug)]
pub(crate) enum Old {
    /// There is none: a person asks.
    None,
    /// It has had its last answer.
    Over,
    /// It has run out, is still on the screen, and its last ask is to come.
    Shown(Box<Code>),
}

/// How a sign-in ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Ended(Ending),
    Failed(FlowError),
    /// `None` once the tokens have left.
    SignedIn {
        identity: Option<Identity>,
        tokens: Option<Box<Tokens>>,
    },
}

impl Flow {
    /// A sign-in that has not begun: RFC 8628 wants a person to start it (S-07).
    pub fn new(config: Config) -> Self {
        Self {
            config,
            state: State::Idle,
            last_id: AskId::default(),
            in_flight: false,
            setback: None,
            server_clock: None,
            renewals_left: 0,
            verifiers: 0,
            origin: None,
        }
    }

    /// Forgets the sign-in and how it ended, whatever was under way: like a new one, save that no verifier of
    /// [PKCE](crate::Settings::pkce) is used twice (RFC 7636 section 4.1).
    ///
    /// What is still asked for then is answered in vain.
    pub fn reset(&mut self) {
        self.enter(State::Idle);
        self.server_clock = None;
        self.renewals_left = 0;
        self.origin = None;
    }

    /// Takes in what happened and says what to do next.
    pub fn step(&mut self, now: Instant, input: Input) -> Step {
        match input {
            Input::Start if !self.is_active() => {
                self.renewals_left = self.config.renewals;
                match self.config.server.clone() {
                    Server::Issuer(issuer) => self.enter(State::Discovering {
                        issuer,
                        place: WellKnown::OpenidConfiguration,
                        first_error: None,
                    }),
                    Server::Endpoints(endpoints) => self.authorize(endpoints, Old::None),
                }
            }
            Input::Cancel if self.is_active() => self.enter(State::Done(Outcome::Ended(Ending::Cancelled))),
            Input::Answer(id, answer) if self.in_flight && id == self.last_id => {
                self.in_flight = false;
                self.on_answer(now, &answer);
            }
            Input::Answer(..) | Input::Cancel | Input::Start | Input::Wake => {}
        }
        self.next(now)
    }

    /// Whether a sign-in is under way.
    pub fn is_active(&self) -> bool {
        !matches!(self.state, State::Idle | State::Done(_))
    }

    /// Why a finished sign-in signed nobody in, for programs; screens read [`Flow::view`].
    pub fn failure(&self) -> Option<NotSignedIn> {
        match &self.state {
            State::Done(Outcome::Ended(ending)) => Some(NotSignedIn::Ended(ending.clone())),
            State::Done(Outcome::Failed(error)) => Some(NotSignedIn::Failed(error.clone())),
            _ => None,
        }
    }

    /// Hands out the result of a finished sign-in, once: afterwards the flow holds no token any more.
    pub fn take_signed_in(&mut self) -> Option<SignedIn> {
        let State::Done(Outcome::SignedIn { identity, tokens }) = &mut self.state else {
            return None;
        };
        Some(SignedIn {
            tokens: *tokens.take()?,
            identity: identity.clone(),
            origin: self.origin.take()?,
        })
    }

    /// Whether a poll is under way.
    pub(crate) fn is_polling(&self) -> bool {
        self.in_flight && matches!(self.state, State::Pending { .. })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn setback(&self) -> Option<&Setback> {
        self.setback.as_ref()
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.in_flight = false;
        self.setback = None;
    }

    /// The ask that is due now, else the time when one will be.
    fn next(&mut self, now: Instant) -> Step {
        if self.in_flight || !self.is_active() {
            return Step {
                ask: None,
                wake_at: None,
            };
        }
        self.renew(now);
        let wake_at = match &mut self.state {
            State::Pending { codes, .. } => (!codes.due(now)).then(|| codes.wake_at()),
            _ => self
                .setback
                .as_ref()
                .map(|setback| setback.retry_at)
                .filter(|retry_at| now < *retry_at),
        };
        let ask = if wake_at.is_none() { self.ask() } else { None };
        if ask.is_some() {
            self.in_flight = true;
            self.last_id = AskId(self.last_id.0.wrapping_add(1));
        }
        Step {
            ask: ask.map(|ask| (self.last_id, ask)),
            wake_at,
        }
    }

    /// What the present state waits for.
    fn ask(&self) -> Option<Ask> {
        let Config { client_id, scope, .. } = &self.config;
        Some(match &self.state {
            State::Idle | State::Done(_) => return None,
            State::Discovering { issuer, place, .. } => Ask::Http(metadata::request(issuer, *place)),
            State::Challenging { verifier, .. } => Ask::Digest(match verifier {
                None => pkce::verifier_input(self.config.seed.as_ref()?, self.verifiers),
                Some(verifier) => pkce::challenge_input(verifier),
            }),
            State::Authorizing { endpoints, pkce, .. } => {
                let endpoint = &endpoints.device_authorization_endpoint;
                Ask::Http(device_authorization::request(endpoint, client_id, scope, pkce.as_ref()))
            }
            State::Pending { endpoints, codes } => {
                let Code {
                    authorization,
                    verifier,
                    ..
                } = codes.asked();
                let device_code = &authorization.device_code;
                Ask::Http(token::request(
                    &endpoints.token_endpoint,
                    client_id,
                    device_code,
                    verifier.as_ref(),
                ))
            }
            State::FetchingKeys { granted, .. } => Ask::Http(jwks::request(granted.endpoints.jwks_uri.as_ref()?)),
            State::CheckingSignature { check, .. } => Ask::VerifySignature(check.clone()),
            State::CheckingAccessToken { granted, .. } => Ask::Digest(granted.at_hash_input()),
        })
    }
}
