//! The loop: let whoever is due act, then jump to the next moment anybody is.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use device_flow::{
    Answer, Ask, AskId, Flow, HttpRequest, HttpResponse, Input, Instant, Method, Step, TransportError, UnixTime, View,
};
use mock_idp::{Idp, Request, Rs256Signer, Signer};
use serde_json::Value;

use crate::{Fault, Issuer, Log, Network, Viewer};

/// When every story begins, in seconds since 1970: any moment will do, it only has to be the same for all.
const EPOCH: u64 = 1_800_000_000;
/// More steps than any story needs: a loop is a failure, not a hang.
const MAX_STEPS: usize = 10_000;

/// One story.
#[derive(Debug)]
pub struct World {
    now: Duration,
    tv: Flow,
    wake_at: Option<Duration>,
    asleep: Option<Range<Duration>>,
    idp: Idp,
    viewer: Viewer,
    viewer_acts_at: Option<Duration>,
    network: Network,
    on_its_way: Option<Message>,
    polls: usize,
    shown: String,
    log: Log,
}

/// At most one message travels: the core never asks twice at once.
#[derive(Debug)]
enum Message {
    ToIdp {
        at: Duration,
        id: AskId,
        request: HttpRequest,
        poll: Option<usize>,
    },
    ToTv {
        at: Duration,
        id: AskId,
        answer: Answer,
    },
}

impl Message {
    fn at(&self) -> Duration {
        match self {
            Self::ToIdp { at, .. } | Self::ToTv { at, .. } => *at,
        }
    }
}

impl World {
    /// A television that is about to sign in, a person who is absent, a network without faults.
    pub fn new(issuer: Issuer) -> Self {
        Self::signed_by(
            issuer,
            Arc::new(Rs256Signer::test_only().expect("the test key is sound")),
        )
    }

    /// The same, but the server's tokens are signed by somebody else.
    pub fn signed_by(issuer: Issuer, signer: Arc<dyn Signer>) -> Self {
        Self {
            now: Duration::ZERO,
            tv: Flow::new(issuer.config()),
            wake_at: None,
            asleep: None,
            idp: issuer.idp(signer),
            viewer: Viewer::Absent,
            viewer_acts_at: None,
            network: Network::default(),
            on_its_way: None,
            polls: 0,
            shown: String::new(),
            log: Log::default(),
        }
    }

    /// With this person.
    #[must_use]
    pub fn viewer(self, viewer: Viewer) -> Self {
        Self { viewer, ..self }
    }

    /// With this network.
    #[must_use]
    pub fn network(self, network: Network) -> Self {
        Self { network, ..self }
    }

    /// With a television that is switched to standby for a while; its connections do not survive that.
    #[must_use]
    pub fn tv_sleeps(self, asleep: Range<Duration>) -> Self {
        Self {
            asleep: Some(asleep),
            ..self
        }
    }

    /// Tells the story to its end.
    #[must_use]
    pub fn run(mut self) -> Log {
        self.log.line(self.now, "tv", "starts");
        self.tv_step(Input::Start);
        for _ in 0..MAX_STEPS {
            if !self.step() {
                return self.log;
            }
        }
        panic!("the story does not end:\n{}", self.log);
    }

    /// Lets the next one act; `false` means the story is over.
    fn step(&mut self) -> bool {
        let message = self.on_its_way.as_ref().map(Message::at);
        let wake = self.wake_at.map(|at| self.awake_at(at));
        let standby_ends = self
            .asleep
            .as_ref()
            .map(|asleep| asleep.end)
            .filter(|_| self.tv.is_active());
        let Some(next) = [message, wake, standby_ends, self.viewer_acts_at]
            .into_iter()
            .flatten()
            .min()
        else {
            return false;
        };
        self.now = self.now.max(next);
        if self.viewer_acts_at == Some(next) {
            self.viewer_acts();
        } else if message == Some(next) {
            let message = self.on_its_way.take().expect("it is on its way");
            self.deliver(message);
        } else {
            if standby_ends == Some(next) {
                self.asleep = None;
                self.log.line(self.now, "tv", "wakes");
            }
            self.tv_step(Input::Wake);
        }
        true
    }

    /// When the television can act on something that happens at `at`.
    fn awake_at(&self, at: Duration) -> Duration {
        match &self.asleep {
            Some(asleep) if asleep.contains(&at) => asleep.end,
            _ => at,
        }
    }

    fn deliver(&mut self, message: Message) {
        match message {
            Message::ToIdp { id, request, poll, .. } => {
                let fault = poll.and_then(|poll| self.network.fault(poll)).cloned();
                let lost = |error| Answer::Http(Err(error));
                let answer = match fault {
                    None => Answer::Http(Ok(self.ask_idp(&request))),
                    Some(Fault::Answered(response)) => Answer::Http(Ok(self.heard(response))),
                    Some(Fault::Repeated) => {
                        self.ask_idp(&request);
                        Answer::Http(Ok(self.ask_idp(&request)))
                    }
                    Some(Fault::RequestLost(error)) => lost(error),
                    Some(Fault::AnswerLost(error)) => {
                        self.ask_idp(&request);
                        lost(error)
                    }
                };
                self.on_its_way = Some(Message::ToTv {
                    at: self.now + self.network.latency,
                    id,
                    answer,
                });
            }
            // What comes while the set sleeps finds its connection gone.
            Message::ToTv { at, id, .. } if self.awake_at(at) > at => {
                let answer = Answer::Http(Err(TransportError::Interrupted));
                self.on_its_way = Some(Message::ToTv {
                    at: self.awake_at(at),
                    id,
                    answer,
                });
            }
            Message::ToTv { id, answer, .. } => {
                if let Answer::Http(Err(error)) = &answer {
                    self.log.line(self.now, "tv", format_args!("no answer: {error}"));
                }
                self.tv_step(Input::Answer(id, answer));
            }
        }
    }

