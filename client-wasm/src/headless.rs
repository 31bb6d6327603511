//! The sign-in for screens of another make, and for programs without one: all decisions, and nothing of a browser.
//!
//! Whoever calls sends requests, keeps timers and checks signatures, as `www/headless/` does; what passes between the two
//! is numbers and text, so this side imports nothing and runs in a page, a worker, Node, Deno and Bun.
//! No Leptos here.

use device_flow::{
    Answer, Ask, AskId, Clock, ClockReading, Config, Failure, Flow, Input, SignatureAnswer, UnixTime, View,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::reading::reading;
use crate::symbol::symbol;
use crate::told;
use crate::{asks, given};

/// A sign-in, told what happened call by call.
///
/// Each of [`Headless::start`] to [`Headless::verified`] yields what to do next, as the JSON of `asks.rs`; before each
/// comes [`Headless::at`].
#[wasm_bindgen]
#[derive(Debug)]
pub struct Headless {
    flow: Result<Flow, Failure>,
    clock: Option<Clock>,
    reading: ClockReading,
    asked: AskId,
}

#[wasm_bindgen]
impl Headless {
    /// Reads the settings: a JSON object with the members of `device_flow::Settings`, and 32 random bytes for `pkce`.
    ///
    /// What cannot work is the first view.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, seed: &[u8]) -> Self {
        let config = given::read(settings, seed).and_then(Config::new);
        Self {
            flow: config.map(Flow::new).map_err(|error| Failure::from(&error)),
            clock: None,
            reading: reading(0.0, 0.0),
            asked: AskId::default(),
        }
    }

    /// Says what both clocks show, in milliseconds: `performance.now()` and `Date.now()`.
    pub fn at(&mut self, monotonic: f64, wall: f64) {
        self.reading = reading(monotonic, wall);
    }

    /// Somebody wants to sign in.
    pub fn start(&mut self) -> String {
        self.step(Input::Start)
    }

    /// Nobody wants to any more.
    pub fn cancel(&mut self) -> String {
        self.step(Input::Cancel)
    }

    /// Time has passed.
    pub fn wake(&mut self) -> String {
        self.step(Input::Wake)
    }

    /// An answer came; `headers` has one a line, as HTTP/1.1 writes them.
    pub fn answered(&mut self, status: u16, headers: &str, body: Vec<u8>) -> String {
        self.answer(Answer::Http(Ok(asks::response(status, headers, body))))
    }

    /// No answer came, for the cause of this code.
    pub fn lost(&mut self, cause: &str) -> String {
        self.answer(Answer::Http(Err(asks::cause(cause))))
    }

    /// The digest that was asked for; empty where there is no SHA-256.
    pub fn digested(&mut self, digest: &[u8]) -> String {
        self.answer(Answer::Digest(digest.try_into().ok()))
    }

    /// What came of the check of a signature: it fits, it does not, or nothing where nobody can tell.
    pub fn verified(&mut self, fits: Option<bool>) -> String {
        self.answer(Answer::Signature {
            found: match fits {
                Some(true) => SignatureAnswer::Valid,
                Some(false) => SignatureAnswer::Invalid,
                None => SignatureAnswer::Unavailable,
            },
            unix_time: UnixTime::from_secs(self.reading.wall.as_secs()),
        })
    }

    /// What there is to see, as JSON.
    pub fn view(&mut self) -> String {
        told::view(&self.present())
    }

    /// The symbol of the code on the screen, as JSON; `{}` if there is no code, or its addresses are too long for any.
    pub fn symbol(&mut self) -> String {
        match self.present() {
            View::Code(code) => asks::symbol(symbol(&code)),
            _ => asks::symbol(None),
        }
    }

    /// The tokens of a finished sign-in, once, as JSON; afterwards, and before, `{}`.
    pub fn tokens(&mut self) -> String {
        told::tokens(self.flow.as_mut().ok().and_then(Flow::take_signed_in))
    }

    fn now(&mut self) -> device_flow::Instant {
        let reading = self.reading;
        self.clock
            .get_or_insert_with(|| Clock::starting_at(reading))
            .read(reading)
    }

    fn present(&mut self) -> View {
        let now = self.now();
        match &self.flow {
            Ok(flow) => flow.view(now),
            Err(failure) => View::Failed(failure.clone()),
        }
    }

    fn answer(&mut self, answer: Answer) -> String {
        self.step(Input::Answer(self.asked, answer))
    }

    fn step(&mut self, input: Input) -> String {
        let now = self.now();
        let Ok(flow) = &mut self.flow else {
            return asks::next(None, None);
        };
        let step = flow.step(now, input);
        let ask: Option<Ask> = step.ask.map(|(id, ask)| {
            self.asked = id;
            ask
        });
        asks::next(ask, step.wake_at.map(|wake_at| wake_at.since(now)))
    }
}
