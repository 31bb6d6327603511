//! The blocking loop: see to what the core asks, or wait until it wants to be woken.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use device_flow::{Answer, Ask, AskId, Clock, ClockReading, Config, Flow, Input, SignedIn, Step, UnixTime, View};

use crate::http::Http;
use crate::signature;

/// How often the screen is offered a fresh view, for its countdown.
const REDRAW: Duration = Duration::from_secs(1);

/// One sign-in from start to end.
#[derive(Debug)]
pub struct Shell {
    flow: Flow,
    http: Http,
    clocks: SystemClocks,
    events: Receiver<Event>,
    sender: Sender<Event>,
}

/// Ends a [`Shell`] from another thread, such as a signal's.
#[derive(Clone, Debug)]
pub struct Canceller(Sender<Event>);

#[derive(Debug)]
enum Event {
    Answer(AskId, Answer),
    Cancel,
}

impl Canceller {
    /// Ends the sign-in at once; harmless after its end.
    pub fn cancel(&self) {
        // Nobody listens any more: the sign-in is over already.
        let _ = self.0.send(Event::Cancel);
    }
}

impl Shell {
    /// Ready to start.
    pub fn new(config: Config) -> Self {
        let (sender, events) = mpsc::channel();
        Self {
            flow: Flow::new(config),
            http: Http::default(),
            clocks: SystemClocks::new(),
            events,
            sender,
        }
    }

    /// What ends this sign-in from outside.
    pub fn canceller(&self) -> Canceller {
        Canceller(self.sender.clone())
    }

    /// Signs in, showing every change, and about once a second the same screen with less time left.
    ///
    /// # Errors
    ///
    /// The last view: cancelled, denied, expired or failed.
    pub fn sign_in(mut self, mut show: impl FnMut(&View)) -> Result<SignedIn, Box<View>> {
        let mut clock = Clock::starting_at(self.clocks.read());
        let clocks = self.clocks;
        let mut now = move || clock.read(clocks.read());
        let mut step = self.flow.step(now(), Input::Start);
        while self.flow.is_active() {
            show(&self.flow.view(now()));
            let wake_at = step.wake_at;
            self.see_to(step);
            let wait = wake_at.map_or(REDRAW, |at| at.since(now()).min(REDRAW));
            let input = match self.events.recv_timeout(wait) {
                Ok(Event::Answer(id, answer)) => Input::Answer(id, answer),
                Ok(Event::Cancel) => Input::Cancel,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Input::Wake,
            };
            step = self.flow.step(now(), input);
        }
        let view = self.flow.view(now());
        show(&view);
        self.flow.take_signed_in().ok_or(Box::new(view))
    }

    /// Answers in due time; HTTP on a thread of its own, so that nobody waits for it who wants to cancel.
    fn see_to(&self, step: Step) {
        let Some((id, ask)) = step.ask else { return };
        let (http, clocks, sender) = (self.http.clone(), self.clocks, self.sender.clone());
        let answer = move || match ask {
            Ask::Http(request) => Answer::Http(http.send(&request)),
            Ask::VerifySignature(check) => Answer::Signature {
                found: signature::verify(&check),
                unix_time: UnixTime::from_secs(clocks.read().wall.as_secs()),
            },
        };
        // The sign-in may have ended meanwhile; then nobody wants the answer.
        thread::spawn(move || sender.send(Event::Answer(id, answer())));
    }
}

/// What this computer's clocks show.
#[derive(Clone, Copy, Debug)]
struct SystemClocks {
    start: std::time::Instant,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the terminal's one reader of the system clocks"
)]
impl SystemClocks {
    fn new() -> Self {
        Self {
            start: std::time::Instant::now(),
        }
    }

    fn read(self) -> ClockReading {
        let monotonic = std::time::Instant::now().saturating_duration_since(self.start);
        // A wall clock before 1970 is wrong in any case; the token's times will say so.
        let wall = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        ClockReading { monotonic, wall }
    }
}
