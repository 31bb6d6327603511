//! What a shell and a session say to each other.

use super::SessionEnd;
use crate::error::TransportError;
use crate::http::{HttpRequest, HttpResponse};
use crate::secret::{AccessToken, SessionRecord};
use crate::time::{Instant, UnixTime};

/// Everything that can happen to a session. The list is closed on purpose; any input is allowed at any time.
#[derive(Debug)]
pub enum Input {
    /// What came of the ask with this id. Answers to older ids, and second answers, are dropped.
    Answer(AskId, Answer),
    /// Another tab changed what is stored. A spurious one costs a look at the store.
    Changed,
    /// A resource server refused this access token (RFC 6750 section 3.1, `invalid_token`): another one is needed. Does
    /// nothing if there is another one already.
    Refused(AccessToken),
    /// The person, or the host, wants to end the session.
    SignOut,
    /// `wake_at` has come, or the television woke from sleep. A spurious wake does nothing.
    Wake,
    /// Somebody waits for an access token: after a lost answer the next try comes sooner.
    Wanted,
}

/// What the shell does next, after every call of [`Session::step`](super::Session::step).
#[derive(Debug)]
#[must_use]
pub struct Step {
    /// Something that is neither instant nor free of the outside world; answer with its id. At most one is outstanding.
    pub ask: Option<(AskId, Ask)>,
    /// Forget any earlier timer; send [`Input::Wake`] then.
    pub wake_at: Option<Instant>,
    /// Whether the lock of [`Ask::Lock`] stays taken; the shell gives it back as soon as this is `false`.
    pub holds_lock: bool,
    /// What the app should hear of, told once.
    pub event: Option<Event>,
}

/// Names one ask within one [`Session`](super::Session).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AskId(u32);

impl AskId {
    pub(super) const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// What the core cannot do itself.
#[derive(Debug)]
pub enum Ask {
    /// Remove the session from the store; answer with [`Answer::Stored`]. The lock is held.
    Forget,
    /// Send this; answer with [`Answer::Http`].
    Http(HttpRequest),
    /// Put this into the store, in one piece and in the place of what stands there; answer with [`Answer::Stored`] when it
    /// would survive a crash. The lock is held.
    Keep(SessionRecord),
    /// Take the lock that all tabs share, unless this session holds it already, then read the store; answer with
    /// [`Answer::Locked`]. A shell whose engine has no lock answers at once: two tabs may then refresh at the same time,
    /// and the slower one finds the tokens of the other in the store.
    Lock,
}

/// What came of an [`Ask`].
#[derive(Debug)]
pub enum Answer {
    /// An answer of any status, or why there is none.
    Http(Result<HttpResponse, TransportError>),
    /// The lock is taken.
    Locked {
        /// What stands in the store.
        stored: Result<Option<SessionRecord>, StoreFailed>,
        /// The wall clock: times at rest are told by it.
        unix_time: UnixTime,
    },
    /// The store has done as it was told, or could not.
    Stored(Result<(), StoreFailed>),
}

/// The store could not be read or written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StoreFailed;

/// What the app should hear of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// There is no session any more. Comes once, and nothing comes after it.
    Ended {
        /// Why.
        end: SessionEnd,
        /// Whether the store could not be cleared: something is left behind there.
        is_left_behind: bool,
    },
    /// The store did not take the newest tokens: the session goes on, but may not survive a restart.
    NotKept,
}

/// Whether the shell has a store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Store {
    /// The session lives in memory alone, and nothing is asked about a store or a lock. The default.
    None,
    /// One that all tabs share and that survives a restart.
    Shared,
}
