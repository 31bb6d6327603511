//! From each state, what its answer leads to.

use alloc::boxed::Box;
use core::mem;

use super::grant::Grant;
use super::{
    Answer, CROWD, Errand, Event, Home, Kind, LONGEST_WAIT, Revocation, Session, SessionEnd, State, Store, StoreFailed,
    Then, record,
};
use crate::error::{FlowError, Lost, LostCause, PeerMisbehaved, TransportError};
use crate::http::HttpResponse;
use crate::id_token::Unverified;
use crate::names::error_code;
use crate::secret::SessionRecord;
use crate::setback::{self, Patience, Setback};
use crate::time::{Instant, ServerClock, UnixTime};
use crate::wire::token::Tokens;
use crate::wire::{AnswerError, Intake, end_session, refresh, revocation};

/// What the store holds.
enum Found {
    /// Nothing.
    Nothing,
    /// This person's session.
    Ours(Box<Grant>),
    /// Somebody else's.
    SomebodyElses,
    /// Nobody can tell.
    Unknown,
}

impl Session {
    pub(super) fn on_answer(&mut self, now: Instant, answer: Answer) {
        match mem::replace(&mut self.state, State::Resting) {
            // Nothing was asked; `step` lets no answer through.
            state @ (State::Resting | State::Done(_)) => self.state = state,
            State::Locking(errand) => {
                self.holds_lock = true;
                let found = self.read_store(now, answer);
                self.on_locked(now, errand, found);
            }
            State::Refreshing => {
                let intake = self.intake(now, &answer);
                let answer = read(answer, |response| {
                    refresh::response(response, intake).and_then(|tokens| self.check_id_token(tokens))
                });
                self.on_refreshed(now, answer);
            }
            State::Keeping { grant, is_fresh } => {
                if is_fresh {
                    self.refused = None;
                }
                let rotated = self
                    .grant
                    .as_ref()
                    .is_some_and(|old| old.tokens.refresh_token != grant.tokens.refresh_token);
                self.grant = Some(grant);
                self.on_kept(stored(&answer), rotated);
            }
            State::Forgetting(then) => self.on_forgotten(then, stored(&answer)),
            State::Revoking(kind) => {
                let intake = self.intake(now, &answer);
                let answer = read(answer, |response| revocation::response(response, intake));
                self.on_revoked(now, kind, answer);
            }
        }
    }

    /// Whether rest is over, and what for.
    pub(super) fn leave_rest(&mut self, now: Instant) {
        if !matches!(self.state, State::Resting) {
            return;
        }
        if self.is_leaving {
            self.leave();
        } else if self.store == Store::Shared && (self.is_changed || self.is_due(now)) {
            self.state = State::Locking(Errand::Look);
        } else {
            self.is_changed = false;
            self.go_on(now);
        }
    }

    /// Refreshes if that is due, ends if that cannot be done, else rests.
    fn go_on(&mut self, now: Instant) {
        let can_refresh = self
            .grant
            .as_deref()
            .is_some_and(|grant| grant.tokens.refresh_token.is_some());
        if self.is_leaving {
            self.leave();
        } else if !self.is_due(now) {
            self.rest();
        } else if can_refresh {
            if self.refused.is_some() {
                self.last_refusal = Some(now);
            }
            self.state = State::Refreshing;
        } else {
            self.finish(SessionEnd::Expired);
        }
    }

    fn rest(&mut self) {
        self.holds_lock = false;
        self.state = State::Resting;
    }

    /// What the store held as the lock was taken.
    fn read_store(&mut self, now: Instant, answer: Answer) -> Found {
        let Answer::Locked { stored, unix_time } = answer else {
            return Found::Unknown;
        };
        self.wall_clock = Some(ServerClock {
            at: now,
            date: unix_time,
        });
        self.is_changed = false;
        match stored {
            Err(StoreFailed) => Found::Unknown,
            // Ours, from before: it could neither be replaced nor removed.
            Ok(_) if self.is_stale => Found::Unknown,
            Ok(None) => Found::Nothing,
            Ok(Some(record)) => self.read_record(now, unix_time, &record),
        }
    }

    fn read_record(&self, now: Instant, unix_time: UnixTime, record: &SessionRecord) -> Found {
        match record::read(record, now, unix_time, &self.config) {
            None => Found::Unknown,
            Some((Home { subject, .. }, grant)) => {
                if record::is_same_person(subject.as_ref(), self.home.subject.as_ref()) {
                    Found::Ours(Box::new(grant))
                } else {
                    Found::SomebodyElses
                }
            }
        }
    }

