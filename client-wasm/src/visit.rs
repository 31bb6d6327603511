//! From the first screen to the sign-out: a sign-in, the session that comes of it, and what a person wants of them.
//!
//! No Leptos here: whoever draws gets a [`Scene`].

use core::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

#[cfg(feature = "screen")]
use device_flow::SignedIn;
use device_flow::session::{self, Session, SessionEnd};
use device_flow::{Config, EndSessionUrl, HttpUrl, Input, QrMatrix, View, Vouched};

use crate::lock::Lock;
use crate::session_shell::{Ended, SessionShell};
use crate::shell::Shell;
use crate::store::Store;
use crate::task::Task;
use crate::tv::clock;

/// What there is to see.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Nobody is signed in.
    Start(Option<Farewell>),
    /// A sign-in, from its start to an end that signed nobody in.
    SignIn(View),
    /// Somebody is signed in.
    SignedIn {
        /// What to call the person, if known.
        name: Option<String>,
        /// What vouches for that name; not known of a session from before.
        vouched_by: Option<Vouched>,
    },
    /// Somebody is asked whether to sign out.
    SignOut,
    /// The server is being told of a sign-out.
    SigningOut,
    /// Where the person can end their session at the server as well.
    EndSession(EndSessionUrl),
    /// Somebody is asked whether to leave the app; whoever draws asks that.
    Exit,
}

/// How the session before ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Farewell {
    /// Why.
    pub end: SessionEnd,
    /// Something of it could not be removed from this device.
    pub is_left_behind: bool,
    /// Where the person can end their session at the server as well, if that can be scanned.
    pub end_session_url: Option<EndSessionUrl>,
}

/// One person after the other in front of this page. Clones share it; the last one dropped ends it.
#[derive(Clone)]
pub struct Visit(Rc<Inner>);

struct Inner {
    config: Config,
    store: Option<Store>,
    shell: Shell,
    stage: RefCell<Stage>,
    /// What the sign-in shows.
    view: RefCell<View>,
    /// The look at what was kept.
    look: Cell<Option<Task>>,
    /// A session that is being ended, whether or not anybody waits for that.
    leaving: RefCell<Option<SessionShell>>,
    on_scene: Box<dyn Fn(Scene)>,
    #[cfg(feature = "screen")]
    hand_over: RefCell<Option<HandOver>>,
}

#[cfg(feature = "screen")]
type HandOver = Box<dyn Fn(SignedIn)>;

enum Stage {
    Away(Option<Farewell>),
    Here {
        session: SessionShell,
        vouched_by: Option<Vouched>,
        is_asked: bool,
    },
    Leaving,
    EndSession(EndSessionUrl),
}

impl Visit {
    /// Shows the first screen, or with a `store` whoever was signed in before; `on_scene` is called whenever there is
    /// something else to see.
    pub fn new(config: Config, store: Option<Store>, on_scene: impl Fn(Scene) + 'static) -> Self {
        let visit = Self(Rc::new_cyclic(|visit: &Weak<Inner>| {
            let visit = visit.clone();
            Inner {
                shell: Shell::new(config.clone(), move |view| with(&visit, |visit| visit.on_view(view))),
                config,
                store,
                stage: RefCell::new(Stage::Away(None)),
                view: RefCell::new(View::Idle),
                look: Cell::default(),
                leaving: RefCell::default(),
                on_scene: Box::new(on_scene),
                #[cfg(feature = "screen")]
                hand_over: RefCell::default(),
            }
        }));
        if let Some(store) = visit.0.store.clone() {
            let shell = Rc::downgrade(&visit.0);
            visit.0.look.set(Some(Task::spawn(restore(shell, store))));
        }
        visit
    }

    /// Gives what a sign-in yields to somebody else from now on, instead of going on with it: two who use one refresh
    /// token would end each other's session.
    #[cfg(feature = "screen")]
    pub(crate) fn hand_over(&self, to: impl Fn(SignedIn) + 'static) {
        *self.0.hand_over.borrow_mut() = Some(Box::new(to));
    }

    /// Whether whoever signs in stays so after a restart.
    #[cfg(feature = "screen")]
    pub(crate) fn keeps(&self) -> bool {
        self.0.store.is_some()
    }

    /// Begins to sign in.
    pub fn start(&self) {
        self.enter(Stage::Away(None));
        self.0.shell.input(Input::Start);
    }

    /// Ends the sign-in that is under way.
    pub fn cancel(&self) {
        self.0.shell.input(Input::Cancel);
    }

    /// Goes to the first screen, or stays signed in.
    pub fn home(&self) {
        let is_here = match &mut *self.0.stage.borrow_mut() {
            Stage::Here { is_asked, .. } => {
                *is_asked = false;
                true
            }
            stage => {
                *stage = Stage::Away(None);
                false
            }
        };
        if is_here {
            self.draw();
        } else {
            self.0.shell.reset();
        }
    }

    /// Asks whether to sign out; asked once more, signs out.
    pub fn sign_out(&self) {
        let session = match &mut *self.0.stage.borrow_mut() {
            Stage::Here { session, is_asked, .. } if *is_asked => Some(session.clone()),
            Stage::Here { is_asked, .. } => {
                *is_asked = true;
                None
            }
            _ => return,
        };
        if let Some(session) = session {
            *self.0.leaving.borrow_mut() = Some(session.clone());
            self.enter(Stage::Leaving);
            session.sign_out();
        } else {
            self.draw();
        }
    }

