//! Laws that hold for every script of events.

use std::time::Duration;

use device_flow::{
    Answer, Ask, AskId, Config, Flow, HttpResponse, Input, Instant, Seed, Settings, SignatureAnswer, TransportError,
    UnixTime, View,
};
use proptest::prelude::*;

/// What may happen, in any order.
#[derive(Clone, Debug)]
enum Event {
    Answer(Body),
    Cancel,
    Pass(u64),
    Repeat,
    Start,
    Wake,
}

/// What an answer may hold.
#[derive(Clone, Debug)]
enum Body {
    Code { interval: u8 },
    Denied,
    Digest,
    Garbage(u16),
    Lost,
    Metadata,
    Pending,
    SlowDown,
    Tokens,
    WrongKind,
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        4 => (0..20u8).prop_map(|interval| Body::Code { interval }),
        1 => Just(Body::Denied),
        4 => Just(Body::Digest),
        2 => prop_oneof![Just(200), Just(302), Just(400), Just(404), Just(429), Just(503)].prop_map(Body::Garbage),
        4 => Just(Body::Lost),
        6 => Just(Body::Metadata),
        8 => Just(Body::Pending),
        4 => Just(Body::SlowDown),
        1 => Just(Body::Tokens),
        1 => Just(Body::WrongKind),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => body().prop_map(Event::Answer),
        1 => Just(Event::Cancel),
        8 => (0..30_000u64).prop_map(Event::Pass),
        3 => Just(Event::Repeat),
        2 => Just(Event::Start),
        4 => Just(Event::Wake),
    ]
}

fn answer(body: &Body) -> Answer {
    let ok = |status, text: String| {
        Answer::Http(Ok(HttpResponse {
            status,
            headers: vec![],
            body: text.into(),
        }))
    };
    let error = |code| ok(400, format!(r#"{{"error":"{code}"}}"#));
    match body {
        Body::Code { interval } => ok(
            200,
            format!(
                r#"{{"device_code":"s3cret","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device","expires_in":600,"interval":{interval}}}"#
            ),
        ),
        Body::Denied => error("access_denied"),
        Body::Garbage(status) => ok(*status, "<html>".into()),
        Body::Lost => Answer::Http(Err(TransportError::Unreachable)),
        Body::Metadata => ok(
            200,
            r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t"}"#
                .into(),
        ),
        Body::Pending => error("authorization_pending"),
        Body::SlowDown => error("slow_down"),
        Body::Tokens => ok(200, r#"{"access_token":"s3cret","token_type":"Bearer"}"#.into()),
        Body::Digest => Answer::Digest(Some([7; 32])),
        Body::WrongKind => Answer::Signature { found: SignatureAnswer::Valid, unix_time: UnixTime::from_secs(0) },
    }
}

/// A shell that checks the laws at every step.
struct Witness {
    flow: Flow,
    now: Instant,
    outstanding: Option<AskId>,
    answered: Option<AskId>,
    /// When the answer came that the next poll must keep its distance from, and the least distance.
    quiet_since: Option<(Instant, Duration)>,
}

impl Witness {
    fn new(pkce: bool) -> Self {
        let settings = Settings {
            issuer: Some("https://id.example".into()),
            client_id: "tv".into(),
            scope: Some("read".into()),
            pkce,
            seed: Some(Seed::from_random([7; 32])),
            ..Settings::default()
        };
        let flow = Flow::new(Config::new(settings).expect("a sound configuration"));
        Self {
            flow,
            now: Instant::default(),
            outstanding: None,
            answered: None,
            quiet_since: None,
        }
    }

    fn step(&mut self, input: Input) {
        let step = self.flow.step(self.now, input);
        if let Some((id, ask)) = step.ask {
            assert_eq!(self.outstanding, None, "never two asks outstanding");
            self.outstanding = Some(id);
            let url = match ask {
                Ask::Digest(_) => String::new(),
                Ask::Http(request) => request.url,
                Ask::VerifySignature(_) => panic!("no ID token came, so none is checked"),
            };
            if url == "https://id.example/t" {
                let (since, interval) = self.quiet_since.expect("polls come after a code");
                assert!(self.now.since(since) > interval, "never a poll before its time");
            }
        }
        if !self.flow.is_active() {
            // What was asked may still be answered; `Repeat` does that.
            self.answered = self.outstanding.take().or(self.answered);
        }
        let text = format!("{:?}", self.flow);
        assert!(!text.contains("s3cret"), "no debug text holds a secret: {text}");
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Answer(body) => {
                let Some(id) = self.outstanding.take() else { return };
                let was_pending = matches!(self.flow.view(self.now), View::Code(_));
                self.answered = Some(id);
                self.keep_distance(body, was_pending);
                self.step(Input::Answer(id, answer(body)));
            }
            Event::Cancel => self.step(Input::Cancel),
            Event::Pass(millis) => self.now = self.now + Duration::from_millis(*millis),
            Event::Repeat => {
                let Some(id) = self.answered else { return };
                let before = self.flow.view(self.now);
                self.step(Input::Answer(id, answer(&Body::Tokens)));
                assert_eq!(
                    self.flow.view(self.now),
                    before,
                    "an answer to an older ask changes nothing"
                );
            }
            Event::Start => self.step(Input::Start),
            Event::Wake => {
                let before = self.flow.view(self.now);
                self.step(Input::Wake);
                assert_eq!(self.flow.view(self.now), before, "a wake changes no screen");
            }
        }
    }

    /// What RFC 8628 section 3.5 asks of the next poll.
    fn keep_distance(&mut self, body: &Body, was_pending: bool) {
        let interval = match (body, self.quiet_since, was_pending) {
            (Body::Code { interval: 0 }, _, false) => Duration::from_secs(5),
            (Body::Code { interval }, _, false) => Duration::from_secs((*interval).into()),
            (Body::SlowDown, Some((_, interval)), true) => interval + Duration::from_secs(5),
            (_, Some((_, interval)), _) => interval,
            _ => return,
        };
        self.quiet_since = Some((self.now, interval));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn the_laws_hold_for_every_script(
        pkce in any::<bool>(),
        interval in 0..20u8,
        script in prop::collection::vec(event(), 1..120),
    ) {
        let mut witness = Witness::new(pkce);
        witness.step(Input::Start);
        // Most scripts of chance alone would never see a code.
        witness.happen(&Event::Answer(Body::Metadata));
        for _ in 0..if pkce { 2 } else { 0 } {
            witness.happen(&Event::Answer(Body::Digest));
        }
        witness.happen(&Event::Answer(Body::Code { interval }));
        for event in &script {
            witness.happen(event);
        }
    }

    #[test]
    fn after_the_end_only_a_start_has_an_effect(script in prop::collection::vec(event(), 1..60)) {
        let mut witness = Witness::new(false);
        witness.step(Input::Start);
        witness.step(Input::Cancel);
        for event in script.iter().filter(|event| !matches!(event, Event::Start)) {
            witness.happen(event);
            prop_assert_eq!(witness.flow.view(witness.now), View::Cancelled);
        }
    }
}
