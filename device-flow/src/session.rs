//! What comes after the sign-in: tokens that stay fresh, until somebody or the server ends that.
//!
//! [`Session`] is a second machine of the same shape as [`crate::Flow`]: what happens goes in, what to do comes out.
//!
//! ```text
//!              .--------------- another tab was quicker ----------------.
//!              v                                                        |
//!  Locking -> Keeping -> Resting --due, refused, changed--> Locking ----+--> Refreshing (RFC 6749 section 6)
//!                         ^  |                                               | tokens, then Keeping
//!                         |  |                                               | refused: Locking, to look once more
//!                         '--+---------------- lost answers <----------------+
//!                            |                                               v
//!                            '--SignOut--> Locking -> Forgetting -> Revoking (RFC 7009) -> Done
//! ```
//!
//! Without a [`Store`], `Locking`, `Keeping` and `Forgetting` are left out.
//! New tokens are at rest before anybody uses them, and only then are the old ones forgotten: a crash costs nothing but
//! the answer that was on its way.
//! What each answer leads to is said in `session/transitions.rs`.

mod arrival;
mod contract;
mod end;
mod grant;
mod record;
#[cfg(test)]
mod tests;
mod transitions;

use alloc::boxed::Box;
use alloc::string::String;
use core::time::Duration;

use crate::config::{Config, Endpoints};
use crate::error::ErrorResponse;
use crate::flow::SignedIn;
use crate::names;
use crate::secret::{AccessToken, EndSessionUrl, SessionRecord};
use crate::setback::Setback;
use crate::time::{Instant, ServerClock, UnixTime};
use crate::url::HttpUrl;
use crate::view::{self, Trouble};
use crate::wire::{refresh, revocation};
pub use arrival::Arrival;
pub use contract::{Answer, Ask, AskId, Event, Input, Step, Store, StoreFailed};
pub use end::{Revocation, SessionEnd};
use grant::Grant;

/// Ours: a resource server that refuses every token does not make us ask for new ones more often (X-53).
const REFUSAL_PAUSE: Duration = Duration::from_secs(60);
/// Ours: somebody who waits for a token has it asked for again this soon after a lost answer, unless the server told when.
const WANTED_PAUSE: Duration = Duration::from_secs(5);
/// Ours: those whom a server told the same moment come back spread over this.
const CROWD: Duration = Duration::from_secs(30);
/// Ours: a server that cannot be reached is asked again at least this often.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Ours: timers of browsers fail beyond 24 days, and an early wake costs one call.
const LONGEST_NAP: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the tokens of a sign-in came from, and when.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Origin {
    endpoints: Endpoints,
    at: Instant,
}

impl Origin {
    pub(crate) fn new(now: Instant, endpoints: &Endpoints) -> Self {
        Self {
            endpoints: endpoints.clone(),
            at: now,
        }
    }
}

/// Whose session it is, and where its exchanges go.
#[derive(Clone, Debug)]
struct Home {
    issuer: Option<String>,
    client_id: String,
    subject: Option<String>,
    /// What to call the person.
    name: Option<String>,
    token_endpoint: HttpUrl,
    revocation_endpoint: Option<HttpUrl>,
    end_session_endpoint: Option<HttpUrl>,
}

impl Home {
    fn new(config: &Config, endpoints: &Endpoints, subject: Option<String>, name: Option<String>) -> Self {
        Self {
            issuer: endpoints.issuer.clone(),
            client_id: config.client_id.clone(),
            subject,
            name,
            token_endpoint: endpoints.token_endpoint.clone(),
            revocation_endpoint: endpoints.revocation_endpoint.clone(),
            end_session_endpoint: endpoints.end_session_endpoint.clone(),
        }
    }
}

/// One sign-in's tokens, kept fresh until the end.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub struct Session {
    config: Config,
    home: Home,
    state: State,
    last_id: AskId,
    in_flight: bool,
    /// `None` once the session has ended: no token is left.
    grant: Option<Box<Grant>>,
    setback: Option<Setback>,
    /// Whether the server told when to ask again.
    is_wait_told: bool,
    server_clock: Option<ServerClock>,
    /// When the wall clock was last read, and what it showed.
    wall_clock: Option<ServerClock>,
    store: Store,
    /// Whether the store holds this session, as far as we know.
    is_kept: bool,
    /// The store could not be cleared: what it holds is of no use.
    is_stale: bool,
    holds_lock: bool,
    /// The access token was refused; another one may be asked for from then on.
    refused: Option<Instant>,
    /// When one was last asked for because of that.
    last_refusal: Option<Instant>,
    is_changed: bool,
    is_leaving: bool,
    revocation: Revocation,
    end_session_url: Option<EndSessionUrl>,
    event: Option<Event>,
}

