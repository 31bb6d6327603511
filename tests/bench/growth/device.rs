//! A television of the crowd, with our core in it or with the least that signs somebody in.

use std::time::Duration;

use device_flow::{
    Answer, Ask, AskId, Config, Flow, HttpRequest, HttpResponse, Input, Instant, Method, Settings, Step,
    TransportError, UnixTime, View,
};
use serde::Deserialize;
use tests::{Issuer, seal};

use crate::stopwatch::Stopwatch;

/// Every device's settings.
const ISSUER: Issuer = Issuer::Rfc;

/// RFC 8628 section 3.5: without an `interval` in the answer it is five seconds.
const INTERVAL: u64 = 5_000;

/// What came back for a request.
pub(super) type Answered = Result<HttpResponse, TransportError>;

/// What a device does next.
#[derive(Default)]
pub(super) struct Reaction {
    pub(super) request: Option<HttpRequest>,
    /// In milliseconds of the story.
    pub(super) wake_at: Option<u64>,
}

/// What its person sees.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Screen {
    /// Nothing that somebody could act on.
    Busy,
    Code(String),
    SignedIn,
    /// The end, and nobody is signed in.
    Over,
}

/// Which software the sets run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Software {
    /// `device-flow`, as it is.
    Ours,
    /// Polls every five seconds, whatever happens.
    Steady,
    /// Stops at the first answer that is not one, as the clients of `peers` do; its person begins anew.
    GivesUp,
}

/// One set.
pub(super) enum Device {
    Ours { flow: Box<Flow>, asked: Option<AskId> },
    Plain { stage: Stage, gives_up: bool },
}

/// How far the least has come.
pub(super) enum Stage {
    Off,
    /// The metadata is on its way.
    Discovering,
    Authorizing,
    Pending {
        device_code: String,
        user_code: String,
        ends_at: u64,
    },
    SignedIn,
    Over,
}

#[derive(Deserialize)]
struct Codes {
    device_code: String,
    user_code: String,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Problem {
    error: String,
}

impl Device {
    pub(super) fn new(software: Software) -> Self {
        match software {
            Software::Ours => Self::Ours {
                flow: Box::new(Flow::new(config())),
                asked: None,
            },
            Software::Steady | Software::GivesUp => Self::Plain {
                stage: Stage::Off,
                gives_up: software == Software::GivesUp,
            },
        }
    }

    /// A person presses the button.
    pub(super) fn start(&mut self, now: u64, computed: &mut Duration) -> Reaction {
        match self {
            Self::Ours { .. } => self.step(now, Input::Start, computed),
            Self::Plain { stage, .. } => {
                *stage = Stage::Discovering;
                get("/.well-known/openid-configuration")
            }
        }
    }

    /// The timer.
    pub(super) fn wake(&mut self, now: u64, computed: &mut Duration) -> Reaction {
        match self {
            Self::Ours { .. } => self.step(now, Input::Wake, computed),
            Self::Plain { stage, .. } => match stage {
                Stage::Pending { ends_at, .. } if now >= *ends_at => {
                    *stage = Stage::Over;
                    Reaction::default()
                }
                Stage::Pending { device_code, .. } => post(
                    "/token",
                    &[
                        ("client_id", "tv"),
                        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                        ("device_code", device_code),
                    ],
                ),
                Stage::Discovering => get("/.well-known/openid-configuration"),
                Stage::Authorizing => authorize(),
                Stage::Off | Stage::SignedIn | Stage::Over => Reaction::default(),
            },
        }
    }

    /// The answer to its request.
    pub(super) fn answer(&mut self, now: u64, answered: Answered, computed: &mut Duration) -> Reaction {
        match self {
            Self::Ours { asked, .. } => match asked.take() {
                Some(id) => self.step(now, Input::Answer(id, Answer::Http(answered)), computed),
                None => Reaction::default(),
            },
            Self::Plain { stage, gives_up } => stage.answer(now, answered, *gives_up),
        }
    }

