//! Tokens that come without the addresses of their server, such as from a sign-in that another program or another part of
//! an app has made.

use alloc::boxed::Box;
use core::time::Duration;

use super::grant::Grant;
use super::transitions::read;
use super::{Answer, Ask, AskId, Event, Input, LONGEST_WAIT, Origin, Revocation, SessionEnd, Step, WANTED_PAUSE};
use crate::config::{Config, Endpoints, Server};
use crate::error::FlowError;
use crate::flow::{SignedIn, more_telling};
use crate::id_token::Identity;
use crate::secret::AccessToken;
use crate::setback::{Patience, Setback};
use crate::time::Instant;
use crate::url::HttpUrl;
use crate::view::{self, Trouble};
use crate::wire::metadata::{self, WellKnown};
use crate::wire::token::Tokens;
use crate::wire::{AnswerError, Intake};

/// Looks for those addresses; driven as a [`super::Session`] is, which begins with what [`Self::signed_in`] yields.
///
/// The access token serves meanwhile.
#[derive(Debug)]
pub struct Arrival {
    config: Config,
    identity: Option<Identity>,
    grant: Grant,
    came_at: Instant,
    state: State,
    last_id: AskId,
    in_flight: bool,
    setback: Option<Setback>,
    is_leaving: bool,
}

#[derive(Debug)]
enum State {
    Looking {
        issuer: HttpUrl,
        place: WellKnown,
        /// What was wrong with the first place.
        first_error: Option<FlowError>,
    },
    Found(Box<Endpoints>),
    /// There is no session to come.
    Done,
}

impl Arrival {
    /// With tokens that came at `now` by the same configuration, and whose ID token was checked if there is an identity.
    pub fn new(config: Config, tokens: Tokens, identity: Option<Identity>, now: Instant) -> Self {
        let state = match &config.server {
            Server::Endpoints(endpoints) => State::Found(endpoints.clone()),
            Server::Issuer(issuer) => State::Looking {
                issuer: issuer.clone(),
                place: WellKnown::OpenidConfiguration,
                first_error: None,
            },
        };
        Self {
            config,
            identity,
            grant: Grant::new(tokens, now),
            came_at: now,
            state,
            last_id: AskId::default(),
            in_flight: false,
            setback: None,
            is_leaving: false,
        }
    }

    /// Takes in what happened and says what to do next. Begin with [`Input::Wake`].
    pub fn step(&mut self, now: Instant, input: Input) -> Step {
        let mut event = None;
        match input {
            Input::Answer(id, answer) if self.in_flight && id == self.last_id => {
                self.in_flight = false;
                event = self.on_answer(now, answer).map(|end| Event::Ended {
                    end,
                    is_left_behind: false,
                });
            }
            Input::SignOut => {
                self.is_leaving = true;
                self.hurry(now, Duration::ZERO);
            }
            Input::Wanted => self.hurry(now, WANTED_PAUSE),
            Input::Answer(..) | Input::Changed | Input::Refused(_) | Input::Wake => {}
        }
        let mut step = Step {
            ask: None,
            wake_at: None,
            holds_lock: false,
            event,
        };
        if let (State::Looking { issuer, place, .. }, false) = (&self.state, self.in_flight) {
            let retry_at = self.setback.as_ref().map(|setback| setback.retry_at);
            step.wake_at = retry_at.filter(|at| now < *at);
            if step.wake_at.is_none() {
                self.in_flight = true;
                self.last_id = self.last_id.next();
                step.ask = Some((self.last_id, Ask::Http(metadata::request(issuer, *place))));
            }
        }
        step
    }

    /// What a session begins with, once the addresses are known. `true` if somebody has signed out meanwhile: such a
    /// session begins with [`Input::SignOut`].
    pub fn signed_in(&self) -> Option<(SignedIn, bool)> {
        let State::Found(endpoints) = &self.state else {
            return None;
        };
        let signed_in = SignedIn {
            tokens: self.grant.tokens.clone(),
            identity: self.identity.clone(),
            origin: Origin::new(self.came_at, endpoints),
        };
        Some((signed_in, self.is_leaving))
    }

    /// The access token, if it can be used at `now`.
    pub fn access_token(&self, now: Instant) -> Option<&AccessToken> {
        let usable = !self.is_leaving && !matches!(self.state, State::Done) && !self.grant.is_over(now);
        usable.then_some(&self.grant.tokens.access_token)
    }

    /// Why the addresses are not known yet.
    pub fn trouble(&self, now: Instant) -> Option<Trouble> {
        self.setback.as_ref().map(|setback| view::trouble(setback, now))
    }

    fn hurry(&mut self, now: Instant, pause: Duration) {
        if let Some(setback) = &mut self.setback {
            setback.retry_at = setback.retry_at.min(now + pause);
        }
    }

    /// The end, if there is no session to come.
    fn on_answer(&mut self, now: Instant, answer: Answer) -> Option<SessionEnd> {
        let State::Looking {
            issuer, first_error, ..
        } = &mut self.state
        else {
            return None;
        };
        let intake = Intake {
            allow_insecure_http: self.config.allow_insecure_http,
            strict: self.config.strict,
            server_time: None,
        };
        // Nobody checks a signature here, so no keys are needed.
        let error = match read(answer, |response| metadata::response(response, issuer, intake, false)) {
            Ok(endpoints) => {
                self.setback = None;
                self.state = State::Found(endpoints);
                return None;
            }
            Err(AnswerError::Lost(lost)) => {
                let mut setback = Setback::after(self.setback.as_ref(), now, &lost);
                let is_final = setback.is_final(now, Patience::SHORT);
                let is_elsewhere = setback.is_forbidden() && first_error.is_none();
                setback.retry_at = setback.retry_at.min(now + LONGEST_WAIT);
                self.setback = Some(setback);
                let error = FlowError::Lost(lost.cause);
                if is_elsewhere {
                    error
                } else {
                    return (self.is_leaving && is_final).then(|| self.leave(error));
                }
            }
            Err(error) => FlowError::from(error),
        };
        let (issuer, first_error) = (issuer.clone(), first_error.take());
        let error = match first_error {
            None => {
                self.setback = None;
                self.look(issuer, WellKnown::OauthAuthorizationServer, Some(error));
                return None;
            }
            Some(first) => more_telling(first, error),
        };
        if self.is_leaving {
            return Some(self.leave(error));
        }
        match error {
            FlowError::Misbehaved(error) => Some(self.end(SessionEnd::Misbehaved(error))),
            FlowError::Refused(error) => Some(self.end(SessionEnd::Refused(error))),
            // Nobody can tell what stands there: the tokens are good, and some day the server may be reached.
            FlowError::Lost(cause) => {
                self.setback = Some(Setback::first(now, cause, now + LONGEST_WAIT));
                self.look(issuer, WellKnown::OpenidConfiguration, None);
                None
            }
            FlowError::NoDigest => None,
        }
    }

    fn look(&mut self, issuer: HttpUrl, place: WellKnown, first_error: Option<FlowError>) {
        self.state = State::Looking {
            issuer,
            place,
            first_error,
        };
    }

    fn end(&mut self, end: SessionEnd) -> SessionEnd {
        self.state = State::Done;
        end
    }

    fn leave(&mut self, error: FlowError) -> SessionEnd {
        self.end(SessionEnd::SignedOut(Revocation::Failed(error)))
    }
}
