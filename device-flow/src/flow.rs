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
//! The interval between polls is `pending.rs`'s alone.

mod pending;

use alloc::boxed::Box;
use core::mem;
use core::time::Duration;

use crate::config::{Config, Endpoints, Server};
use crate::error::{ErrorResponse, FlowError, IdTokenError, Lost, LostCause, PeerMisbehaved, TransportError};
use crate::http::{HttpRequest, HttpResponse};
use crate::id_token::{Identity, SignatureAnswer, SignatureCheck, Unverified, Vouched};
use crate::time::{Instant, UnixTime};
use crate::url::HttpUrl;
use crate::wire::device_authorization::{self, DeviceAuthorization};
use crate::wire::metadata::{self, WellKnown};
use crate::wire::token::{self, Tokens};
use crate::wire::{AnswerError, jwks};
pub(crate) use pending::Pending;
use pending::Verdict;

/// Ours: how often one exchange before or after the polling is tried before the person hears of it.
const MAX_TRIES: u32 = 4;
/// Ours: the wait after the first lost answer outside the polling; doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);

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
    /// Send this; answer with [`Answer::Http`].
    Http(HttpRequest),
    /// Check this; answer with [`Answer::Signature`].
    VerifySignature(SignatureCheck),
}

/// What came of an [`Ask`].
#[derive(Debug)]
pub enum Answer {
    /// An answer of any status, or why there is none.
    Http(Result<HttpResponse, TransportError>),
    /// What the shell found, and what its wall clock shows, for `exp` and `iat`.
    Signature {
        /// The finding.
        found: SignatureAnswer,
        /// The wall clock.
        unix_time: UnixTime,
    },
}

/// What a finished sign-in yields.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedIn {
    /// The tokens as the server sent them.
    pub tokens: Tokens,
    /// Who it is; absent if no ID token was asked for or none came.
    pub identity: Option<Identity>,
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

/// One device's sign-in, from configuration to tokens; may be started again after its end.
#[derive(Debug)]
pub struct Flow {
    config: Config,
    state: State,
    last_id: AskId,
    in_flight: bool,
    setback: Option<Setback>,
}

/// Lost answers in a row, since the last good one.
#[derive(Debug)]
pub(crate) struct Setback {
    pub(crate) cause: LostCause,
    pub(crate) retry_at: Instant,
    failures: u32,
}