    /// Shows what there is to see once more, after whoever draws has shown something else.
    pub(crate) fn show(&self) {
        self.draw();
    }

    /// Shows where to end the session at the server as well.
    pub fn end_session(&self) {
        let url = match &*self.0.stage.borrow() {
            Stage::Away(Some(farewell)) => farewell.end_session_url.clone(),
            _ => None,
        };
        if let Some(url) = url {
            self.enter(Stage::EndSession(url));
        }
    }

    /// Time has passed unseen, or the network may be back.
    pub fn wake(&self) {
        self.0.shell.input(Input::Wake);
        let sessions = [self.session(), self.0.leaving.borrow().clone()];
        for session in sessions.into_iter().flatten() {
            session.wake();
        }
    }

    /// The session of whoever is signed in, for their tokens.
    pub fn session(&self) -> Option<SessionShell> {
        match &*self.0.stage.borrow() {
            Stage::Here { session, .. } => Some(session.clone()),
            _ => None,
        }
    }

    fn on_view(&self, view: View) {
        let vouched_by = match &view {
            View::SignedIn { vouched_by, .. } => *vouched_by,
            _ => None,
        };
        *self.0.view.borrow_mut() = view;
        match self.0.shell.take_signed_in() {
            #[cfg(feature = "screen")]
            Some(signed_in) if self.0.hand_over.borrow().is_some() => {
                if let Some(hand_over) = &*self.0.hand_over.borrow() {
                    hand_over(signed_in);
                }
                self.draw();
            }
            Some(signed_in) => {
                let store = match &self.0.store {
                    Some(_) => session::Store::Shared,
                    None => session::Store::None,
                };
                self.begin(Session::new(self.0.config.clone(), signed_in, store), vouched_by);
            }
            None => self.draw(),
        }
    }

    fn begin(&self, session: Session, vouched_by: Option<Vouched>) {
        let visit = Rc::downgrade(&self.0);
        let on_end = move |ended| with(&visit, |visit| visit.on_end(ended));
        let session = SessionShell::new(session, self.0.shell.clock(), self.0.store.clone(), on_end);
        self.enter(Stage::Here {
            session: session.clone(),
            vouched_by,
            is_asked: false,
        });
        session.wake();
    }

    fn on_end(&self, ended: Ended) {
        let is_leaving = self.0.leaving.borrow().as_ref().is_some_and(SessionShell::is_over);
        if is_leaving {
            self.0.leaving.take();
            if !matches!(&*self.0.stage.borrow(), Stage::Leaving) {
                // Nobody waits for it any more.
                return;
            }
        }
        let Ended {
            end,
            is_left_behind,
            end_session_url,
        } = ended;
        let end_session_url = end_session_url.filter(|url| symbol(url).is_some());
        *self.0.stage.borrow_mut() = Stage::Away(Some(Farewell {
            end,
            is_left_behind,
            end_session_url,
        }));
        // How the sign-in ended is long known.
        self.0.shell.reset();
    }

    fn enter(&self, stage: Stage) {
        *self.0.stage.borrow_mut() = stage;
        self.draw();
    }

    fn draw(&self) {
        let scene = match &*self.0.stage.borrow() {
            Stage::Away(farewell) => match &*self.0.view.borrow() {
                View::Idle | View::Cancelled => Scene::Start(farewell.clone()),
                view => Scene::SignIn(view.clone()),
            },
            Stage::Here { is_asked: true, .. } => Scene::SignOut,
            Stage::Here {
                session, vouched_by, ..
            } => Scene::SignedIn {
                name: session.name(),
                vouched_by: *vouched_by,
            },
            Stage::Leaving => Scene::SigningOut,
            Stage::EndSession(url) => Scene::EndSession(url.clone()),
        };
        (self.0.on_scene)(scene);
    }

    fn is_idle(&self) -> bool {
        matches!(&*self.0.stage.borrow(), Stage::Away(None)) && *self.0.view.borrow() == View::Idle
    }
}

/// The address as a symbol and the machine it leads to, if both can be had.
pub(crate) fn symbol(url: &EndSessionUrl) -> Option<(QrMatrix, String)> {
    let url = HttpUrl::parse(url.expose())?;
    let host = url.authority().to_owned();
    Some((QrMatrix::encode(&url).ok()?, host))
}

/// Greets whoever was signed in before the page was loaded, if that was kept and nobody has begun to sign in meanwhile.
async fn restore(visit: Weak<Inner>, store: Store) {
    let Ok(Some(record)) = store.read().await else { return };
    let mut is_of_use = true;
    with(&visit, |visit| {
        let Visit(inner) = visit;
        let now = inner.shell.clock().now();
        match Session::restore(inner.config.clone(), &record, now, clock::unix_time()) {
            Some(session) if visit.is_idle() => visit.begin(session, None),
            Some(_) => {}
            None => is_of_use = false,
        }
    });
    if !is_of_use {
        // Somebody else's, or another configuration's: it is of no use to anybody here.
        let _lock = Lock::of(&store).await;
        _ = store.forget().await;
    }
}

fn with(visit: &Weak<Inner>, act: impl FnOnce(&Visit)) {
    if let Some(visit) = visit.upgrade() {
        act(&Visit(visit));
    }
}
