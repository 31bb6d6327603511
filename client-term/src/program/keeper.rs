//! The blocking loop around [`Session`]: sees to what the core asks for, with the store and the lock between processes.

use std::thread;
use std::time::Duration;

use client_term::{SystemClocks, http::Http};
use device_flow::session::{Answer, Ask, Event, Input, SessionEnd, StoreFailed};
use device_flow::{AccessToken, Clock, Config, Instant, Session, SessionRecord, SignedIn, Trouble, session};

use super::store::{Kept, Lock, Store};

/// Ours: how long somebody waits for a token while the server does not answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// One session, for as long as a command needs it.
#[derive(Debug)]
pub(crate) struct Keeper {
    session: Session,
    store: Store,
    /// What is written beside the core's record.
    kept: Kept,
    http: Http,
    clocks: SystemClocks,
    clock: Clock,
    lock: Option<Lock>,
    pub(crate) is_not_kept: bool,
    is_left_behind: bool,
}

/// Why there is no token to hand out.
#[derive(Debug)]
pub(crate) enum NoToken {
    Ended(SessionEnd),
    Lost(Option<Trouble>),
}

impl Keeper {
    /// Begins with a sign-in that has just come about.
    pub(crate) fn new(config: Config, signed_in: SignedIn, store: Store, kept: Kept, http: Http) -> Self {
        let session = Session::new(config, signed_in, session::Store::Shared);
        Self::with(session, SystemClocks::new(), store, kept, http)
    }

    /// Goes on with what rests; `None` if it belongs to another client or issuer, or cannot be understood.
    pub(crate) fn restore(config: Config, store: Store, kept: Kept, http: Http) -> Option<Self> {
        let clocks = SystemClocks::new();
        let record = SessionRecord::new(kept.session.clone());
        let session = Session::restore(config, &record, Instant::default(), clocks.unix_time())?;
        Some(Self::with(session, clocks, store, kept, http))
    }

    fn with(session: Session, clocks: SystemClocks, store: Store, kept: Kept, http: Http) -> Self {
        Self {
            session,
            store,
            kept,
            http,
            clocks,
            clock: Clock::starting_at(clocks.read()),
            lock: None,
            is_not_kept: false,
            is_left_behind: false,
        }
    }

    /// Writes a new sign-in down.
    pub(crate) fn keep(&mut self) {
        self.step(Input::Wake);
    }

    /// A token that can be used now; says through `wait` what it waits for.
    pub(crate) fn access_token(&mut self, mut wait: impl FnMut(&Trouble)) -> Result<AccessToken, NoToken> {
        let until = self.now() + PATIENCE;
        let mut wake_at = self.step(Input::Wake);
        loop {
            let now = self.now();
            if let Some(token) = self.session.access_token(now) {
                return Ok(token.clone());
            }
            if let Some(end) = self.session.end() {
                return Err(NoToken::Ended(end.clone()));
            }
            wake_at = self.step(Input::Wanted).or(wake_at);
            let trouble = self.session.trouble(now);
            let Some(at) = wake_at.filter(|at| *at <= until) else {
                return Err(NoToken::Lost(trouble));
            };
            if let Some(trouble) = trouble {
                wait(&trouble);
            }
            thread::sleep(at.since(self.now()));
            wake_at = self.step(Input::Wake);
        }
    }

    /// Ends the session; the second value says whether something is left behind in the store.
    pub(crate) fn sign_out(mut self, mut wait: impl FnMut(&Trouble)) -> (Option<SessionEnd>, bool) {
        let mut wake_at = self.step(Input::SignOut);
        while let Some(at) = wake_at.filter(|_| self.session.is_active()) {
            let now = self.now();
            if let Some(trouble) = self.session.trouble(now) {
                wait(&trouble);
            }
            thread::sleep(at.since(now));
            wake_at = self.step(Input::Wake);
        }
        (self.session.end().cloned(), self.is_left_behind)
    }

    pub(crate) fn scope(&self) -> Option<&str> {
        self.session.scope()
    }

    /// Sees to everything that is asked for; says when to come again.
    fn step(&mut self, mut input: Input) -> Option<Instant> {
        loop {
            let now = self.now();
            let step = self.session.step(now, input);
            match step.event {
                Some(Event::NotKept) => self.is_not_kept = true,
                Some(Event::Ended { is_left_behind, .. }) => self.is_left_behind = is_left_behind,
                None => {}
            }
            if !step.holds_lock {
                self.lock = None;
            }
            let Some((id, ask)) = step.ask else {
                return step.wake_at;
            };
            input = Input::Answer(id, self.answer(ask));
        }
    }

    fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Http(request) => Answer::Http(self.http.send(&request)),
            Ask::Lock => {
                if self.lock.is_none() {
                    // Without a lock the worst is that two processes refresh at once.
                    self.lock = self.store.lock().unwrap_or_default();
                }
                let stored = self.store.read().map_err(|_| StoreFailed);
                Answer::Locked {
                    stored: stored.map(|kept| kept.map(|kept| SessionRecord::new(kept.session))),
                    unix_time: self.clocks.unix_time(),
                }
            }
            Ask::Keep(record) => {
                self.kept.session = record.expose().into();
                Answer::Stored(self.store.write(&self.kept).map_err(|_| StoreFailed))
            }
            Ask::Forget => Answer::Stored(self.store.clear().map_err(|_| StoreFailed)),
        }
    }

    fn now(&mut self) -> Instant {
        self.clock.read(self.clocks.read())
    }
}