#[derive(Debug)]
enum State {
    Resting,
    Locking(Errand),
    Refreshing,
    /// These replace the others once they are at rest.
    Keeping {
        grant: Box<Grant>,
        /// It comes from a refresh; until it is at rest, a token that was refused stays so.
        is_fresh: bool,
    },
    Forgetting(Then),
    Revoking(Kind),
    Done(SessionEnd),
}

/// What the lock is for.
#[derive(Debug)]
enum Errand {
    /// To write down a new sign-in.
    Begin,
    /// To see what others did, and to refresh if that is still needed.
    Look,
    /// The refresh token was refused: perhaps because another tab had used it.
    LookAgain(ErrorResponse),
    /// To sign out.
    Leave,
}

/// What comes after the store is clear.
#[derive(Debug)]
enum Then {
    Rest,
    Revoke,
    End(SessionEnd),
}

/// Which token is being taken back: first the one that makes others. A server need not take those along (RFC 7009
/// section 2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    RefreshToken,
    AccessToken,
}

impl Session {
    /// Begins with a sign-in by the same configuration. With a store, the first step writes it down.
    pub fn new(config: Config, signed_in: SignedIn, store: Store) -> Self {
        let SignedIn {
            tokens,
            identity,
            origin,
        } = signed_in;
        let name = identity
            .as_ref()
            .and_then(|identity| identity.display_name().map(Into::into));
        let subject = identity.map(|identity| identity.subject);
        let home = Home::new(&config, &origin.endpoints, subject, name);
        let mut session = Self::with(config, home, Grant::new(tokens, origin.at), store);
        if store == Store::Shared {
            session.state = State::Locking(Errand::Begin);
        }
        session
    }

    /// Goes on with what the store held at a restart, where the wall clock shows `unix_time`.
    ///
    /// `None` if that cannot be understood, or belongs to another client or issuer than the configuration's; the shell
    /// then forgets it.
    pub fn restore(config: Config, record: &SessionRecord, now: Instant, unix_time: UnixTime) -> Option<Self> {
        let (home, grant) = record::read(record, now, unix_time, &config)?;
        let mut session = Self::with(config, home, grant, Store::Shared);
        session.is_kept = true;
        Some(session)
    }

    fn with(config: Config, home: Home, grant: Grant, store: Store) -> Self {
        Self {
            config,
            home,
            state: State::Resting,
            last_id: AskId::default(),
            in_flight: false,
            grant: Some(Box::new(grant)),
            setback: None,
            is_wait_told: false,
            server_clock: None,
            wall_clock: None,
            store,
            is_kept: false,
            is_stale: false,
            holds_lock: false,
            refused: None,
            last_refusal: None,
            is_changed: false,
            is_leaving: false,
            revocation: Revocation::Done,
            end_session_url: None,
            event: None,
        }
    }

    /// Takes in what happened and says what to do next. Begin with [`Input::Wake`].
    pub fn step(&mut self, now: Instant, input: Input) -> Step {
        match input {
            _ if !self.is_active() => {}
            Input::Answer(id, answer) if self.in_flight && id == self.last_id => {
                self.in_flight = false;
                self.on_answer(now, answer);
            }
            Input::Changed => self.is_changed = true,
            Input::Refused(token) => self.on_refused_token(now, &token),
            Input::SignOut => self.is_leaving = true,
            Input::Wanted => self.hurry(now),
            Input::Answer(..) | Input::Wake => {}
        }
        self.next(now)
    }

    /// Whether there is still something to do: signing out takes a while.
    pub fn is_active(&self) -> bool {
        !matches!(self.state, State::Done(_))
    }

    /// How it ended.
    pub fn end(&self) -> Option<&SessionEnd> {
        match &self.state {
            State::Done(end) => Some(end),
            _ => None,
        }
    }

    /// The access token, if it can be used at `now`; otherwise send [`Input::Wanted`] and look again after the next steps.
    pub fn access_token(&self, now: Instant) -> Option<&AccessToken> {
        let grant = self.grant.as_deref()?;
        let usable = !self.is_leaving && !self.is_ending() && self.refused.is_none() && !grant.is_over(now);
        usable.then_some(&grant.tokens.access_token)
    }

    /// Whether a refusal of the access token is answered by a new one at once: there is a refresh token, and the last
    /// refusal is a while ago.
    pub fn can_replace(&self, now: Instant) -> bool {
        let grant = self.grant.as_deref();
        let can_refresh = grant.is_some_and(|grant| grant.tokens.refresh_token.is_some());
        can_refresh && self.last_refusal.is_none_or(|last| last + REFUSAL_PAUSE <= now)
    }

    /// What to call the person, if known, also after a restart.
    pub fn name(&self) -> Option<&str> {
        self.home.name.as_deref()
    }

