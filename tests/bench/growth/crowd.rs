//! Many televisions, their people and one server, in one process and without waiting.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use device_flow::{HttpRequest, HttpResponse, TransportError};
use mock_idp::Idp;
use tests::{Chance, Issuer, front, seal::Seal};

use super::device::{Device, Reaction, Screen, Software};
use super::{Away, EPOCH, Plan};
use crate::stopwatch::Stopwatch;

/// One way, in milliseconds.
const LATENCY: u64 = 50;
/// How long people take from the code on the screen to their approval.
const THINKING: Range<u64> = 15_000..90_000;
/// How long they look at a failure before they press again.
const ANNOYED: Range<u64> = 10_000..30_000;
/// Nobody presses more often than this.
const PRESSES: u32 = 5;

/// What became of everybody.
pub(super) struct Story {
    /// Requests that reached the server's door in each second.
    pub(super) requests: Vec<u32>,
    /// Those of them that it could not take.
    pub(super) refused: Vec<u32>,
    pub(super) devices: u32,
    pub(super) signed_in: u32,
    /// Of those who did not walk away.
    pub(super) willing: u32,
    /// Presses after the first: somebody had to begin anew.
    pub(super) begun_anew: u32,
    /// Requests per second in the minute before the outage.
    pub(super) before: f64,
    /// What the core itself computed.
    pub(super) core: Duration,
    pub(super) server: Duration,
}

struct Set {
    device: Option<Device>,
    wake_at: Option<u64>,
    request: Option<HttpRequest>,
    answer: Option<Result<HttpResponse, TransportError>>,
    user_code: String,
    presses: u32,
    chance: Chance,
    walks_away: bool,
}

#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Event {
    Press,
    Arrive,
    Answer,
    Wake,
    Approve,
}

/// The crowd while its story is told.
pub(super) struct Crowd<'a> {
    plan: &'a Plan,
    software: Software,
    idp: Idp,
    sets: Vec<Set>,
    due: BinaryHeap<Reverse<(u64, u32, Event)>>,
    story: Story,
}

impl<'a> Crowd<'a> {
    pub(super) fn new(plan: &'a Plan, software: Software) -> Self {
        let mut dice = Chance::new(plan.seed);
        let mut due = BinaryHeap::with_capacity(plan.devices as usize);
        let half = plan.evening / 2;
        for number in 0..plan.devices {
            // Most in the middle: two throws add up to a triangle.
            let at = dice.of(0..half) + dice.of(0..half);
            due.push(Reverse((at, number, Event::Press)));
        }
        let sets = (0..plan.devices).map(|number| {
            let mut chance = Chance::new(plan.seed ^ (u64::from(number) << 20) ^ 0x5eed);
            let walks_away = chance.percent(plan.percent_who_walk_away);
            Set {
                device: None,
                wake_at: None,
                request: None,
                answer: None,
                user_code: String::new(),
                presses: 0,
                chance,
                walks_away,
            }
        });
        let sets: Vec<_> = sets.collect();
        let willing = sets.iter().filter(|set| !set.walks_away).count();
        Self {
            plan,
            software,
            idp: Issuer::Rfc.idp(Arc::new(Seal::new())),
            due,
            story: Story {
                requests: Vec::new(),
                refused: Vec::new(),
                devices: plan.devices,
                signed_in: 0,
                willing: u32::try_from(willing).unwrap_or(u32::MAX),
                begun_anew: 0,
                before: 0.0,
                core: Duration::ZERO,
                server: Duration::ZERO,
            },
            sets,
        }
    }

    /// Tells the story to its end.
    pub(super) fn run(mut self, say: impl Fn(u64)) -> Story {
        let mut told = 0;
        while let Some(Reverse((now, number, event))) = self.due.pop() {
            if now / 600_000 > told {
                told = now / 600_000;
                say(told * 10);
            }
            self.happen(now, number, event);
        }
        self.story
    }

    fn happen(&mut self, now: u64, number: u32, event: Event) {
        let computed = &mut self.story.core;
        let set = &mut self.sets[number as usize];
        let reaction = match event {
            Event::Press => {
                set.presses += 1;
                self.story.begun_anew += u32::from(set.presses > 1);
                set.user_code.clear();
                let device = set.device.get_or_insert_with(|| Device::new(self.software));
                device.start(now, computed)
            }
            Event::Wake => match &mut set.device {
                // An older timer that was set anew.
                _ if set.wake_at != Some(now) => return,
                Some(device) => device.wake(now, computed),
                None => return,
            },
            Event::Arrive => return self.arrive(now, number),
            Event::Answer => match (&mut set.device, set.answer.take()) {
                (Some(device), Some(answer)) => device.answer(now, answer, computed),
                _ => return,
            },
            Event::Approve => return self.approve(now, number),
        };
        self.follow(now, number, reaction);
    }

