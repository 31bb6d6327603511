//! From each state, what its answer leads to.

use alloc::boxed::Box;
use core::mem;
use core::time::Duration;

use super::codes::{Code, Codes};
use super::pending::Verdict;
use super::{Answer, Ending, Flow, Old, Outcome, Setback, State};
use crate::config::Endpoints;
use crate::error::{FlowError, IdTokenError, Lost, LostCause, PeerMisbehaved, TransportError};
use crate::http::HttpResponse;
use crate::id_token::{Identity, SignatureAnswer, Unverified, Vouched};
use crate::time::{Instant, ServerClock, UnixTime};
use crate::url::HttpUrl;
use crate::wire::device_authorization::{self, DeviceAuthorization};
use crate::wire::metadata::{self, WellKnown};
use crate::wire::token::{self, TokenAnswer, Tokens};
use crate::wire::{AnswerError, Intake, jwks};

/// Ours: how often one exchange before or after the polling is tried before the person hears of it.
const MAX_TRIES: u32 = 4;
/// Ours: the wait after the first lost answer outside the polling; doubles.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// Ours: a longer wait than this is not made outside the polling: the person hears of it at once.
///
/// Okta's rate limits count by the minute (O-100).
const MAX_RETRY: Duration = Duration::from_secs(60);

impl Flow {
    pub(super) fn on_answer(&mut self, now: Instant, answer: Answer) {
        let intake = Intake {
            allow_insecure_http: self.config.allow_insecure_http,
            strict: self.config.strict,
            server_time: self.server_clock.map(|clock| clock.now(now)),
        };
        let date = if let Answer::Http(Ok(response)) = &answer {
            response.date()
        } else {
            None
        };
        if let (State::FetchingKeys { .. }, Some(clock), Some(date)) = (&self.state, self.server_clock, date) {
            // A cache may have answered, but time has not gone back since the tokens came; a clock that was set forward
            // since then is put right.
            self.learn_time(now, Some(clock.date.max(date)));
        }
        match mem::replace(&mut self.state, State::Idle) {
            // Nothing was asked; `step` lets no answer through.
            state @ (State::Idle | State::Done(_)) => self.state = state,
            State::Discovering {
                issuer,
                place,
                first_error,
            } => {
                let wants_id_token = self.config.wants_id_token();
                match read(answer, |response| {
                    metadata::response(response, &issuer, intake, wants_id_token)
                }) {
                    Ok(endpoints) => self.enter(State::Authorizing {
                        endpoints,
                        old: Old::None,
                    }),
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
                    Err(error) => self.look_elsewhere(issuer, first_error, error.into()),
                }
            }
            State::Authorizing { endpoints, old } => {
                let answer = read(answer, |response| device_authorization::response(response, intake));
                self.on_code(now, date, endpoints, old, answer);
            }
            State::Pending { endpoints, codes } => {
                let answer = read(answer, |response| token::response(response, intake));
                if !matches!(answer, Err(AnswerError::Lost(_))) {
                    self.learn_time(now, date);
                }
                self.on_poll(now, date, endpoints, codes, answer);
            }
            State::FetchingKeys {
                endpoints,
                tokens,
                id_token,
            } => match read(answer, |response| jwks::response(response, intake)) {
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
            State::CheckingSignature {
                endpoints,
                tokens,
                id_token,
                ..
            } => match self.judge(now, &endpoints, &id_token, &answer) {
                Ok(vouched_by) => self.sign_in(tokens, Some(id_token.into_identity(vouched_by))),
                Err(error) => self.distrust(error),
            },
        }
    }

    /// Sets the server's clock by the `Date` of its own answer to a POST: those to a GET may be a cache's and old, so they
    /// only correct it.
    fn learn_time(&mut self, now: Instant, date: Option<UnixTime>) {
        self.server_clock = date.map(|date| ServerClock { at: now, date }).or(self.server_clock);
    }

    /// Tries the other well-known place, if this was the first.
    fn look_elsewhere(&mut self, issuer: HttpUrl, first_error: Option<FlowError>, error: FlowError) {
        match first_error {
            None => self.enter(State::Discovering {
                issuer,
                place: WellKnown::OauthAuthorizationServer,
                first_error: Some(error),
            }),
            Some(first) => self.fail(more_telling(first, error)),
        }
    }

    fn on_code(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        endpoints: Endpoints,
        old: Old,
        answer: Result<DeviceAuthorization, AnswerError>,
    ) {
        let old = match (old, &answer) {
            // No new code: the old one gets its last ask, as if there were no renewals.
            (Old::Shown(old), Err(_)) => {
                let codes = Box::new(Codes::new(*old, None, false));
                return self.enter(State::Pending { endpoints, codes });
            }
            (old, _) => old,
        };
        match answer {
            Ok(authorization) => {
                self.learn_time(now, date);
                let shown = Code::new(now, date, authorization);
                let old = if let Old::Shown(old) = old { Some(*old) } else { None };
                let codes = Box::new(Codes::new(shown, old, self.renewals_left > 0));
                self.enter(State::Pending { endpoints, codes });
            }
            Err(AnswerError::Lost(lost)) => self.again(now, State::Authorizing { endpoints, old }, &lost),
            Err(_) if matches!(old, Old::Over) => self.enter(State::Done(Outcome::Ended(Ending::Expired))),
            Err(error) => self.fail(error.into()),
        }
    }

    /// Asks for a new code, if the one shown has run out and its successor is within the budget.
    pub(super) fn renew(&mut self, now: Instant) {
        if !matches!(&self.state, State::Pending { codes, .. } if codes.need_renewal(now)) {
            return;
        }
        if let State::Pending { endpoints, codes } = mem::replace(&mut self.state, State::Idle) {
            let old = Old::Shown(Box::new(codes.into_shown()));
            self.renewals_left -= 1;
            self.enter(State::Authorizing { endpoints, old });
        }
    }

    fn on_poll(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        endpoints: Endpoints,
        mut codes: Box<Codes>,
        answer: Result<TokenAnswer, AnswerError>,
    ) {
        let lost_cause = if let Err(AnswerError::Lost(lost)) = &answer {
            Some(lost.cause)
        } else {
            None
        };
        match codes.judge(now, date, answer) {
            Verdict::Again => {
                self.setback = lost_cause.map(|cause| Setback {
                    cause,
                    retry_at: codes.next_poll_at(),
                    failures: 1,
                });
                self.state = State::Pending { endpoints, codes };
            }
            Verdict::Ended(Ending::Expired) if self.renewals_left > 0 => {
                self.renewals_left -= 1;
                self.enter(State::Authorizing {
                    endpoints,
                    old: Old::Over,
                });
            }
            Verdict::Ended(ending) => self.enter(State::Done(Outcome::Ended(ending))),
            Verdict::Failed(error) => self.fail(error),
            Verdict::Granted(tokens) => self.on_granted(endpoints, tokens),
        }
    }

    fn on_granted(&mut self, endpoints: Endpoints, tokens: Tokens) {
        let (Some(issuer), true) = (&endpoints.issuer, self.config.wants_id_token()) else {
            return self.sign_in(tokens, None);
        };
        let Some(id_token) = &tokens.id_token else {
            // A server may grant less than was asked for, and then says so (RFC 6749 section 5.1).
            let granted_less = tokens
                .scope
                .as_ref()
                .is_some_and(|scope| !scope.split(' ').any(|s| s == "openid"));
            if granted_less {
                self.sign_in(tokens, None);
            } else {
                self.distrust(IdTokenError::Missing);
            }
            return;
        };
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

    /// What vouches for the ID token (OpenID Connect Core 1.0 section 3.1.3.7 steps 6, 9 and 10).
    ///
    /// Times are compared with the server's clock where it could be read: it is the one that `exp` and `iat` are told by.
    fn judge(
        &self,
        now: Instant,
        endpoints: &Endpoints,
        id_token: &Unverified,
        answer: &Answer,
    ) -> Result<Vouched, IdTokenError> {
        // The shell answered something else than it was asked: as good as unchecked.
        let Answer::Signature { found, unix_time } = answer else {
            return Err(IdTokenError::SignatureUnchecked);
        };
        let vouched_by = match found {
            SignatureAnswer::Invalid => return Err(IdTokenError::SignatureInvalid),
            SignatureAnswer::Valid => Vouched::Signature,
            SignatureAnswer::Unavailable if endpoints.token_endpoint.is_https() => Vouched::Tls,
            SignatureAnswer::Unavailable if self.config.allow_insecure_http => Vouched::Nothing,
            SignatureAnswer::Unavailable => return Err(IdTokenError::SignatureUnchecked),
        };
        id_token.check_times(self.server_clock.map_or(*unix_time, |clock| clock.now(now)))?;
        Ok(vouched_by)
    }

    /// Stays in `state` and asks again later, unless that was tried often enough or cannot help.
    fn again(&mut self, now: Instant, state: State, lost: &Lost) {
        let failures = self.setback.as_ref().map_or(0, |setback| setback.failures) + 1;
        let wait = lost
            .retry_after
            .unwrap_or(FIRST_RETRY * 2u32.pow(failures - 1))
            .max(FIRST_RETRY);
        let hopeless = matches!(lost.cause, LostCause::Transport(error) if !error.is_transient());
        if hopeless || failures >= MAX_TRIES || wait > MAX_RETRY {
            let error = FlowError::Lost(lost.cause);
            return match state {
                State::Discovering {
                    first_error: Some(first),
                    ..
                } => self.fail(more_telling(first, error)),
                // Nobody asked for this code, so its absence is not what the person is told.
                State::Authorizing { old: Old::Over, .. } => self.enter(State::Done(Outcome::Ended(Ending::Expired))),
                _ => self.fail(error),
            };
        }
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

/// Reads an HTTP answer; a transport error counts as lost, and so does an answer that is none to an HTTP ask.
fn read<T>(answer: Answer, read: impl FnOnce(&HttpResponse) -> Result<T, AnswerError>) -> Result<T, AnswerError> {
    let error = match answer {
        Answer::Http(Ok(response)) => return read(&response),
        Answer::Http(Err(error)) => error,
        Answer::Signature { .. } => TransportError::Interrupted,
    };
    Err(AnswerError::Lost(Lost {
        cause: LostCause::Transport(error),
        retry_after: None,
    }))
}

/// Of the errors of the two well-known places, the one to tell: the first, unless nothing was there.
fn more_telling(first: FlowError, second: FlowError) -> FlowError {
    let nothing_there =
        |error: &FlowError| matches!(error, FlowError::Misbehaved(PeerMisbehaved::AnswerUnreadable { .. }));
    if nothing_there(&first) && !nothing_there(&second) {
        second
    } else {
        first
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
