//! The one driver of a [`Flow`]: sees to what it asks, wakes it in time, and shows what there is to see.
//!
//! No Leptos here: whoever draws gets a [`View`].

use core::cell::{Cell, RefCell};
use core::time::Duration;
use std::rc::{Rc, Weak};

use device_flow::{Answer, Ask, AskId, Config, Flow, Input, Instant, SignedIn, View};
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
    /// The latest `wake_at`, and what rings then.
    wake_at: Cell<Option<Instant>>,
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
            wake_at: Cell::default(),
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
        shell.wake_at.set(step.wake_at);
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
        shell.wake_at.set(None);
        shell.timer.set(None);
        shell.flow.borrow_mut().reset();
        self.draw();
    }

    /// Shows the present view, and again when mere passing of time changes it, unless nobody can see it.
    fn draw(&self) {
        let now = self.0.clock.now();
        let mut view = self.0.flow.borrow().view(now);
        let wake_in = self.0.wake_at.get().map(|at| at.since(now));
        let redraw = countdown(&mut view)
            .and_then(|left| next_second(left, wake_in))
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

/// What of `view` counts down by itself.
fn countdown(view: &mut View) -> Option<&mut Duration> {
    match view {
        View::Code(code) => Some(&mut code.left),
        View::Connecting { trouble } | View::Checking { trouble } => {
            trouble.as_mut().map(|trouble| &mut trouble.retry_in)
        }
        _ => None,
    }
}

/// Rounds what is left to the nearest second, and tells when the next one is to be shown, unless a wake comes so near to
/// it that it shows it: one wake-up a second, polls included.
fn next_second(left: &mut Duration, wake_in: Option<Duration>) -> Option<Duration> {
    const SECOND: Duration = Duration::from_secs(1);
    const HALF: Duration = Duration::from_millis(500);
    let exact = *left;
    *left = Duration::from_secs((exact + HALF).as_secs());
    let span = exact.saturating_sub(left.checked_sub(SECOND)?);
    wake_in
        .is_none_or(|wake_in| wake_in.abs_diff(span) > HALF)
        .then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::{LostCause, TransportError, Trouble};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// With `left` and a wake in so many milliseconds: the seconds shown, and the milliseconds until others are.
    fn check(left: u64, wake_in: Option<u64>, (shown, next): (u64, Option<u64>)) {
        let mut left = Duration::from_millis(left);
        let found = next_second(&mut left, wake_in.map(Duration::from_millis));
        assert_eq!(left, Duration::from_secs(shown));
        assert_eq!(found, next.map(Duration::from_millis));
    }

    #[test]
    fn a_countdown_is_drawn_at_each_full_second() {
        check(3_000, None, (3, Some(1_000)));
        check(2_400, None, (2, Some(1_400)));
        check(2_600, None, (3, Some(600)));
        // Rung a little early, or late.
        check(2_001, None, (2, Some(1_001)));
        check(1_990, None, (2, Some(990)));
    }

    #[test]
    fn a_countdown_that_ended_is_not_drawn_again() {
        check(0, None, (0, None));
        check(400, None, (0, None));
    }

    #[test]
    fn a_wake_draws_the_second_that_is_nearest_to_it() {
        check(3_000, Some(700), (3, None));
        check(3_000, Some(1_500), (3, None));
        // The one after the next.
        check(3_000, Some(1_501), (3, Some(1_000)));
        // The one that is shown already.
        check(3_000, Some(499), (3, Some(1_000)));
    }

    #[test]
    fn a_code_and_a_lost_answer_count_down() {
        let retry_in = Duration::from_secs(3);
        let cause = LostCause::Transport(TransportError::Offline);
        let trouble = Some(Trouble { cause, retry_in });
        assert_eq!(countdown(&mut View::Checking { trouble }), Some(&mut { retry_in }));
        assert_eq!(countdown(&mut View::Connecting { trouble: None }), None);
        assert_eq!(countdown(&mut View::Idle), None);
    }
}