    /// The scope that was granted, where the server said it.
    pub fn scope(&self) -> Option<&str> {
        self.grant.as_deref()?.tokens.scope.as_deref()
    }

    /// How to use the access token, such as `Bearer` (RFC 6749 section 7.1).
    pub fn token_type(&self) -> Option<&str> {
        Some(&self.grant.as_deref()?.tokens.token_type)
    }

    /// `sub` of the checked ID token, if there was one: the one stable name of the person at this issuer.
    pub fn subject(&self) -> Option<&str> {
        self.home.subject.as_deref()
    }

    /// Why there is no new token yet.
    pub fn trouble(&self, now: Instant) -> Option<Trouble> {
        self.setback.as_ref().map(|setback| view::trouble(setback, now))
    }

    /// Hands out, once, the address where the person can end their session at the server as well; there after a sign-out,
    /// if the server has one (OpenID Connect RP-Initiated Logout 1.0).
    pub fn take_end_session_url(&mut self) -> Option<EndSessionUrl> {
        self.end_session_url.take()
    }

    /// Whether the end is decided and the store is being cleared for it.
    fn is_ending(&self) -> bool {
        matches!(
            self.state,
            State::Locking(Errand::LookAgain(_)) | State::Forgetting(Then::End(_))
        )
    }

    fn on_refused_token(&mut self, now: Instant, token: &AccessToken) {
        let is_ours = self
            .grant
            .as_deref()
            .is_some_and(|grant| grant.tokens.access_token == *token);
        if is_ours && self.refused.is_none() {
            let earliest = self.last_refusal.map(|last| last + REFUSAL_PAUSE);
            self.refused = Some(earliest.unwrap_or(now).max(now));
        }
    }

    fn hurry(&mut self, now: Instant) {
        if let (State::Resting, Some(setback), false) = (&self.state, &mut self.setback, self.is_wait_told) {
            setback.retry_at = setback.retry_at.min(now + WANTED_PAUSE);
        }
    }

    /// When there is something to do about the tokens.
    fn due_at(&self) -> Option<Instant> {
        let grant = self.grant.as_deref()?;
        let due_at = match (self.refused, grant.due_at()) {
            (Some(refused), Some(due_at)) => Some(refused.min(due_at)),
            (refused, due_at) => refused.or(due_at),
        }?;
        let retry_at = self.setback.as_ref().map(|setback| setback.retry_at);
        Some(retry_at.map_or(due_at, |retry_at| retry_at.max(due_at)))
    }

    fn is_due(&self, now: Instant) -> bool {
        self.due_at().is_some_and(|due_at| now >= due_at)
    }

    /// The ask that is due now, else the time when one will be.
    fn next(&mut self, now: Instant) -> Step {
        let mut wake_at = None;
        if !self.in_flight {
            self.leave_rest(now);
            wake_at = match self.state {
                State::Resting => self.due_at(),
                State::Revoking(_) => self.setback.as_ref().map(|setback| setback.retry_at),
                _ => None,
            }
            .filter(|at| now < *at)
            .map(|at| at.min(now + LONGEST_NAP));
        }
        let ask = if self.in_flight || wake_at.is_some() {
            None
        } else {
            self.ask(now)
        };
        if ask.is_some() {
            self.in_flight = true;
            self.last_id = self.last_id.next();
        }
        Step {
            ask: ask.map(|ask| (self.last_id, ask)),
            wake_at,
            holds_lock: self.holds_lock,
            event: self.event.take(),
        }
    }

    /// What the present state waits for.
    fn ask(&self, now: Instant) -> Option<Ask> {
        let Home {
            client_id,
            token_endpoint,
            ..
        } = &self.home;
        let tokens = &self.grant.as_deref()?.tokens;
        Some(match &self.state {
            State::Resting | State::Done(_) => return None,
            State::Locking(_) => Ask::Lock,
            State::Refreshing => Ask::Http(refresh::request(
                token_endpoint,
                client_id,
                tokens.refresh_token.as_ref()?,
            )),
            State::Keeping { grant, .. } => {
                // Without a wall clock the tokens count as old after a restart, and are refreshed.
                let unix_time = self.wall_clock.map_or(UnixTime::from_secs(0), |clock| clock.now(now));
                Ask::Keep(record::write(&self.home, grant, now, unix_time))
            }
            State::Forgetting(_) => Ask::Forget,
            State::Revoking(kind) => {
                let (token, hint) = match kind {
                    Kind::RefreshToken => (tokens.refresh_token.as_ref()?.expose(), names::REFRESH_TOKEN),
                    Kind::AccessToken => (tokens.access_token.expose(), names::ACCESS_TOKEN),
                };
                let endpoint = self.home.revocation_endpoint.as_ref()?;
                Ask::Http(revocation::request(endpoint, client_id, token, hint))
            }
        })
    }
}
