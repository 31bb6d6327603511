//! From each state, what its answer leads to.

use alloc::boxed::Box;
use core::mem;

use super::codes::{Code, Codes};
use super::pending::Verdict;
use super::{Answer, Ending, Flow, Old, Outcome, State};
use crate::config::Endpoints;
use crate::error::{FlowError, Lost, LostCause, PeerMisbehaved, TransportError};
use crate::http::HttpResponse;
use crate::pkce::{self, Pkce};
use crate::secret::CodeVerifier;
use crate::session::Origin;
use crate::setback::{Patience, Setback};
use crate::time::{Instant, ServerClock, UnixTime};
use crate::url::HttpUrl;
use crate::wire::device_authorization::{self, DeviceAuthorization};
use crate::wire::metadata::{self, WellKnown};
use crate::wire::token::{self, TokenAnswer};
use crate::wire::{AnswerError, Intake, jwks};

impl Flow {
    pub(super) fn on_answer(&mut self, now: Instant, answer: &Answer) {
        let intake = Intake {
            allow_insecure_http: self.config.allow_insecure_http,
            strict: self.config.strict,
            server_time: self.server_clock.map(|clock| clock.now(now)),
        };
        let date = if let Answer::Http(Ok(response)) = answer {
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
                    Ok(endpoints) => self.authorize(endpoints, Old::None),
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
            State::Challenging {
                endpoints,
                old,
                verifier,
            } => self.on_verifier_digest(endpoints, old, verifier, answer),
            State::Authorizing { endpoints, old, pkce } => {
                let answer = read(answer, |response| device_authorization::response(response, intake));
                self.on_code(now, date, endpoints, old, pkce, answer);
            }
            State::Pending { endpoints, codes } => {
                let left = codes.asked().pending.left(now);
                let answer = read(answer, |response| token::response(response, intake, left));
                if !matches!(answer, Err(AnswerError::Lost(_))) {
                    self.learn_time(now, date);
                }
                self.on_poll(now, date, endpoints, codes, answer);
            }
            State::FetchingKeys { granted, is_refetch } => {
                let keys = read(answer, |response| jwks::response(response, intake));
                self.on_keys(now, granted, is_refetch, keys);
            }
            State::CheckingSignature { granted, .. } => self.on_signature(now, granted, answer),
            State::CheckingAccessToken { granted, vouched_by } => {
                self.on_access_token_digest(*granted, vouched_by, answer);
            }
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

    /// Asks for a code, with PKCE not before there is a challenge to go with it.
    pub(super) fn authorize(&mut self, endpoints: Box<Endpoints>, old: Old) {
        self.enter(if self.config.seed.is_some() {
            State::Challenging {
                endpoints,
                old,
                verifier: None,
            }
        } else {
            State::Authorizing {
                endpoints,
                old,
                pkce: None,
            }
        });
    }

    fn on_verifier_digest(
        &mut self,
        endpoints: Box<Endpoints>,
        old: Old,
        verifier: Option<CodeVerifier>,
        answer: &Answer,
    ) {
        // Another kind of answer than was asked for is as good as none.
        let Answer::Digest(Some(digest)) = answer else {
            return self.without_code(endpoints, old, FlowError::NoDigest);
        };
        let state = if let Some(verifier) = verifier {
            State::Authorizing {
                endpoints,
                old,
                pkce: Some(Pkce::new(verifier, *digest)),
            }
        } else {
            self.verifiers = self.verifiers.wrapping_add(1);
            State::Challenging {
                endpoints,
                old,
                verifier: Some(pkce::verifier(*digest)),
            }
        };
        self.enter(state);
    }

    fn on_code(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        endpoints: Box<Endpoints>,
        old: Old,
        pkce: Option<Pkce>,
        answer: Result<DeviceAuthorization, AnswerError>,
    ) {
        match answer {
            Ok(authorization) => {
                self.learn_time(now, date);
                let shown = Code::new(now, date, authorization, pkce.map(|pkce| pkce.verifier));
                let old = if let Old::Shown(old) = old { Some(*old) } else { None };
                let codes = Box::new(Codes::new(shown, old, self.renewals_left > 0));
                self.enter(State::Pending { endpoints, codes });
            }
            Err(AnswerError::Lost(lost)) if !matches!(old, Old::Shown(_)) => {
                self.again(now, State::Authorizing { endpoints, old, pkce }, &lost);
            }
            Err(AnswerError::Lost(lost)) => {
                // Nobody has seen that code: the budget is for codes. The old one has its last ask meanwhile.
                self.renewals_left = self.renewals_left.saturating_add(1);
                self.without_code(endpoints, old, FlowError::Lost(lost.cause));
            }
            Err(error) => {
                // A refusal is not asked for again.
                self.renewals_left = 0;
                self.without_code(endpoints, old, error.into());
            }
        }
    }

    /// There will be no new code.
    fn without_code(&mut self, endpoints: Box<Endpoints>, old: Old, error: FlowError) {
        match old {
            Old::None => self.fail(error),
            // Nobody asked for this code, so its absence is not what the person is told.
            Old::Over => self.enter(State::Done(Outcome::Ended(Ending::Expired))),
            // The old one gets its last ask, as if there were no renewals.
            Old::Shown(old) => {
                let codes = Box::new(Codes::new(*old, None, false));
                self.enter(State::Pending { endpoints, codes });
            }
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
            self.authorize(endpoints, old);
        }
    }

    fn on_poll(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        endpoints: Box<Endpoints>,
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
                self.setback = lost_cause.map(|cause| Setback::first(now, cause, codes.next_poll_at()));
                self.state = State::Pending { endpoints, codes };
            }
            Verdict::Ended(Ending::Expired) if self.renewals_left > 0 => {
                self.renewals_left -= 1;
                self.authorize(endpoints, Old::Over);
            }
            Verdict::Ended(ending) => self.enter(State::Done(Outcome::Ended(ending))),
            Verdict::Failed(error) => self.fail(error),
            Verdict::Granted(tokens) => {
                self.origin = Some(Origin::new(now, &endpoints));
                self.on_granted(endpoints, tokens);
            }
        }
    }