    fn tv_step(&mut self, input: Input) {
        let now = Instant::from_millis(self.now.as_millis().try_into().expect("a story is not that long"));
        let Step { ask, wake_at } = self.tv.step(now, input);
        self.wake_at = wake_at.map(|at| Duration::from_millis(at.as_millis()));
        match ask {
            None => {}
            Some((id, Ask::Http(request))) => self.send(id, request),
            Some((id, Ask::VerifySignature(check))) => {
                let unix_time = UnixTime::from_secs(EPOCH + self.now.as_secs());
                let answer = Answer::Signature {
                    found: client_term::signature::verify(&check),
                    unix_time,
                };
                self.on_its_way = Some(Message::ToTv {
                    at: self.now,
                    id,
                    answer,
                });
            }
        }
        self.look(now);
    }

    fn send(&mut self, id: AskId, request: HttpRequest) {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let is_poll = request.body.starts_with(b"grant_type=");
        self.log
            .line(self.now, "tv", format_args!("{method} {}", path(&request.url)));
        if is_poll {
            self.polls += 1;
            self.log.poll(self.now);
        }
        let poll = is_poll.then_some(self.polls);
        self.on_its_way = Some(Message::ToIdp {
            at: self.now + self.network.latency,
            id,
            request,
            poll,
        });
    }

    fn ask_idp(&mut self, request: &HttpRequest) -> HttpResponse {
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let mut sent = Request::new(method, path(&request.url))
            .with("host", Issuer::HOST)
            .with("x-forwarded-proto", "https");
        for (name, value) in &request.headers {
            sent = sent.with(name, value);
        }
        sent.body.clone_from(&request.body);
        let response = self.idp.handle(self.idp_now(), &sent);
        self.heard(HttpResponse {
            status: response.status,
            headers: response.headers,
            body: response.body,
        })
    }

    fn heard(&mut self, response: HttpResponse) -> HttpResponse {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let what = if let Some(error) = body["error"].as_str() {
            error.to_owned()
        } else if body["user_code"].is_string() {
            format!("a code for {} s, every {} s", body["expires_in"], body["interval"])
        } else if body["access_token"].is_string() {
            "tokens".into()
        } else if body["keys"].is_array() {
            "keys".into()
        } else if body["issuer"].is_string() {
            "metadata".into()
        } else {
            "nothing readable".into()
        };
        self.log
            .line(self.now, "idp", format_args!("{} {what}", response.status));
        response
    }

    /// What the television shows now, noted when it changes.
    fn look(&mut self, now: Instant) {
        let view = self.tv.view(now);
        let shows = match &view {
            View::Idle => "nothing".into(),
            View::Connecting { .. } => "connecting".into(),
            View::Code(_) => "shows the code".into(),
            View::Checking { .. } => "checking".into(),
            View::SignedIn { name, vouched_by } => {
                let name = name.as_deref().unwrap_or("somebody");
                format!(
                    "signed in as {name}, vouched by {}",
                    vouched_by.map_or("nobody", |v| v.as_str())
                )
            }
            View::Cancelled => "cancelled".into(),
            View::Denied { .. } => "denied".into(),
            View::Expired => "expired".into(),
            View::Failed(failure) => format!("failed: {}", failure.code),
        };
        if shows == self.shown {
            return;
        }
        if matches!(view, View::Code(_)) {
            self.viewer_acts_at = self.viewer.acts_after().map(|span| self.now + span);
        }
        if !matches!(view, View::Connecting { .. } | View::Checking { .. }) {
            self.log.line(self.now, "tv", &shows);
        }
        self.log.end(shows.clone());
        self.shown = shows;
    }

    fn viewer_acts(&mut self) {
        self.viewer_acts_at = None;
        let now = self.idp_now();
        let user_code = self.idp.grants(now).last().expect("a code was shown").user_code.clone();
        let (what, done) = match self.viewer {
            Viewer::ApprovesAfter(_) => ("approves", self.idp.approve(now, &user_code, Some("jane"))),
            Viewer::DeniesAfter(_) => ("denies", self.idp.deny(now, &user_code)),
            Viewer::Absent => return,
        };
        let what = done.map_or_else(|error| format!("comes too late: {error}"), |()| what.to_owned());
        self.log.line(self.now, "viewer", what.replace(&user_code, "…"));
    }

    fn idp_now(&self) -> mock_idp::Instant {
        mock_idp::Instant::from_seconds(EPOCH) + self.now
    }
}

fn path(url: &str) -> &str {
    url.strip_prefix("https://id.example")
        .expect("every request goes to the one host")
}
