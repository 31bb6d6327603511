//! What comes after a sign-in, for screens of another make and for programs without one: all decisions, and nothing of a
//! browser.
//!
//! As `headless.rs` is for the sign-in: whoever calls sends requests, keeps timers, has a store and a lock, as
//! `www/session/` does. No Leptos here.

use device_flow::json::{Members, Value, Writer};
use device_flow::session::{
    Answer, Arrival, Ask, AskId, Event, Input, Revocation, SessionEnd, Step, Store, StoreFailed,
};
use device_flow::{
    AccessToken, Clock, ClockReading, Config, EndSessionUrl, Failure, FlowError, IdToken, Identity, Instant,
    RefreshToken, Session as Machine, SessionRecord, Tokens, UnixTime, Vouched,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::reading::reading;
use crate::told::{lines, millis, put, put_trouble};
use crate::{asks, given};

/// A session, told what happened call by call.
///
/// Each of [`Session::begin`] to [`Session::refused`] yields what to do next and how things are, as JSON; before each comes
/// [`Session::at`].
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    config: Result<Config, Failure>,
    store: Store,
    state: State,
    clock: Option<Clock>,
    reading: ClockReading,
    asked: AskId,
}

#[derive(Debug)]
enum State {
    Nothing,
    Arriving(Box<Arrival>),
    Going(Box<Machine>),
}

#[wasm_bindgen]
impl Session {
    /// Reads the settings: a JSON object with the members of `device_flow::Settings`.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, has_store: bool) -> Self {
        let config = given::read(settings, &[]).and_then(|mut settings| {
            // Tokens are asked for with these, and here they are.
            (settings.scope, settings.pkce, settings.renewals) = (Some(String::new()), false, 0);
            let token_endpoint = settings.token_endpoint.as_ref();
            let device_authorization_endpoint = &mut settings.device_authorization_endpoint;
            *device_authorization_endpoint = device_authorization_endpoint.take().or(token_endpoint.cloned());
            Config::new(settings)
        });
        Self {
            config: config.map_err(|error| Failure::from(&error)),
            store: if has_store { Store::Shared } else { Store::None },
            state: State::Nothing,
            clock: None,
            reading: reading(0.0, 0.0),
            asked: AskId::default(),
        }
    }

    /// Says what both clocks show, in milliseconds: `performance.now()` and `Date.now()`.
    pub fn at(&mut self, monotonic: f64, wall: f64) {
        self.reading = reading(monotonic, wall);
    }

    /// Begins with the tokens of a sign-in, as `told.rs` tells them, which came at the time that was said last.
    pub fn begin(&mut self, tokens: &str) -> String {
        let now = self.now();
        if let (Ok(config), Some((tokens, identity))) = (&self.config, read_tokens(tokens)) {
            self.state = State::Arriving(Box::new(Arrival::new(config.clone(), tokens, identity, now)));
        }
        self.step(Input::Wake)
    }

    /// Goes on with what the store held; with what is not understood or somebody else's nothing begins.
    pub fn restore(&mut self, record: &str) -> String {
        let (now, unix_time) = (self.now(), self.unix_time());
        if let Ok(config) = &self.config {
            let record = SessionRecord::new(record);
            if let Some(session) = Machine::restore(config.clone(), &record, now, unix_time) {
                self.state = State::Going(Box::new(session));
            }
        }
        self.step(Input::Wake)
    }

    /// Time has passed.
    pub fn wake(&mut self) -> String {
        self.step(Input::Wake)
    }

    /// Somebody waits for a token.
    pub fn wanted(&mut self) -> String {
        self.step(Input::Wanted)
    }

    /// Somebody else changed what is stored.
    pub fn changed(&mut self) -> String {
        self.step(Input::Changed)
    }

    /// The person leaves.
    #[wasm_bindgen(js_name = signOut)]
    pub fn sign_out(&mut self) -> String {
        self.step(Input::SignOut)
    }

    /// An answer came; `headers` has one a line, as HTTP/1.1 writes them.
    pub fn answered(&mut self, status: u16, headers: &str, body: Vec<u8>) -> String {
        self.answer(Answer::Http(Ok(asks::response(status, headers, body))))
    }

    /// No answer came, for the cause of this code.
    pub fn lost(&mut self, cause: &str) -> String {
        self.answer(Answer::Http(Err(asks::cause(cause))))
    }

    /// The lock is taken, and this stands in the store; `has_failed` says that nobody knows.
    pub fn locked(&mut self, record: Option<String>, has_failed: bool) -> String {
        let unix_time = self.unix_time();
        let stored = if has_failed {
            Err(StoreFailed)
        } else {
            Ok(record.map(SessionRecord::new))
        };
        self.answer(Answer::Locked { stored, unix_time })
    }

    /// The store has done as it was told, or has not.
    pub fn stored(&mut self, is_done: bool) -> String {
        self.answer(Answer::Stored(if is_done { Ok(()) } else { Err(StoreFailed) }))
    }

    /// A resource server refused this access token.
    pub fn refused(&mut self, token: &str) -> String {
        self.step(Input::Refused(AccessToken::new(token)))
    }

    /// Whether that would be answered by another one at once, or has been already.
    #[wasm_bindgen(js_name = canReplace)]
    pub fn can_replace(&mut self, token: &str) -> bool {
        let now = self.now();
        match &self.state {
            State::Going(session) => match session.access_token(now) {
                Some(other) if other.expose() != token => true,
                _ => session.can_replace(now),
            },
            State::Arriving(_) | State::Nothing => false,
        }
    }

    fn now(&mut self) -> Instant {
        let reading = self.reading;
        self.clock
            .get_or_insert_with(|| Clock::starting_at(reading))
            .read(reading)
    }

    fn unix_time(&self) -> UnixTime {
        UnixTime::from_secs(self.reading.wall.as_secs())
    }

    fn answer(&mut self, answer: Answer) -> String {
        self.step(Input::Answer(self.asked, answer))
    }

    fn step(&mut self, input: Input) -> String {
        let now = self.now();
        let mut step = match &mut self.state {
            State::Nothing => None,
            State::Arriving(arrival) => Some(arrival.step(now, input)),
            State::Going(session) => Some(session.step(now, input)),
        };
        // What has arrived goes on as a session.
        if let (Ok(config), State::Arriving(arrival)) = (&self.config, &self.state)
            && let Some((signed_in, is_leaving)) = arrival.signed_in()
        {
            let mut session = Machine::new(config.clone(), signed_in, self.store);
            step = Some(session.step(now, if is_leaving { Input::SignOut } else { Input::Wake }));
            self.state = State::Going(Box::new(session));
        }
        self.tell(now, step)
    }

    fn tell(&mut self, now: Instant, step: Option<Step>) -> String {
        let mut told = Writer::new();
        if let Err(failure) = &self.config {
            told.text("reason", failure.code());
            told.text("details", &lines(&failure.details()));
        }
        if let Some(step) = step {
            put_step(&mut told, now, step, &mut self.asked);
        }
        match &mut self.state {
            State::Nothing => {}
            State::Arriving(arrival) => {
                put_trouble(&mut told, arrival.trouble(now).as_ref());
                put(&mut told, "token", arrival.access_token(now).map(AccessToken::expose));
            }
            State::Going(session) => {
                put_trouble(&mut told, session.trouble(now).as_ref());
                put(&mut told, "token", session.access_token(now).map(AccessToken::expose));
                put(&mut told, "tokenType", session.token_type());
                put(&mut told, "name", session.name());
                put(&mut told, "subject", session.subject());
                put(&mut told, "scope", session.scope());
                let end_session_url = session.take_end_session_url();
                put(
                    &mut told,
                    "endSessionUrl",
                    end_session_url.as_ref().map(EndSessionUrl::expose),
                );
            }
        }
        told.end()
    }
}

