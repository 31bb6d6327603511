//! The one driver of a [`Flow`]: sees to what it asks, wakes it in time, and shows what there is to see.
//!
//! No Leptos here: whoever draws gets a [`View`].

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::rc::{Rc, Weak};

use device_flow::{Answer, Ask, AskId, Config, Flow, Input, SignedIn, View};
use gloo_timers::callback::Timeout;

use crate::task::{self, Task};
use crate::tv::clock::{self, SharedClock};
use crate::tv::lifecycle;
use crate::{digest, fetch, signature};

/// A sign-in under way in this page. Clones share it; the last one dropped ends it.
#[derive(Clone)]
pub struct Shell(Rc<Inner>);

struct Inner {
    flow: RefCell<Flow>,
    clock: SharedClock,
    /// Dropping it aborts what is under way.
    ask: Cell<Option<Task>>,
    /// The latest `wake_at`.
    timer: Cell<Option<Timeout>>,
    /// When the picture changes by itself.
    redraw: Cell<Option<Timeout>>,
    on_view: Box<dyn Fn(View)>,
}

impl Shell {
    /// A sign-in that has not begun; `on_view` is called whenever there is something else to see.
    pub fn new(config: Config, on_view: impl Fn(View) + 'static) -> Self {
        Self(Rc::new(Inner {
            flow: RefCell::new(Flow::new(config)),
            clock: SharedClock::new(),
            ask: Cell::default(),
            timer: Cell::default(),
            redraw: Cell::default(),
            on_view: Box::new(on_view),
        }))
    }

    /// Tells the flow what happened and does what it wants next.
    pub fn input(&self, input: Input) {
        let shell = &self.0;
        let now = self.0.clock.now();
        let step = shell.flow.borrow_mut().step(now, input);
        // Nobody waits for what nobody sees: on return one wake makes up for all that were missed.
        let timer = step
            .wake_at
            .filter(|_| lifecycle::is_visible())
            .map(|wake_at| self.after(wake_at.since(now), |shell| shell.input(Input::Wake)));
        shell.timer.set(timer);
        if let Some((id, ask)) = step.ask {
            shell.ask.set(Some(self.see_to(id, ask)));
        } else if !shell.flow.borrow().is_active() {
            shell.ask.set(None);
        }
        self.draw();
    }

    /// Hands out, once, what a finished sign-in has yielded.
    pub fn take_signed_in(&self) -> Option<SignedIn> {
        self.0.flow.borrow_mut().take_signed_in()
    }

    /// The clock that this sign-in goes by, for what comes after it.
    pub(crate) fn clock(&self) -> SharedClock {
        self.0.clock.clone()
    }

    /// Forgets the sign-in and how it ended, as if the page had just been opened.
    pub fn reset(&self) {
        let shell = &self.0;
        shell.ask.set(None);
        shell.timer.set(None);
        shell.flow.borrow_mut().reset();
        self.draw();
    }

    /// Shows the present view, and again when mere passing of time changes it, unless nobody can see it.
    fn draw(&self) {
        let now = self.0.clock.now();
        let view = self.0.flow.borrow().view(now);
        let redraw = changes_in(&view)
            .filter(|_| lifecycle::is_visible())
            .map(|span| self.after(span, Self::draw));
        self.0.redraw.set(redraw);
        (self.0.on_view)(view);
    }

    fn see_to(&self, id: AskId, ask: Ask) -> Task {
        let shell = Rc::downgrade(&self.0);
        Task::spawn(async move {
            let answer = match ask {
                Ask::Digest(input) => Answer::Digest(digest::sha256(&input).await),
                Ask::Http(request) => Answer::Http(fetch::send(request).await),
                Ask::VerifySignature(check) => Answer::Signature {
                    found: signature::verify(&check).await,
                    unix_time: clock::unix_time(),
                },
            };
            with(&shell, |shell| shell.input(Input::Answer(id, answer)));
        })
    }

    fn after(&self, span: Duration, act: impl FnOnce(&Self) + 'static) -> Timeout {
        let shell = Rc::downgrade(&self.0);
        task::after(span, move || with(&shell, act))
    }
}

/// What waits holds the shell weakly, so that a shell nobody has any more is gone, timers and requests included.
fn with(shell: &Weak<Inner>, act: impl FnOnce(&Shell)) {
    if let Some(shell) = shell.upgrade() {
        act(&Shell(shell));
    }
}

/// When the picture of `view` next changes by itself: as a countdown reaches the next full second.
fn changes_in(view: &View) -> Option<Duration> {
    let left = match view {
        View::Code(code) => Some(code.left),
        View::Connecting { trouble } | View::Checking { trouble } => trouble.as_ref().map(|trouble| trouble.retry_in),
        _ => None,
    };
    left.filter(|left| !left.is_zero())
        .map(|left| match left.subsec_millis() {
            0 => Duration::from_secs(1),
            millis => Duration::from_millis(millis.into()),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::{LostCause, TransportError, Trouble};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(retry_in: u64, expected: Option<u64>) {
        let trouble = Some(Trouble {
            cause: LostCause::Transport(TransportError::Offline),
            retry_in: Duration::from_millis(retry_in),
        });
        assert_eq!(
            changes_in(&View::Connecting { trouble }),
            expected.map(Duration::from_millis)
        );
    }

    #[test]
    fn a_countdown_is_drawn_at_each_full_second() {
        check(3_000, Some(1_000));
        check(2_400, Some(400));
        check(1, Some(1));
    }

    #[test]
    fn a_countdown_that_ended_is_not_drawn_again() {
        check(0, None);
    }

    #[test]
    fn a_still_picture_is_drawn_once() {
        assert_eq!(changes_in(&View::Idle), None);
        assert_eq!(changes_in(&View::Connecting { trouble: None }), None);
    }
}
