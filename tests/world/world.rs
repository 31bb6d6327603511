//! The loop: let whoever is due act, then jump to the next moment anybody is.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use device_flow::{
    Answer, Ask, AskId, Config, Flow, HttpRequest, HttpResponse, Input, Method, Settings, SignatureAnswer, Step,
    TransportError, View,
};
use mock_idp::{Idp, Request, Rs256Signer, Signer, Switch};

use crate::message::Message;
use crate::television::{EPOCH, Television};
use crate::{Fault, Issuer, Log, Network, Press, Viewer, network, page};

/// More steps than any story needs: a loop is a failure, not a hang.
const MAX_STEPS: usize = 10_000;

/// One story.
#[derive(Debug)]
pub struct World {
    now: Duration,
    settings: Settings,
    tv: Television,
    wake_at: Option<Duration>,
    presses: Vec<(Duration, Press)>,
    is_page: bool,
    idp: Idp,
    viewer: Viewer,
    viewer_acts_at: Option<Duration>,
    network: Network,
    on_its_way: Vec<Message>,
    requests: usize,
    polls: usize,
    user_code: String,
    log: Log,
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
            settings: issuer.settings(),
            tv: Television::new(flow(issuer.settings())),
            wake_at: None,
            presses: vec![(Duration::ZERO, Press::Start)],
            is_page: false,
            idp: issuer.idp(signer),
            viewer: Viewer::Absent,
            viewer_acts_at: None,
            network: Network::default(),
            on_its_way: Vec::new(),
            requests: 0,
            polls: 0,
            user_code: String::new(),
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

    /// With a server that misbehaves as a scenario of the mock's catalogue says, such as `X-23` in its form `429`; an
    /// empty name means the first form.
    #[must_use]
    pub fn scenario(self, id: &str, variant: &str) -> Self {
        let variant = Some(variant).filter(|name| !name.is_empty()).map(str::to_owned);
        let switch = Switch {
            variant,
            ..Switch::default()
        };
        self.idp.faults().switch_on(id, switch).expect("the catalogue has it");
        self
    }

    /// With a server that misbehaves as a script in the mock's own language says (`mock-idp/README.md`).
    #[must_use]
    pub fn script(self, json: &str) -> Self {
        let script = serde_json::from_str(json).expect("a script");
        self.idp.faults().run(script).expect("a sound script");
        self
    }