fn put_step(told: &mut Writer, now: Instant, step: Step, asked: &mut AskId) {
    if let Some((id, ask)) = step.ask {
        *asked = id;
        match ask {
            Ask::Forget => told.number("forget", 1),
            Ask::Http(request) => asks::http(told, &request),
            Ask::Keep(record) => told.text("keep", record.expose()),
            Ask::Lock => told.number("lock", 1),
        }
    }
    if let Some(wake_at) = step.wake_at {
        told.number("wakeIn", millis(wake_at.since(now)));
    }
    if step.holds_lock {
        told.number("holdsLock", 1);
    }
    match step.event {
        None => {}
        Some(Event::NotKept) => told.number("notKept", 1),
        Some(Event::Ended { end, is_left_behind }) => {
            told.text("reason", end.code());
            told.text("details", &details(end));
            if is_left_behind {
                told.number("leftBehind", 1);
            }
        }
    }
}

/// What the code of an end does not say, one a line.
fn details(end: SessionEnd) -> String {
    let error = match end {
        SessionEnd::Misbehaved(error) => FlowError::Misbehaved(error),
        SessionEnd::Refused(error) => FlowError::Refused(error),
        SessionEnd::SignedOut(Revocation::Failed(error)) => return String::from(error.code()),
        SessionEnd::Expired
        | SessionEnd::SignedOut(Revocation::Done | Revocation::NotOffered)
        | SessionEnd::SignedOutElsewhere => return String::new(),
    };
    lines(&error.details())
}

/// The tokens as `told.rs` tells them; nothing without an access token.
fn read_tokens(tokens: &str) -> Option<(Tokens, Option<Identity>)> {
    let members = Members::parse(tokens.as_bytes()).ok()?;
    let text = |name| members.get(name).and_then(Value::as_text).map(String::from);
    let expires_in = match members.get("expiresIn") {
        Some(Value::Number(number)) => number.as_plain().map(core::time::Duration::from_secs),
        _ => None,
    };
    let identity = text("subject").map(|subject| Identity {
        subject,
        name: text("name"),
        preferred_username: text("preferredUsername"),
        email: text("email"),
        // Whoever brings them has had them checked.
        vouched_by: Vouched::Nothing,
    });
    let tokens = Tokens {
        access_token: AccessToken::new(text("accessToken")?),
        token_type: text("tokenType")?,
        expires_in,
        refresh_token: text("refreshToken").map(RefreshToken::new),
        id_token: text("idToken").map(IdToken::new),
        scope: text("scope"),
    };
    Some((tokens, identity))
}