    /// Does what the device wants, and lets its person look at it.
    fn follow(&mut self, now: u64, number: u32, reaction: Reaction) {
        let set = &mut self.sets[number as usize];
        set.wake_at = reaction.wake_at;
        if let Some(at) = reaction.wake_at {
            let at = at.max(now);
            set.wake_at = Some(at);
            self.due.push(Reverse((at, number, Event::Wake)));
        }
        if let Some(request) = reaction.request {
            set.request = Some(request);
            self.due.push(Reverse((now + LATENCY, number, Event::Arrive)));
        }
        let Some(device) = &set.device else { return };
        match device.screen(now) {
            Screen::Busy => {}
            Screen::Code(code) if code == set.user_code => {}
            Screen::Code(code) => {
                set.user_code = code;
                if !set.walks_away {
                    let at = now + set.chance.of(THINKING);
                    self.due.push(Reverse((at, number, Event::Approve)));
                }
            }
            Screen::SignedIn => {
                set.device = None;
                self.story.signed_in += 1;
            }
            Screen::Over => {
                set.device = None;
                if !set.walks_away && set.presses < PRESSES {
                    let at = now + set.chance.of(ANNOYED);
                    self.due.push(Reverse((at, number, Event::Press)));
                }
            }
        }
    }

    /// A request at the server's door.
    fn arrive(&mut self, now: u64, number: u32) {
        let Some(request) = self.sets[number as usize].request.take() else {
            return;
        };
        let second = usize::try_from(now / 1000).unwrap_or(usize::MAX);
        let story = &mut self.story;
        if story.requests.len() <= second {
            story.requests.resize(second + 1, 0);
            story.refused.resize(second + 1, 0);
        }
        story.requests[second] += 1;
        let came = f64::from(story.requests[second]);
        let answer = if self.plan.outage.span.contains(&now) {
            story.refused[second] += 1;
            if self.story.before == 0.0 {
                self.note_load();
            }
            self.away()
        } else if now >= self.plan.outage.span.end && came > self.takes() {
            self.story.refused[second] += 1;
            Ok(plain(503, Vec::new()))
        } else {
            Ok(self.ask(now, &request))
        };
        let set = &mut self.sets[number as usize];
        set.answer = Some(answer);
        self.due.push(Reverse((now + LATENCY, number, Event::Answer)));
    }

    /// One and a half times of what came in the minute before the outage.
    fn takes(&self) -> f64 {
        self.story.before * 1.5
    }

    fn note_load(&mut self) {
        let outage = usize::try_from(self.plan.outage.span.start / 1000).unwrap_or(0);
        let minute = self.story.requests.get(outage.saturating_sub(60)..outage);
        let sum: u32 = minute.unwrap_or_default().iter().sum();
        self.story.before = f64::from(sum) / 60.0;
    }

    /// What a device hears while the server is away.
    fn away(&self) -> Result<HttpResponse, TransportError> {
        match self.plan.outage.manner {
            Away::Unreachable => Err(TransportError::Unreachable),
            Away::Tells => {
                let date = mock_idp::Instant::from_seconds(EPOCH + self.plan.outage.span.end / 1000).http_date();
                Ok(plain(503, vec![("Retry-After".to_owned(), date)]))
            }
        }
    }

    fn ask(&mut self, now: u64, request: &HttpRequest) -> HttpResponse {
        let sent = front::to_idp(request);
        let stopwatch = Stopwatch::start();
        let response = self.idp.exchange(server_time(now), &sent).response;
        self.story.server += stopwatch.elapsed();
        front::from_idp(response).0
    }

    /// A person's phone needs the server too.
    fn approve(&mut self, now: u64, number: u32) {
        let set = &mut self.sets[number as usize];
        if self.plan.outage.span.contains(&now) {
            let at = now + set.chance.of(ANNOYED);
            self.due.push(Reverse((at, number, Event::Approve)));
        } else if !set.user_code.is_empty() {
            // Too late, or not the code of now: the screen will say so.
            let _ = self.idp.approve(server_time(now), &set.user_code, Some("jane"));
        }
    }
}

fn plain(status: u16, mut headers: Vec<(String, String)>) -> HttpResponse {
    headers.push(("Content-Type".to_owned(), "text/html".to_owned()));
    HttpResponse {
        status,
        headers,
        body: b"<h1>Service Unavailable</h1>".to_vec(),
    }
}

fn server_time(now: u64) -> mock_idp::Instant {
    mock_idp::Instant::from_millis(EPOCH * 1000 + now)
}
