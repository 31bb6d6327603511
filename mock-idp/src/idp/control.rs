//! What a test may do to a host behind its back: look at grants, decide them, end them, forget everything.

use std::fmt;
use std::time::Duration;

use super::Idp;
use crate::fault::Faults;
use crate::grant::device::{Decision, DeviceGrant, GrantState};
use crate::personality::{Assumptions, Personality};
use crate::setup::RateLimits;
use crate::time::Instant;

/// A grant as a test sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantView {
    /// Later grants have greater numbers, across the hosts of one mock too.
    pub number: u64,
    /// The code as the device shows it.
    pub user_code: String,
    /// Whose device it is.
    pub client_id: String,
    /// The issuer that was asked.
    pub issuer: String,
    /// Where it stands.
    pub state: GrantState,
    /// When the code was handed out.
    pub issued_at: Instant,
    /// When `expires_in` is over.
    pub expires_at: Instant,
    /// When the person first saw what they decide about.
    pub seen_at: Option<Instant>,
    /// When somebody decided.
    pub decided_at: Option<Instant>,
    /// Who said yes.
    pub approved_by: Option<String>,
    /// When the device got its tokens.
    pub redeemed_at: Option<Instant>,
    /// How often the device has asked.
    pub polls: u32,
    /// How long the device must wait between one poll and the next, by now.
    pub interval: Duration,
}

impl GrantView {
    fn of(grant: &DeviceGrant, now: Instant) -> Self {
        let (decided_at, approved_by) = match &grant.decision {
            Decision::Waiting => (None, None),
            Decision::Denied { at } | Decision::Refused { at, .. } => (Some(*at), None),
            Decision::Approved { username, at } => (Some(*at), Some(username.clone())),
        };
        Self {
            number: grant.number,
            user_code: grant.user_code.to_string(),
            client_id: grant.client_id.clone(),
            issuer: grant.issuer.clone(),
            state: grant.state(now),
            issued_at: grant.issued_at,
            expires_at: grant.expires_at,
            seen_at: grant.seen_at,
            decided_at,
            approved_by,
            redeemed_at: grant.redeemed_at,
            polls: grant.polls,
            interval: grant.interval,
        }
    }
}

/// Why a control call did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlError {
    /// No grant has this user code.
    UnknownUserCode(String),
    /// Nobody of this name can sign in; those who can come along.
    UnknownUser(String, Vec<String>),
    /// The grant has gone too far for this.
    TooLate(String, GrantState),
}

impl fmt::Display for ControlError {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::UnknownUserCode(code) => {
                write!(
                    out,
                    "no grant has user code {code:?}; GET /grants lists those there are"
                )
            }
            Self::UnknownUser(_, known) if known.is_empty() => {
                write!(out, "nobody can approve; PUT /users/{{username}} registers somebody")
            }
            Self::UnknownUser(user, known) => {
                write!(out, "no user is called {user:?}; there are: {}", known.join(", "))
            }
            Self::TooLate(code, state) => {
                write!(
                    out,
                    "grant {code} is already {}; start a new one at the device",
                    state.word()
                )
            }
        }
    }
}

impl std::error::Error for ControlError {}

impl Idp {
    /// All grants, newest last.
    pub fn grants(&self, now: Instant) -> Vec<GrantView> {
        self.store.grants().map(|grant| GrantView::of(grant, now)).collect()
    }

    /// One grant.
    pub fn grant(&mut self, now: Instant, user_code: &str) -> Result<GrantView, ControlError> {
        let user_code = self.known(user_code)?;
        let grant = self.store.by_user_code(&user_code);
        let view = grant.map(|grant| GrantView::of(grant, now));
        view.ok_or(ControlError::UnknownUserCode(user_code))
    }

