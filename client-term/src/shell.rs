//! The blocking loop: see to what the core asks, or wait until it wants to be woken.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use device_flow::{
    Answer, Ask, AskId, Clock, ClockReading, Config, Ending, Flow, Input, NotSignedIn, SignatureAnswer, SignedIn, Step,
    TransportError, UnixTime, View,
};

use crate::http::Http;
use crate::{digest, signature};

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
    pub fn new(config: Config, http: Http) -> Self {
        let (sender, events) = mpsc::channel();
        Self {
            flow: Flow::new(config),
            http,
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
    /// [`NotSignedIn`] says whether a person decided so or something went wrong.
    pub fn sign_in(mut self, mut show: impl FnMut(&View)) -> Result<SignedIn, NotSignedIn> {
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
        show(&self.flow.view(now()));
        match self.flow.failure() {
            Some(failure) => Err(failure),
            // A flow that has neither failed nor signed in would still be active.
            None => self.flow.take_signed_in().ok_or(NotSignedIn::Ended(Ending::Cancelled)),
        }
    }

    /// Answers in due time; on a thread of its own, so that nobody waits for it who wants to cancel.
    fn see_to(&self, step: Step) {
        let Some((id, ask)) = step.ask else { return };
        let (http, clocks) = (self.http.clone(), self.clocks);
        let (sender, sender_without_thread) = (self.sender.clone(), self.sender.clone());
        let lost = no_answer(&ask, clocks);
        // The sign-in may have ended meanwhile; then nobody wants the answer.
        let work = move || {
            // A library that panics must not leave the sign-in waiting for ever.
            let answer = panic::catch_unwind(AssertUnwindSafe(|| answer(&ask, &http, clocks)));
            let answer = answer.unwrap_or_else(|_| no_answer(&ask, clocks));
            let _ = sender.send(Event::Answer(id, answer));
        };
        if thread::Builder::new().spawn(work).is_err() {
            let _ = sender_without_thread.send(Event::Answer(id, lost));
        }
    }
}

pub(crate) fn answer(ask: &Ask, http: &Http, clocks: SystemClocks) -> Answer {
    match ask {
        Ask::Digest(input) => Answer::Digest(Some(digest::sha256(input))),
        Ask::Http(request) => Answer::Http(http.send(request)),
        Ask::VerifySignature(check) => signature_answer(signature::verify(check), clocks),
    }
}

/// What is left to say when an ask could not be seen to; a signature that was not checked is not valid.
fn no_answer(ask: &Ask, clocks: SystemClocks) -> Answer {
    match ask {
        Ask::Digest(_) => Answer::Digest(None),
        Ask::Http(_) => Answer::Http(Err(TransportError::Interrupted)),
        Ask::VerifySignature(_) => signature_answer(SignatureAnswer::Invalid, clocks),
    }
}

fn signature_answer(found: SignatureAnswer, clocks: SystemClocks) -> Answer {
    Answer::Signature {
        found,
        unix_time: clocks.unix_time(),
    }
}

/// What this computer's clocks show.
#[derive(Clone, Copy, Debug)]
pub struct SystemClocks {
    start: std::time::Instant,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the terminal's one reader of the system clocks"
)]
impl SystemClocks {
    /// From now on.
    #[expect(clippy::new_without_default, reason = "it reads a clock")]
    pub fn new() -> Self {
        Self {
            start: std::time::Instant::now(),
        }
    }

    /// What both show now.
    pub fn read(self) -> ClockReading {
        let monotonic = std::time::Instant::now().saturating_duration_since(self.start);
        // A wall clock before 1970 is wrong in any case; the token's times will say so.
        let wall = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        ClockReading { monotonic, wall }
    }

    /// The wall clock alone.
    pub fn unix_time(self) -> UnixTime {
        UnixTime::from_secs(self.read().wall.as_secs())
    }
}