    fn on_locked(&mut self, now: Instant, errand: Errand, found: Found) {
        let errand = if self.is_leaving { Errand::Leave } else { errand };
        match (errand, found) {
            (Errand::Begin, _) => {
                if let Some(grant) = self.grant.clone() {
                    self.state = State::Keeping { grant, is_fresh: false };
                }
            }
            (Errand::Leave, Found::SomebodyElses) => self.revoke(),
            (Errand::Leave, found) => {
                if let (Found::Ours(grant), true) = (found, self.is_kept) {
                    self.adopt(grant);
                }
                self.state = State::Forgetting(Then::Revoke);
            }
            (_, Found::SomebodyElses) => self.conclude(SessionEnd::SignedOutElsewhere),
            (Errand::Look | Errand::LookAgain(_), Found::Nothing) if self.is_kept => {
                self.conclude(SessionEnd::SignedOutElsewhere);
            }
            (Errand::Look, Found::Ours(grant)) if self.is_news(&grant) => {
                self.adopt(grant);
                self.go_on(now);
            }
            (Errand::Look, _) => self.go_on(now),
            (Errand::LookAgain(_), Found::Ours(grant)) if self.is_other_refresh_token(&grant) => {
                self.adopt(grant);
                self.go_on(now);
            }
            (Errand::LookAgain(refused), _) => self.finish(SessionEnd::Refused(refused)),
        }
    }

    fn is_news(&self, found: &Grant) -> bool {
        self.grant
            .as_ref()
            .is_some_and(|ours| ours.tokens.access_token != found.tokens.access_token)
    }

    fn is_other_refresh_token(&self, found: &Grant) -> bool {
        self.grant
            .as_ref()
            .is_some_and(|ours| ours.tokens.refresh_token != found.tokens.refresh_token)
    }

    /// Takes over what another tab has got.
    fn adopt(&mut self, grant: Box<Grant>) {
        self.grant = Some(grant);
        self.is_kept = true;
        self.refused = None;
        self.setback = None;
    }

    fn on_refreshed(&mut self, now: Instant, answer: Result<Tokens, AnswerError>) {
        match answer {
            Ok(tokens) => {
                self.setback = None;
                let Some(fresh) = self.grant.as_ref().map(|old| Box::new(old.renewed(tokens, now))) else {
                    return;
                };
                if self.store == Store::Shared && !self.is_leaving {
                    let (grant, is_fresh) = (fresh, true);
                    self.state = State::Keeping { grant, is_fresh };
                } else {
                    self.refused = None;
                    self.grant = Some(fresh);
                    self.after_exchange();
                }
            }
            Err(AnswerError::Lost(lost)) => {
                self.set_back(now, &lost);
                self.after_exchange();
            }
            Err(_) if self.is_leaving => self.leave(),
            Err(AnswerError::Misbehaved(error)) => self.finish(SessionEnd::Misbehaved(error)),
            Err(AnswerError::Refused(refused))
                if self.store == Store::Shared && refused.error == error_code::INVALID_GRANT =>
            {
                self.state = State::Locking(Errand::LookAgain(refused));
            }
            Err(AnswerError::Refused(refused)) => self.finish(SessionEnd::Refused(refused)),
        }
    }

    /// OpenID Connect Core 1.0 section 12.2: an ID token that comes with a refresh is about the same person, from the same
    /// issuer, for this client. Nobody is greeted by it, so one that cannot be read does no harm.
    fn check_id_token(&self, tokens: Tokens) -> Result<Tokens, AnswerError> {
        let (Some(issuer), Some(subject)) = (&self.home.issuer, &self.home.subject) else {
            return Ok(tokens);
        };
        let Some(Ok(id_token)) = tokens.id_token.as_ref().map(Unverified::read) else {
            return Ok(tokens);
        };
        id_token
            .check_parties(issuer, &self.home.client_id, self.config.strict)
            .and_then(|()| id_token.check_subject(subject))
            .map_err(|error| AnswerError::Misbehaved(PeerMisbehaved::IdToken(error)))?;
        Ok(tokens)
    }

    fn after_exchange(&mut self) {
        if self.is_leaving {
            self.leave();
        } else {
            self.rest();
        }
    }

    fn set_back(&mut self, now: Instant, lost: &Lost) {
        let mut setback = Setback::after(self.setback.as_ref(), now, lost);
        if let (true, Some(grant)) = (lost.is_moment, &self.grant) {
            setback.retry_at = setback.retry_at + setback::own_share(grant.tokens.access_token.expose(), CROWD);
        }
        setback.retry_at = setback.retry_at.min(now + LONGEST_WAIT);
        self.is_wait_told = lost.retry_after.is_some();
        self.setback = Some(setback);
    }

    fn on_kept(&mut self, kept: Result<(), StoreFailed>, rotated: bool) {
        if kept.is_ok() {
            self.is_kept = true;
            self.is_stale = false;
        } else {
            self.event = Some(Event::NotKept);
            // What still stands there is used up, or somebody else's: it would end this session elsewhere.
            if !self.is_leaving && (rotated || !self.is_kept) {
                self.state = State::Forgetting(Then::Rest);
                return;
            }
        }
        self.after_exchange();
    }