    /// With other settings; call it before anything that happens to the television.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.tv = Television::new(flow(self.settings.clone()));
        self
    }

    /// With a television that is switched to standby for a while; its connections do not survive that.
    #[must_use]
    pub fn tv_sleeps(mut self, standby: Range<Duration>) -> Self {
        self.tv.sleeps(standby);
        self
    }

    /// With a television whose wall clock is set by so many seconds at that time, forwards or backwards.
    #[must_use]
    pub fn tv_clock_set(mut self, at: Duration, by: i64) -> Self {
        self.tv.clock_is_set(at, by);
        self
    }

    /// With somebody who also presses this key at that time; `Start` is pressed at the beginning of every story.
    #[must_use]
    pub fn press(mut self, at: Duration, press: Press) -> Self {
        self.presses.push((at, press));
        self
    }

    /// With a television that is a page from another origin, which reads of an answer what CORS lets it.
    #[must_use]
    pub fn on_a_page(self) -> Self {
        Self { is_page: true, ..self }
    }

    /// Tells the story to its end.
    #[must_use]
    pub fn run(mut self) -> Log {
        for _ in 0..MAX_STEPS {
            if !self.step() {
                return self.log;
            }
        }
        panic!("the story does not end:\n{}", self.log);
    }

    /// Lets the next one act; `false` means the story is over.
    fn step(&mut self) -> bool {
        let message = self.on_its_way.iter().map(Message::at).min();
        let press = self.presses.iter().map(|(at, _)| *at).min();
        let wake = self.wake_at.map(|at| self.tv.awake_at(at));
        let standby_ends = self.tv.wakes_after(self.now).filter(|_| self.tv.flow.is_active());
        let Some(next) = [message, press, wake, standby_ends, self.viewer_acts_at]
            .into_iter()
            .flatten()
            .min()
        else {
            return false;
        };
        self.now = self.now.max(next);
        if press == Some(next) {
            self.press_next();
        } else if self.viewer_acts_at == Some(next) {
            self.viewer_acts();
        } else if message == Some(next) {
            let index = self.on_its_way.iter().position(|message| message.at() == next);
            let message = self.on_its_way.remove(index.expect("it is on its way"));
            self.deliver(message);
        } else {
            if standby_ends == Some(next) {
                self.log.line(self.now, "tv", "wakes");
            }
            self.tv_step(Input::Wake);
        }
        true
    }

    fn press_next(&mut self) {
        let index = (0..self.presses.len()).min_by_key(|index| self.presses[*index].0);
        let (_, press) = self.presses.remove(index.expect("a press is due"));
        if self.tv.awake_at(self.now) > self.now {
            return;
        }
        let (what, input) = match press {
            Press::Start => ("starts", Input::Start),
            Press::Cancel => ("cancels", Input::Cancel),
        };
        self.log.line(self.now, "tv", what);
        self.tv_step(input);
    }

    fn deliver(&mut self, message: Message) {
        match message {
            Message::ToIdp {
                at,
                id,
                request,
                number,
                poll,
            } => {
                let sent_at = at.saturating_sub(self.network.latency);
                let (takes, answer) = self.across(&request, number, poll);
                let at = self.now + self.network.latency + takes;
                self.on_its_way.push(Message::ToTv {
                    at: at.min(sent_at + network::TIMEOUT),
                    sent_at,
                    id,
                    answer: Answer::Http(answer),
                });
            }
            // Standby cuts the connection, and the set finds that out when it wakes.
            Message::ToTv { at, sent_at, id, .. } if self.tv.slept_between(sent_at, at) => {
                let at = self.tv.awake_at(at);
                self.on_its_way.push(Message::ToTv {
                    at,
                    sent_at: at,
                    id,
                    answer: Answer::Http(Err(TransportError::Interrupted)),
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

    /// What becomes of a request on its way to the server and back, and how long that takes beside the way.
    fn across(
        &mut self,
        request: &HttpRequest,
        number: usize,
        poll: Option<usize>,
    ) -> (Duration, Result<HttpResponse, TransportError>) {
        let (takes, answer) = match self.network.fault(number, poll).cloned() {
            None => self.ask_idp(request),
            Some(Fault::Answered(response)) => {
                self.log.answer(self.now, &response, &[]);
                (Duration::ZERO, Ok(response))
            }
            Some(Fault::Repeated) => {
                let _ = self.ask_idp(request);
                self.ask_idp(request)
            }
            Some(Fault::RequestLost(error)) => (Duration::ZERO, Err(error)),
            Some(Fault::AnswerLost(error)) => {
                let _ = self.ask_idp(request);
                (Duration::ZERO, Err(error))
            }
        };
        let answer = if self.is_page {
            answer.and_then(page::read)
        } else {
            answer
        };
        (takes, answer)
    }

    fn tv_step(&mut self, input: Input) {
        let Step { ask, wake_at } = self.tv.step(self.now, input);
        self.wake_at = wake_at.map(|at| self.now + self.tv.until(self.now, at));
        match ask {
            None => {}
            Some((id, Ask::Http(request))) => self.send(id, request),
            Some((id, Ask::VerifySignature(check))) => {
                let found = client_term::signature::verify(&check);
                self.answer_about_signature(id, found);
            }
        }
        self.look();
    }

    fn answer_about_signature(&mut self, id: AskId, found: SignatureAnswer) {
        let unix_time = self.tv.unix_time(self.now);
        self.on_its_way.push(Message::ToTv {
            at: self.now,
            sent_at: self.now,
            id,
            answer: Answer::Signature { found, unix_time },
        });
    }

    fn send(&mut self, id: AskId, request: HttpRequest) {
        let is_poll = request.body.starts_with(b"grant_type=");
        let (method, path) = (word(request.method), path(&request.url));
        self.log.line(self.now, "tv", format_args!("{method} {path}"));
        self.requests += 1;
        if is_poll {
            self.polls += 1;
            self.log.poll(self.now);
        }
        self.on_its_way.push(Message::ToIdp {
            at: self.now + self.network.latency,
            id,
            request,
            number: self.requests,
            poll: is_poll.then_some(self.polls),
        });
    }

    fn ask_idp(&mut self, request: &HttpRequest) -> (Duration, Result<HttpResponse, TransportError>) {
        let mut sent = Request::new(word(request.method), path(&request.url))
            .with("host", Issuer::HOST)
            .with("x-forwarded-proto", "https");
        for (name, value) in &request.headers {
            sent = sent.with(name, value);
        }
        if self.is_page {
            sent = sent.with("origin", page::ORIGIN);
        }
        sent.body.clone_from(&request.body);
        let exchange = self.idp.exchange(self.idp_now(), &sent);
        let response = exchange.response;
        let answer = HttpResponse {
            status: response.status,
            headers: response.headers,
            body: response.body,
        };
        self.log.answer(self.now, &answer, &exchange.about.faults);
        network::carry(answer, &response.delivery)
    }

    /// What the television shows now, noted when it changes.
    fn look(&mut self) {
        let view = self.tv.view(self.now);
        let had_code = !self.user_code.is_empty();
        let code = match &view {
            View::Code(code) => code.user_code.clone(),
            _ => String::new(),
        };
        let is_new = !code.is_empty() && code != self.user_code;
        if is_new && !had_code && self.viewer_acts_at.is_none() {
            self.viewer_acts_at = self.viewer.acts_after().map(|span| self.now + span);
        }
        self.log.view(self.now, &view, is_new && had_code);
        self.user_code = code;
    }

    fn viewer_acts(&mut self) {
        self.viewer_acts_at = None;
        let now = self.idp_now();
        // The one on the screen, else the last that was.
        let user_code = match &*self.user_code {
            "" => self.idp.grants(now).last().expect("a code was shown").user_code.clone(),
            code => code.to_owned(),
        };
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

fn flow(settings: Settings) -> Flow {
    Flow::new(Config::new(settings).expect("a sound configuration"))
}

const fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}

fn path(url: &str) -> &str {
    url.strip_prefix("https://id.example")
        .expect("every request goes to the one host")
}