#[derive(Debug)]
pub(crate) enum State {
    Idle,
    Discovering {
        issuer: HttpUrl,
        place: WellKnown,
        first_error: Option<FlowError>,
    },
    Authorizing(Endpoints),
    Pending {
        endpoints: Endpoints,
        authorization: DeviceAuthorization,
        issued_at: Instant,
        pending: Pending,
    },
    FetchingKeys {
        endpoints: Endpoints,
        tokens: Tokens,
        id_token: Unverified,
    },
    CheckingSignature {
        endpoints: Endpoints,
        tokens: Tokens,
        id_token: Unverified,
        check: SignatureCheck,
    },
    Done(Outcome),
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
        }
    }

    /// Takes in what happened and says what to do next.
    pub fn step(&mut self, now: Instant, input: Input) -> Step {
        match input {
            Input::Start if !self.is_active() => {
                let state = match &self.config.server {
                    Server::Issuer(issuer) => State::Discovering {
                        issuer: issuer.clone(),
                        place: WellKnown::OpenidConfiguration,
                        first_error: None,
                    },
                    Server::Endpoints(endpoints) => State::Authorizing(endpoints.clone()),
                };
                self.enter(state);
            }
            Input::Cancel if self.is_active() => self.enter(State::Done(Outcome::Ended(Ending::Cancelled))),
            Input::Answer(id, answer) if self.in_flight && id == self.last_id => {
                self.in_flight = false;
                self.on_answer(now, answer);
            }
            Input::Answer(..) | Input::Cancel | Input::Start | Input::Wake => {}
        }
        self.next(now)
    }

    /// Whether a sign-in is under way.
    pub fn is_active(&self) -> bool {
        !matches!(self.state, State::Idle | State::Done(_))
    }

    /// How the sign-in failed, if it did: the culprit and its words, for programs.
    pub fn error(&self) -> Option<&FlowError> {
        if let State::Done(Outcome::Failed(error)) = &self.state {
            Some(error)
        } else {
            None
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
        })
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
        let wake_at = match &mut self.state {
            State::Pending { pending, .. } => (!pending.due(now)).then(|| pending.wake_at()),
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
        Some(Ask::Http(match &self.state {
            State::Idle | State::Done(_) => return None,
            State::Discovering { issuer, place, .. } => metadata::request(issuer, *place),
            State::Authorizing(endpoints) => {
                device_authorization::request(&endpoints.device_authorization_endpoint, client_id, scope)
            }
            State::Pending {
                endpoints,
                authorization,
                ..
            } => token::request(&endpoints.token_endpoint, client_id, &authorization.device_code),
            State::FetchingKeys { endpoints, .. } => jwks::request(endpoints.jwks_uri.as_ref()?),
            State::CheckingSignature { check, .. } => return Some(Ask::VerifySignature(check.clone())),
        }))
    }

    fn on_answer(&mut self, now: Instant, answer: Answer) {
        let insecure = self.config.allow_insecure_http;
        match (mem::replace(&mut self.state, State::Idle), answer) {
            (
                State::Discovering {
                    issuer,
                    place,
                    first_error,
                },
                Answer::Http(answer),
            ) => {
                let read = read(answer, |response| metadata::response(response, &issuer, insecure));
                match read {
                    Ok(endpoints) => self.enter(State::Authorizing(endpoints)),
                    Err(AnswerError::Lost(lost)) => self.again(
                        now,
                        State::Discovering {
                            issuer,
                            place,
                            first_error,
                        },
                        lost,
                    ),
                    Err(error) => self.look_elsewhere(issuer, place, first_error.unwrap_or_else(|| fault(error))),
                }
            }
            (State::Authorizing(endpoints), Answer::Http(answer)) => {
                match read(answer, |response| device_authorization::response(response, insecure)) {
                    Ok(authorization) => {
                        let pending = Pending::new(now, authorization.expires_in, authorization.interval);
                        self.enter(State::Pending {
                            endpoints,
                            authorization,
                            issued_at: now,
                            pending,
                        });
                    }
                    Err(AnswerError::Lost(lost)) => self.again(now, State::Authorizing(endpoints), lost),
                    Err(error) => self.fail(fault(error)),
                }
            }
            (
                State::Pending {
                    endpoints,
                    authorization,
                    issued_at,
                    mut pending,
                },
                Answer::Http(answer),
            ) => {
                let answer = read(answer, token::response);
                self.setback = match &answer {
                    Err(AnswerError::Lost(lost)) => Some(Setback {
                        cause: lost.cause,
                        retry_at: now,
                        failures: 0,
                    }),
                    _ => None,
                };
                match pending.judge(now, answer) {
                    Verdict::Again => {
                        if let Some(setback) = &mut self.setback {
                            setback.retry_at = pending.wake_at();
                        }
                        self.state = State::Pending {
                            endpoints,
                            authorization,
                            issued_at,
                            pending,
                        };
                    }
                    Verdict::Ended(ending) => self.enter(State::Done(Outcome::Ended(ending))),
                    Verdict::Failed(error) => self.fail(error),
                    Verdict::Granted(tokens) => self.on_granted(endpoints, tokens),
                }
            }
            (
                State::FetchingKeys {
                    endpoints,
                    tokens,
                    id_token,
                },
                Answer::Http(answer),
            ) => match read(answer, jwks::response) {
                Ok(keys) => match id_token.signature_check(keys) {
                    Ok(check) => self.enter(State::CheckingSignature {
                        endpoints,
                        tokens,
                        id_token,
                        check,
                    }),
                    Err(error) => self.distrust(error),
                },
                Err(AnswerError::Lost(lost)) => {
                    self.again(
                        now,
                        State::FetchingKeys {
                            endpoints,
                            tokens,
                            id_token,
                        },
                        lost,
                    );
                }
                Err(error) => self.fail(fault(error)),
            },
            (
                State::CheckingSignature {
                    endpoints,
                    tokens,
                    id_token,
                    ..
                },
                Answer::Signature { found, unix_time },
            ) => {
                match self
                    .vouch(&endpoints, found)
                    .and_then(|vouched| id_token.check_times(unix_time).map(|()| vouched))
                {
                    Ok(vouched) => self.sign_in(tokens, Some(id_token.into_identity(vouched))),
                    Err(error) => self.distrust(error),
                }
            }
            // The shell answered something else than it was asked; as good as no answer.
            (state, _) => {
                let cause = LostCause::Transport(TransportError::Interrupted);
                self.again(
                    now,
                    state,
                    Lost {
                        cause,
                        retry_after: None,
                    },
                );
            }
        }
    }

    /// Tries the other well-known place; if that was the other one, the first place's error is the one to tell.
    fn look_elsewhere(&mut self, issuer: HttpUrl, place: WellKnown, first_error: FlowError) {
        match place {
            WellKnown::OpenidConfiguration => {
                let place = WellKnown::OauthAuthorizationServer;
                self.enter(State::Discovering {
                    issuer,
                    place,
                    first_error: Some(first_error),
                });
            }
            WellKnown::OauthAuthorizationServer => self.fail(first_error),
        }
    }

    fn on_granted(&mut self, endpoints: Endpoints, tokens: Tokens) {
        let (Some(id_token), Some(issuer), true) = (&tokens.id_token, &endpoints.issuer, self.config.wants_id_token())
        else {
            return self.sign_in(tokens, None);
        };
        if endpoints.jwks_uri.is_none() {
            // OpenID Connect Discovery 1.0 section 3 requires it.
            let (endpoint, member) = ("metadata endpoint", "jwks_uri");
            return self.fail(FlowError::Misbehaved(PeerMisbehaved::MemberMissing {
                endpoint,
                member,
            }));
        }
        let read = Unverified::read(id_token);
        match read.and_then(|id_token| {
            id_token
                .check_parties(issuer, &self.config.client_id)
                .map(|()| id_token)
        }) {
            Ok(id_token) => self.enter(State::FetchingKeys {
                endpoints,
                tokens,
                id_token,
            }),
            Err(error) => self.distrust(error),
        }
    }

    /// What vouches for the ID token (OpenID Connect Core 1.0 section 3.1.3.7 step 6).
    fn vouch(&self, endpoints: &Endpoints, found: SignatureAnswer) -> Result<Vouched, IdTokenError> {
        match found {
            SignatureAnswer::Invalid => Err(IdTokenError::SignatureInvalid),
            SignatureAnswer::Valid => Ok(Vouched::Signature),
            SignatureAnswer::Unavailable if endpoints.token_endpoint.is_https() => Ok(Vouched::Tls),
            SignatureAnswer::Unavailable if self.config.allow_insecure_http => Ok(Vouched::Nothing),
            SignatureAnswer::Unavailable => Err(IdTokenError::SignatureUnchecked),
        }
    }

    /// Stays in `state` and asks again later, unless that was tried often enough or cannot help.
    fn again(&mut self, now: Instant, state: State, lost: Lost) {
        let failures = self.setback.as_ref().map_or(0, |setback| setback.failures) + 1;
        let hopeless = matches!(lost.cause, LostCause::Transport(error) if !error.is_transient());
        if hopeless || failures >= MAX_TRIES {
            return self.fail(FlowError::Lost(lost.cause));
        }
        let wait = lost.retry_after.unwrap_or(FIRST_RETRY * 2u32.pow(failures - 1));
        self.setback = Some(Setback {
            cause: lost.cause,
            retry_at: now + wait,
            failures,
        });
        self.state = state;
    }

    fn sign_in(&mut self, tokens: Tokens, identity: Option<Identity>) {
        self.enter(State::Done(Outcome::SignedIn {
            identity,
            tokens: Some(Box::new(tokens)),
        }));
    }

    fn distrust(&mut self, error: IdTokenError) {
        self.fail(FlowError::Misbehaved(PeerMisbehaved::IdToken(error)));
    }

    fn fail(&mut self, error: FlowError) {
        self.enter(State::Done(Outcome::Failed(error)));
    }
}

/// Reads an HTTP answer; a transport error counts as lost.
fn read<T>(
    answer: Result<HttpResponse, TransportError>,
    read: impl FnOnce(&HttpResponse) -> Result<T, AnswerError>,
) -> Result<T, AnswerError> {
    match answer {
        Ok(response) => read(&response),
        Err(error) => Err(AnswerError::Lost(Lost {
            cause: LostCause::Transport(error),
            retry_after: None,
        })),
    }
}

fn fault(error: AnswerError) -> FlowError {
    match error {
        AnswerError::Lost(lost) => FlowError::Lost(lost.cause),
        AnswerError::Misbehaved(error) => FlowError::Misbehaved(error),
        AnswerError::Refused(response) => FlowError::Refused(response),
    }
}