    fn on_forgotten(&mut self, then: Then, forgotten: Result<(), StoreFailed>) {
        self.is_stale = forgotten.is_err();
        self.is_kept = false;
        match then {
            Then::Rest => self.after_exchange(),
            Then::Revoke => self.revoke(),
            Then::End(end) => self.conclude(end),
        }
    }

    /// Signs out: what is at rest goes first, so that a set that is switched off now does not sign in again by itself.
    fn leave(&mut self) {
        self.setback = None;
        match (self.store, self.holds_lock) {
            (Store::None, _) => self.revoke(),
            (Store::Shared, false) => self.state = State::Locking(Errand::Leave),
            (Store::Shared, true) => self.state = State::Forgetting(Then::Revoke),
        }
    }

    fn revoke(&mut self) {
        self.holds_lock = false;
        if self.home.revocation_endpoint.is_none() {
            self.revocation = Revocation::NotOffered;
            return self.sign_out();
        }
        let has_refresh_token = self
            .grant
            .as_deref()
            .is_some_and(|grant| grant.tokens.refresh_token.is_some());
        self.state = State::Revoking(if has_refresh_token {
            Kind::RefreshToken
        } else {
            Kind::AccessToken
        });
    }

    fn on_revoked(&mut self, now: Instant, kind: Kind, answer: Result<(), AnswerError>) {
        match answer {
            Err(AnswerError::Lost(lost)) => {
                let setback = Setback::after(self.setback.as_ref(), now, &lost);
                if setback.is_final(now, Patience::SHORT) {
                    self.revocation = Revocation::Failed(FlowError::Lost(lost.cause));
                    return self.sign_out();
                }
                self.setback = Some(setback);
                self.state = State::Revoking(kind);
                return;
            }
            // Section 2.2.1: a server may take back refresh tokens alone.
            Err(AnswerError::Refused(refused))
                if kind == Kind::AccessToken && refused.error == error_code::UNSUPPORTED_TOKEN_TYPE => {}
            Err(error) if self.revocation == Revocation::Done => self.revocation = Revocation::Failed(error.into()),
            Ok(()) | Err(_) => {}
        }
        self.setback = None;
        match kind {
            Kind::RefreshToken => self.state = State::Revoking(Kind::AccessToken),
            Kind::AccessToken => self.sign_out(),
        }
    }

    fn sign_out(&mut self) {
        let id_token = self.grant.as_deref().and_then(|grant| grant.tokens.id_token.as_ref());
        let endpoint = self.home.end_session_endpoint.as_ref();
        self.end_session_url = endpoint.map(|endpoint| end_session::url(endpoint, &self.home.client_id, id_token));
        let revocation = mem::replace(&mut self.revocation, Revocation::Done);
        self.conclude(SessionEnd::SignedOut(revocation));
    }

    /// Ends, once nothing is at rest any more.
    fn finish(&mut self, end: SessionEnd) {
        if self.is_leaving {
            return self.leave();
        }
        match self.store {
            Store::None => self.conclude(end),
            Store::Shared => self.state = State::Forgetting(Then::End(end)),
        }
    }

    fn conclude(&mut self, end: SessionEnd) {
        self.grant = None;
        self.setback = None;
        self.holds_lock = false;
        self.event = Some(Event::Ended {
            end: end.clone(),
            is_left_behind: self.is_stale,
        });
        self.state = State::Done(end);
    }

    /// How to read an answer; what it says of the time counts for it already.
    fn intake(&mut self, now: Instant, answer: &Answer) -> Intake {
        if let Answer::Http(Ok(response)) = answer
            && let Some(date) = response.date()
        {
            self.server_clock = Some(ServerClock { at: now, date });
        }
        Intake {
            allow_insecure_http: self.config.allow_insecure_http,
            strict: self.config.strict,
            server_time: self.server_clock.map(|clock| clock.now(now)),
        }
    }
}

/// Reads an HTTP answer; a transport error counts as lost, and so does an answer that is none to an HTTP ask.
pub(super) fn read<T>(
    answer: Answer,
    read: impl FnOnce(&HttpResponse) -> Result<T, AnswerError>,
) -> Result<T, AnswerError> {
    let error = match answer {
        Answer::Http(Ok(response)) => return read(&response),
        Answer::Http(Err(error)) => error,
        Answer::Locked { .. } | Answer::Stored(_) => TransportError::Interrupted,
    };
    Err(AnswerError::Lost(Lost {
        cause: LostCause::Transport(error),
        retry_after: None,
        is_moment: false,
    }))
}

/// Any other answer than the one that was asked for is none.
fn stored(answer: &Answer) -> Result<(), StoreFailed> {
    match answer {
        Answer::Stored(result) => *result,
        Answer::Http(_) | Answer::Locked { .. } => Err(StoreFailed),
    }
}
