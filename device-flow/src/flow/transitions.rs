//! From each state, what its answer leads to.

use alloc::boxed::Box;
use core::mem;
use core::time::Duration;

use super::pending::{Pending, Verdict};
use super::{Answer, Flow, Outcome, Setback, State};
use crate::config::Endpoints;
use crate::error::{FlowError, IdTokenError, Lost, LostCause, PeerMisbehaved, TransportError};
use crate::http::HttpResponse;
use crate::id_token::{Identity, SignatureAnswer, Unverified, Vouched};
use crate::time::Instant;
use crate::url::HttpUrl;
use crate::wire::device_authorization::{self, DeviceAuthorization};
use crate::wire::metadata::{self, WellKnown};
use crate::wire::token::{self, TokenAnswer, Tokens};
use crate::wire::{AnswerError, jwks};

/// Ours: how often one exchange before or after the polling is tried before the person hears of it.
const MAX_TRIES: u32 = 4;
/// Ours: the wait after the first lost answer outside the polling; doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Ours: `Retry-After` above this is not waited for outside the polling; the person hears of it soon enough.
const MAX_RETRY: Duration = Duration::from_secs(30);

impl Flow {
    pub(super) fn on_answer(&mut self, now: Instant, answer: Answer) {
        let insecure = self.config.allow_insecure_http;
        match (mem::replace(&mut self.state, State::Idle), answer) {
            (
                State::Discovering {
                    issuer,
                    place,
                    first_error,
                },
                Answer::Http(answer),
            ) => match read(answer, |response| metadata::response(response, &issuer, insecure)) {
                Ok(endpoints) => self.enter(State::Authorizing(endpoints)),
                Err(AnswerError::Lost(lost)) => {
                    self.again(
                        now,
                        State::Discovering {
                            issuer,
                            place,
                            first_error,
                        },
                        &lost,
                    );
                }
                Err(error) => self.look_elsewhere(issuer, place, first_error.unwrap_or_else(|| error.into())),
            },
            (State::Authorizing(endpoints), Answer::Http(answer)) => {
                match read(answer, |response| device_authorization::response(response, insecure)) {
                    Ok(authorization) => self.show_code(now, endpoints, authorization),
                    Err(AnswerError::Lost(lost)) => self.again(now, State::Authorizing(endpoints), &lost),
                    Err(error) => self.fail(error.into()),
                }
            }
            (
                State::Pending {
                    endpoints,
                    authorization,
                    issued_at,
                    pending,
                },
                Answer::Http(answer),
            ) => {
                let answer = read(answer, token::response);
                self.on_poll(now, endpoints, authorization, issued_at, pending, answer);
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
                        &lost,
                    );
                }
                Err(error) => self.fail(error.into()),
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
                let vouched = self.vouch(&endpoints, found);
                match vouched.and_then(|vouched| id_token.check_times(unix_time).map(|()| vouched)) {
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
                    &Lost {
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

    fn show_code(&mut self, now: Instant, endpoints: Endpoints, authorization: DeviceAuthorization) {
        let pending = Pending::new(now, authorization.expires_in, authorization.interval);
        self.enter(State::Pending {
            endpoints,
            authorization,
            issued_at: now,
            pending,
        });
    }

    fn on_poll(
        &mut self,
        now: Instant,
        endpoints: Endpoints,
        authorization: DeviceAuthorization,
        issued_at: Instant,
        mut pending: Pending,
        answer: Result<TokenAnswer, AnswerError>,
    ) {
        let lost_cause = if let Err(AnswerError::Lost(lost)) = &answer {
            Some(lost.cause)
        } else {
            None
        };
        match pending.judge(now, answer) {
            Verdict::Again => {
                self.setback = lost_cause.map(|cause| Setback {
                    cause,
                    retry_at: pending.wake_at(),
                    failures: 1,
                });
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

    fn on_granted(&mut self, endpoints: Endpoints, tokens: Tokens) {
        let wants_id_token = self.config.wants_id_token();
        let (Some(id_token), Some(issuer), true) = (&tokens.id_token, &endpoints.issuer, wants_id_token) else {
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
    fn again(&mut self, now: Instant, state: State, lost: &Lost) {
        let failures = self.setback.as_ref().map_or(0, |setback| setback.failures) + 1;
        let hopeless = matches!(lost.cause, LostCause::Transport(error) if !error.is_transient());
        if hopeless || failures >= MAX_TRIES {
            return self.fail(FlowError::Lost(lost.cause));
        }
        let wait = lost
            .retry_after
            .unwrap_or(FIRST_RETRY * 2u32.pow(failures - 1))
            .min(MAX_RETRY);
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

impl From<AnswerError> for FlowError {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Lost(lost) => Self::Lost(lost.cause),
            AnswerError::Misbehaved(error) => Self::Misbehaved(error),
            AnswerError::Refused(response) => Self::Refused(response),
        }
    }
}