    pub(super) fn screen(&self, now: u64) -> Screen {
        match self {
            Self::Ours { flow, .. } => match flow.view(Instant::from_millis(now)) {
                View::Code(code) => Screen::Code(code.user_code),
                View::SignedIn { .. } => Screen::SignedIn,
                _ if flow.is_active() => Screen::Busy,
                _ => Screen::Over,
            },
            Self::Plain { stage, .. } => match stage {
                Stage::Pending { user_code, .. } => Screen::Code(user_code.clone()),
                Stage::SignedIn => Screen::SignedIn,
                Stage::Over => Screen::Over,
                Stage::Off | Stage::Discovering | Stage::Authorizing => Screen::Busy,
            },
        }
    }

    /// One step of the core, and those that follow from what needs no network.
    fn step(&mut self, now: u64, input: Input, computed: &mut Duration) -> Reaction {
        let Self::Ours { flow, asked } = self else {
            return Reaction::default();
        };
        let mut input = input;
        loop {
            let stopwatch = Stopwatch::start();
            let Step { ask, wake_at } = flow.step(Instant::from_millis(now), input);
            *computed += stopwatch.elapsed();
            let wake_at = wake_at.map(Instant::as_millis);
            match ask {
                None => return Reaction { request: None, wake_at },
                Some((id, Ask::Http(request))) => {
                    *asked = Some(id);
                    let request = Some(request);
                    return Reaction { request, wake_at };
                }
                Some((id, Ask::VerifySignature(check))) => {
                    let found = seal::verify(&check);
                    let unix_time = UnixTime::from_secs(super::EPOCH + now / 1000);
                    input = Input::Answer(id, Answer::Signature { found, unix_time });
                }
                Some((id, Ask::Digest(digest))) => {
                    input = Input::Answer(id, Answer::Digest(Some(client_term::digest::sha256(&digest))));
                }
            }
        }
    }
}

impl Stage {
    fn answer(&mut self, now: u64, answered: Answered, gives_up: bool) -> Reaction {
        let later = Reaction {
            request: None,
            wake_at: Some(now + INTERVAL),
        };
        let answered = answered.ok().filter(|response| response.status < 429);
        match (&*self, answered) {
            (_, None) if gives_up => {
                *self = Self::Over;
                Reaction::default()
            }
            (_, None) => later,
            (Self::Discovering, Some(_)) => {
                *self = Self::Authorizing;
                authorize()
            }
            (Self::Authorizing, Some(response)) => match serde_json::from_slice::<Codes>(&response.body) {
                Ok(codes) => {
                    *self = Self::Pending {
                        device_code: codes.device_code,
                        user_code: codes.user_code,
                        ends_at: now + codes.expires_in * 1000,
                    };
                    later
                }
                Err(_) => later,
            },
            (Self::Pending { .. }, Some(response)) if response.status == 200 => {
                *self = Self::SignedIn;
                Reaction::default()
            }
            (Self::Pending { .. }, Some(response)) => match serde_json::from_slice::<Problem>(&response.body) {
                Ok(problem) if problem.error == "authorization_pending" || problem.error == "slow_down" => later,
                _ => {
                    *self = Self::Over;
                    Reaction::default()
                }
            },
            (Self::Off | Self::SignedIn | Self::Over, _) => Reaction::default(),
        }
    }
}

/// A sound configuration.
pub(super) fn config() -> Config {
    let settings = Settings {
        scope: Some("openid profile".into()),
        ..ISSUER.settings()
    };
    Config::new(settings).unwrap_or_else(|error| unreachable!("{error}"))
}

fn authorize() -> Reaction {
    post(
        "/device_authorization",
        &[("client_id", "tv"), ("scope", "openid profile")],
    )
}

fn get(path: &str) -> Reaction {
    Reaction::asks(Method::Get, path, String::new())
}

fn post(path: &str, fields: &[(&str, &str)]) -> Reaction {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Reaction::asks(Method::Post, path, form)
}

impl Reaction {
    fn asks(method: Method, path: &str, form: String) -> Self {
        let media_type = ("content-type", "application/x-www-form-urlencoded".into());
        let request = HttpRequest {
            method,
            url: format!("{}{path}", ISSUER.url()),
            headers: if form.is_empty() { Vec::new() } else { vec![media_type] },
            body: form.into(),
        };
        Self {
            request: Some(request),
            wake_at: None,
        }
    }
}