    /// Approves a grant as `username`, or as the first user there is.
    ///
    /// Where the product does not let them, the grant is denied (O-36, O-40).
    pub fn approve(&mut self, now: Instant, user_code: &str, username: Option<&str>) -> Result<(), ControlError> {
        let users = &self.setup.users;
        let user = match username {
            Some(username) => self.setup.user(username),
            None => users.first(),
        };
        let username = user.map(|user| user.username.clone()).ok_or_else(|| {
            let known = users.iter().map(|user| user.username.clone()).collect();
            ControlError::UnknownUser(username.unwrap_or_default().to_owned(), known)
        });
        let user_code = self.known(user_code)?;
        let decision = self.yes_of(self.host, now, &user_code, &username?);
        self.settle(now, &user_code, decision)
    }

    /// Denies a grant. Where the product has no way to say no, the grant stays pending.
    pub fn deny(&mut self, now: Instant, user_code: &str) -> Result<(), ControlError> {
        let user_code = self.known(user_code)?;
        if !self.host.page.has_deny {
            return Ok(());
        }
        self.settle(now, &user_code, Decision::Denied { at: now })
    }

    /// Ends a grant's life at this moment, as if `expires_in` were over.
    pub fn expire(&mut self, now: Instant, user_code: &str) -> Result<(), ControlError> {
        let user_code = self.known(user_code)?;
        let Some(grant) = self.store.by_user_code(&user_code) else {
            return Err(ControlError::UnknownUserCode(user_code));
        };
        match grant.state(now) {
            GrantState::Pending | GrantState::Approved => grant.expires_at = now,
            GrantState::Expired => {}
            state => return Err(ControlError::TooLate(user_code, state)),
        }
        Ok(())
    }

    /// How far what it tells others is ahead of its own clock, in seconds.
    pub fn skew(&self) -> i64 {
        self.setup.skew
    }

    /// Makes tokens and `Date` headers tell a time so many seconds ahead of its own clock; deadlines stay.
    pub fn set_skew(&mut self, seconds: i64) {
        self.setup.skew = seconds;
    }

    /// Behaves from now on as these assumptions have it, where nobody has verified what its product does.
    pub fn assume(&mut self, assumptions: Assumptions) {
        self.setup.assumptions = assumptions;
    }

    /// Takes so many requests from now on; limits that are not named stay.
    pub fn change_rate_limits(&mut self, changes: RateLimits) {
        self.setup.rate_limits.change(changes);
    }

    /// The scenarios and scripts that are switched on here, and on every host of the same setup.
    pub fn faults(&self) -> &Faults {
        &self.setup.faults
    }

    /// Begins anew: who is registered, the keys and the seed are as at the start, and nothing else is remembered.
    ///
    /// Faults stay as they are, because other hosts share them.
    pub fn reset(&mut self) {
        *self = Self::new(self.product, self.begun_with.clone());
    }

    /// Records what the person said, if they may still say it.
    pub(crate) fn settle(&mut self, now: Instant, user_code: &str, decision: Decision) -> Result<(), ControlError> {
        let facts = self.host.set_up(&self.setup);
        self.settle_by(&facts, now, user_code, decision)
    }

    /// As [`settle`](Self::settle), for a server that goes by other facts than its product.
    pub(crate) fn settle_by(
        &mut self,
        facts: &Personality,
        now: Instant,
        user_code: &str,
        decision: Decision,
    ) -> Result<(), ControlError> {
        let Some(grant) = self.store.by_user_code(user_code) else {
            return Err(ControlError::UnknownUserCode(user_code.to_owned()));
        };
        if !grant.is_open(now, facts) {
            return Err(ControlError::TooLate(user_code.to_owned(), grant.state(now)));
        }
        grant.decision = decision;
        Ok(())
    }

    /// The user code of a grant, from one typed as people do, also where the product itself is strict.
    pub(super) fn known(&self, user_code: &str) -> Result<String, ControlError> {
        let exact = user_code.trim();
        if self.store.knows_user_code(exact) {
            return Ok(exact.to_owned());
        }
        let plain = |code: &str| -> String {
            let letters = code.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|letter| letter.to_ascii_uppercase()).collect()
        };
        let typed = plain(user_code);
        let mut codes = self.store.grants().map(|grant| &grant.user_code);
        if let Some(code) = codes.find(|code| plain(code) == typed) {
            return Ok(code.to_string());
        }
        Err(ControlError::UnknownUserCode(user_code.to_owned()))
    }
}
