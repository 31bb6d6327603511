//! The one driver of a [`Session`]: sees to what it asks, wakes it in time, and hands its tokens to whoever asks for one.
//!
//! Nothing is drawn here, and nothing is done but what is due: a hidden page refreshes, and that is all.

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::rc::{Rc, Weak};

use device_flow::session::{Answer, Ask, AskId, Event, Input, Session, SessionEnd, StoreFailed};
use device_flow::{AccessToken, EndSessionUrl, Instant, SessionRecord};
use gloo_timers::callback::Timeout;

use crate::fetch;
use crate::listener::Listener;
use crate::lock::Lock;
use crate::store::Store;
use crate::task::{self, Task, within};
use crate::tv::clock::{self, SharedClock};

/// Ours: a database that takes longer than this counts as broken.
const STORE_PATIENCE: Duration = Duration::from_secs(10);
/// Ours: another tab may hold the lock while it refreshes; one that holds it for longer is no longer waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(60);

/// A session under way in this page. Clones share it; the last one dropped gives up lock, timer and request.
#[derive(Clone)]
pub struct SessionShell(Rc<Inner>);

/// Hands over an access token, or says that there will be none.
type Wish = Box<dyn FnOnce(Option<AccessToken>)>;

struct Inner {
    session: RefCell<Session>,
    clock: SharedClock,
    store: Option<Store>,
    /// Dropping it aborts what is under way.
    ask: Cell<Option<Task>>,
    /// The latest `wake_at`.
    timer: Cell<Option<Timeout>>,
    lock: Cell<Option<Lock>>,
    wishes: RefCell<Vec<Wish>>,
    on_end: Box<dyn Fn(Ended)>,
    _changes: Option<Listener>,
}

/// The end of a session.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Why.
    pub end: SessionEnd,
    /// Something could not be removed from the store.
    pub is_left_behind: bool,
    /// Where the person can end their session at the server as well.
    pub end_session_url: Option<EndSessionUrl>,
}

impl SessionShell {
    /// Goes on with `session`, which has a store if there is one here, from the first [`Self::wake`] on; `on_end` is called
    /// once, and nothing after it.
    pub(crate) fn new(
        session: Session,
        clock: SharedClock,
        store: Option<Store>,
        on_end: impl Fn(Ended) + 'static,
    ) -> Self {
        Self(Rc::new_cyclic(|shell: &Weak<Inner>| {
            let shell = shell.clone();
            let changed = move || with(&shell, |shell| shell.input(Input::Changed));
            Inner {
                session: RefCell::new(session),
                clock,
                _changes: store.as_ref().and_then(|store| store.on_change(changed)),
                store,
                ask: Cell::default(),
                timer: Cell::default(),
                lock: Cell::default(),
                wishes: RefCell::default(),
                on_end: Box::new(on_end),
            }
        }))
    }

    /// Calls `then` with an access token that can be used: at once if there is one, else as soon as the server has given
    /// another; with `None` if the session ends before. The token goes to nobody else.
    pub fn access_token(&self, then: impl FnOnce(Option<AccessToken>) + 'static) {
        self.0.wishes.borrow_mut().push(Box::new(then));
        self.input(Input::Wanted);
    }

    /// Says that a resource server refused this access token (RFC 6750 section 3.1, `invalid_token`).
    pub fn refused(&self, token: AccessToken) {
        self.input(Input::Refused(token));
    }

    /// Ends the session, here and at the server.
    pub fn sign_out(&self) {
        self.input(Input::SignOut);
    }

    /// Time has passed unseen, or the network may be back.
    pub fn wake(&self) {
        self.input(Input::Wake);
    }

    /// What to call the person, if known.
    pub fn name(&self) -> Option<String> {
        self.0.session.borrow().name().map(Into::into)
    }

    /// What an app may know of the session, with that access token.
    #[cfg(feature = "screen")]
    pub(crate) fn tell(&self, access_token: &str) -> String {
        let session = self.0.session.borrow();
        let mut told = device_flow::json::Writer::new();
        told.text("accessToken", access_token);
        let known = [
            ("tokenType", session.token_type()),
            ("scope", session.scope()),
            ("subject", session.subject()),
            ("name", session.name()),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                told.text(name, value);
            }
        }
        told.end()
    }

    /// Whether the session has ended.
    pub fn is_over(&self) -> bool {
        !self.0.session.borrow().is_active()
    }

    fn input(&self, input: Input) {
        let shell = &self.0;
        let now = shell.clock.now();
        let step = shell.session.borrow_mut().step(now, input);
        let timer = step.wake_at.map(|wake_at| {
            let shell = Rc::downgrade(shell);
            task::after(wake_at.since(now), move || with(&shell, Self::wake))
        });
        shell.timer.set(timer);
        if !step.holds_lock {
            shell.lock.set(None);
        }
        if let Some((id, ask)) = step.ask {
            shell.ask.set(Some(self.see_to(id, ask, step.holds_lock)));
        }
        self.grant_wishes(now);
        match step.event {
            None => {}
            Some(Event::NotKept) => {
                leptos::logging::warn!("the session could not be kept: it may not survive a restart");
            }
            Some(Event::Ended { end, is_left_behind }) => {
                let end_session_url = shell.session.borrow_mut().take_end_session_url();
                (shell.on_end)(Ended {
                    end,
                    is_left_behind,
                    end_session_url,
                });
            }
        }
    }

    fn grant_wishes(&self, now: Instant) {
        let (token, is_over) = {
            let session = self.0.session.borrow();
            (session.access_token(now).cloned(), !session.is_active())
        };
        if token.is_some() || is_over {
            for grant in self.0.wishes.take() {
                grant(token.clone());
            }
        }
    }

    fn see_to(&self, id: AskId, ask: Ask, holds_lock: bool) -> Task {
        let shell = Rc::downgrade(&self.0);
        let store = self.0.store.clone();
        Task::spawn(async move {
            let is_lock = matches!(ask, Ask::Lock);
            let mut lock = None;
            let answer = match (ask, store) {
                (Ask::Http(request), _) => Answer::Http(fetch::send(request).await),
                (ask, store) => {
                    if let (true, false, Some(store)) = (is_lock, holds_lock, &store) {
                        lock = within(LOCK_PATIENCE, Lock::of(store)).await;
                    }
                    let stored = within(STORE_PATIENCE, at_rest(store, ask)).await;
                    let stored = stored.unwrap_or(Err(StoreFailed));
                    if is_lock {
                        let unix_time = clock::unix_time();
                        Answer::Locked { stored, unix_time }
                    } else {
                        Answer::Stored(stored.map(drop))
                    }
                }
            };
            with(&shell, |shell| {
                // Not before: until its answer is there the session does not know that it has the lock.
                if lock.is_some() {
                    shell.0.lock.set(lock);
                }
                shell.input(Input::Answer(id, answer));
            });
        })
    }
}

/// Does with the store what is asked, which is to read it where nothing is to be written.
async fn at_rest(store: Option<Store>, ask: Ask) -> Result<Option<SessionRecord>, StoreFailed> {
    let store = store.ok_or(StoreFailed)?;
    match ask {
        Ask::Keep(record) => store.keep(&record).await.map(|()| None),
        Ask::Forget => store.forget().await.map(|()| None),
        Ask::Lock | Ask::Http(_) => store.read().await,
    }
}

/// What waits holds the shell weakly, so that a shell nobody has any more is gone.
fn with(shell: &Weak<Inner>, act: impl FnOnce(&SessionShell)) {
    if let Some(shell) = shell.upgrade() {
        act(&SessionShell(shell));
    }
}
