//! The loop: let whoever is due act, then jump to the next moment anybody is.

use std::mem;
use std::time::Duration;

use client_term::cors;
use device_flow::{Answer, Ask, AskId, HttpRequest, HttpResponse, Input, Instant, Step, TransportError, View};

use super::World;
use crate::front::{from_idp, path, to_idp, word};
use crate::message::Message;
use crate::television::EPOCH;
use crate::{Fault, Log, Press, Viewer, network};

/// More steps than any story needs: a loop is a failure, not a hang.
const MAX_STEPS: usize = 10_000;

impl World {
    /// Tells the story to its end.
    #[must_use]
    pub fn run(mut self) -> Log {
        for _ in 0..MAX_STEPS {
            if !self.step() {
                let grants = self.idp.grants(self.idp_now());
                let is_redeemed = grants.iter().any(|grant| grant.redeemed_at.is_some());
                self.log
                    .ended(self.witness.patience, is_redeemed && !self.witness.is_granted);
                return mem::take(&mut self.log);
            }
        }
        panic!("the story does not end");
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
        if matches!(press, Press::Start) && !self.tv.flow.is_active() {
            self.log.begins_anew();
        }
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
                let faults_before = self.log.faults_met();
                let (takes, answer) = self.across(&request, number, poll);
                let at = self.now + self.network.latency + takes;
                self.on_its_way.push(Message::ToTv {
                    at: at.min(sent_at + network::TIMEOUT),
                    sent_at,
                    id,
                    answer: Answer::Http(answer),
                    is_disturbed: self.log.faults_met() > faults_before,
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
                    is_disturbed: true,
                });
            }
            Message::ToTv {
                id,
                answer,
                is_disturbed,
                ..
            } => {
                if is_disturbed {
                    self.log.trouble(self.now);
                }
                if let Answer::Http(answer) = &answer {
                    self.log.heard(answer.is_ok());
                }
                if let Answer::Http(Err(error)) = &answer {
                    self.log.line(self.now, "tv", format_args!("no answer: {error}"));
                }
                self.tv_step(Input::Answer(id, answer));
            }
        }
    }

    /// What becomes of a request on its way to the server and back, and how long that takes beside the way.
    pub(super) fn across(
        &mut self,
        request: &HttpRequest,
        number: usize,
        poll: Option<usize>,
    ) -> (Duration, Result<HttpResponse, TransportError>) {
        let fault = self.network.fault(self.now, number, poll).cloned();
        if let Some(fault) = &fault {
            self.log.meet(fault.to_string());
        }
        let (takes, answer) = match fault {
            None => self.ask_idp(request),
            Some(Fault::Answered(response) | Fault::Forged(response)) => {
                self.log.answer(self.now, &response, &[]);
                (Duration::ZERO, Ok(response))
            }
            Some(Fault::Misjudged) if self.origin.is_some() => {
                (Duration::ZERO, Err(TransportError::CrossOriginRefused))
            }
            Some(Fault::Misjudged) => (Duration::ZERO, Err(TransportError::Interrupted)),
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
        let answer = match self.origin {
            Some(origin) => answer.and_then(|answer| cors::read(origin, &request.url, answer)),
            None => answer,
        };
        (takes, answer)
    }

    fn tv_step(&mut self, input: Input) {
        let now = self.tv.instant(self.now);
        self.witness.hears(now, &input, self.tv.flow.is_active());
        let step = self.tv.flow.step(now, input);
        self.witness.sees(now, &step, &self.tv.flow);
        if self.witness.is_granted {
            self.log.granted(self.now);
        }
        self.disturb(now, step.wake_at);
        let Step { ask, wake_at } = step;
        self.wake_at = wake_at.map(|at| self.now + self.tv.until(self.now, at));
        match ask {
            None => {}
            Some((id, Ask::Digest(input))) => {
                let digest = client_term::digest::sha256(&input);
                self.answer_at_once(id, Answer::Digest(Some(digest)));
            }
            Some((id, Ask::Http(request))) => self.send(id, request),
            Some((id, Ask::VerifySignature(check))) => {
                let found = (self.verify)(&check);
                let unix_time = self.tv.unix_time(self.now);
                self.answer_at_once(id, Answer::Signature { found, unix_time });
            }
        }
        self.look();
    }

    /// A wake too many and an answer too late change nothing, in any state.
    fn disturb(&mut self, now: Instant, wake_at: Option<Instant>) {
        let flow = &mut self.tv.flow;
        let before = flow.view(now);
        let late = self.witness.answered();
        let late = late.map(|id| Input::Answer(id, Answer::Http(Err(TransportError::Interrupted))));
        for input in [Some(Input::Wake), late].into_iter().flatten() {
            let what = format!("{input:?}");
            let step = flow.step(now, input);
            assert!(step.ask.is_none(), "{what} makes the set ask");
            assert_eq!(step.wake_at, wake_at, "{what} changes the timer");
            assert_eq!(flow.view(now), before, "{what} changes the screen");
        }
    }

    /// Cryptography takes no time.
    fn answer_at_once(&mut self, id: AskId, answer: Answer) {
        self.on_its_way.push(Message::ToTv {
            at: self.now,
            sent_at: self.now,
            id,
            answer,
            is_disturbed: false,
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
        let mut sent = to_idp(request);
        if let Some(origin) = self.origin {
            sent = sent.with("origin", origin);
        }
        let exchange = self.idp.exchange(self.idp_now(), &sent);
        let (answer, delivery) = from_idp(exchange.response);
        self.log.answer(self.now, &answer, &exchange.about.faults);
        network::carry(answer, &delivery)
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
        if is_new {
            self.code_shown_at = self.now;
        }
        self.log.view(self.now, &view, is_new && had_code);
        self.user_code = code;
    }

    fn viewer_acts(&mut self) {
        self.viewer_acts_at = None;
        let now = self.idp_now();
        // The one on the screen, else the last that was.
        let user_code = match &*self.user_code {
            "" => self
                .idp
                .grants(now)
                .last()
                .map(|grant| grant.user_code.clone())
                .unwrap_or_default(),
            code => code.to_owned(),
        };
        let (what, done) = match self.viewer {
            Viewer::ApprovesAfter(_) => ("approves", self.idp.approve(now, &user_code, Some("jane"))),
            Viewer::DeniesAfter(_) => ("denies", self.idp.deny(now, &user_code)),
            Viewer::Absent => return,
        };
        if let (Ok(()), Viewer::ApprovesAfter(_)) = (&done, self.viewer) {
            self.log.approved(self.now, self.code_ends_at(&user_code));
        }
        let what = done.map_or_else(|error| format!("comes too late: {error}"), |()| what.to_owned());
        self.log.line(self.now, "viewer", what.replace(&user_code, "…"));
    }

    /// When that code ends, by the server or by what the set was told, whichever comes first.
    fn code_ends_at(&self, user_code: &str) -> Duration {
        let now = self.idp_now();
        let grants = self.idp.grants(now);
        let grant = grants.iter().find(|grant| grant.user_code == user_code);
        let ends_at = grant.map_or(self.now, |grant| self.now + grant.expires_at.since(now));
        ends_at.min(self.code_shown_at + self.witness.lifetime())
    }

    fn idp_now(&self) -> mock_idp::Instant {
        mock_idp::Instant::from_seconds(EPOCH) + self.now
    }
}