    /// Stays in `state` and asks again later, unless that was tried often enough or cannot help.
    pub(super) fn again(&mut self, now: Instant, state: State, lost: &Lost) {
        let setback = Setback::after(self.setback.as_ref(), now, lost);
        let patience = match state {
            State::FetchingKeys { .. } => Patience::LONG,
            _ => Patience::SHORT,
        };
        if setback.is_final(now, patience) {
            let error = FlowError::Lost(lost.cause);
            return match state {
                // A server that has nothing at a place often lets no page read just that (RFC 8414 alone, no OpenID Connect).
                State::Discovering {
                    issuer, first_error, ..
                } if first_error.is_some() || setback.is_forbidden() => self.look_elsewhere(issuer, first_error, error),
                State::Authorizing { endpoints, old, .. } => self.without_code(endpoints, old, error),
                _ => self.fail(error),
            };
        }
        self.setback = Some(setback);
        self.state = state;
    }

    pub(super) fn fail(&mut self, error: FlowError) {
        self.enter(State::Done(Outcome::Failed(error)));
    }
}

/// Reads an HTTP answer; a transport error counts as lost, and so does an answer that is none to an HTTP ask.
fn read<T>(answer: &Answer, read: impl FnOnce(&HttpResponse) -> Result<T, AnswerError>) -> Result<T, AnswerError> {
    let error = match answer {
        Answer::Http(Ok(response)) => return read(response),
        Answer::Http(Err(error)) => *error,
        Answer::Digest(_) | Answer::Signature { .. } => TransportError::Interrupted,
    };
    Err(AnswerError::Lost(Lost {
        cause: LostCause::Transport(error),
        retry_after: None,
        is_moment: false,
    }))
}

/// Of the errors of the two well-known places, the one to tell: the first, unless the second place had more to say.
pub(crate) fn more_telling(first: FlowError, second: FlowError) -> FlowError {
    if says(&second) > says(&first) { second } else { first }
}

/// How much is known of a place: nothing was there, nothing could be read, or something was wrong.
fn says(error: &FlowError) -> u8 {
    match error {
        FlowError::Misbehaved(PeerMisbehaved::AnswerUnreadable { .. }) => 0,
        FlowError::Lost(LostCause::Transport(TransportError::CrossOriginRefused)) => 1,
        _ => 2,
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
