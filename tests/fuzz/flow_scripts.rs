//! Whatever happens, in whatever order: at most one ask, no poll before its time, nothing after the end, and neither a wake
//! too many nor an answer too late changes anything.

#![no_main]

use std::time::Duration;

use device_flow::{
    Answer, Ask, AskId, Config, Flow, HttpResponse, Input, Instant, Seed, Settings, SignatureAnswer, TransportError,
    UnixTime,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Event {
    Answer(Said),
    Cancel,
    /// Milliseconds.
    Pass(u32),
    Start,
    Wake,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Said {
    Code { interval: u8, expires_in: u16 },
    Denied,
    Digest { known: bool },
    Expired,
    Keys,
    Lost,
    Metadata,
    Pending { status: u16 },
    Signature { valid: bool },
    SlowDown { interval: u8 },
    Tokens { with_id_token: bool },
    Unavailable { retry_after: u16 },
    Unreadable { status: u16 },
}

/// Its `at_hash` is that of the digest that [`Said::Digest`] brings.
const ID_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJ0diIsInN1YiI6IjEiLCJpYXQiOjEwMDAsImV4cCI6NDYwMCwiYXRfaGFzaCI6IkFBQUFBQUFBQUFBQUFBQUFBQUFBQUEifQ.AAAA";

fn answer(said: Said) -> Answer {
    let http = |status, headers: Vec<(String, String)>, body: String| {
        Answer::Http(Ok(HttpResponse {
            status,
            headers,
            body: body.into(),
        }))
    };
    let error = |status, code: &str| http(status, Vec::new(), format!(r#"{{"error":"{code}"}}"#));
    match said {
        Said::Code { interval, expires_in } => http(
            200,
            Vec::new(),
            format!(
                r#"{{"device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device","expires_in":{expires_in},"interval":{interval}}}"#
            ),
        ),
        Said::Denied => error(400, "access_denied"),
        Said::Digest { known } => Answer::Digest(known.then_some([0; 32])),
        Said::Expired => error(400, "expired_token"),
        Said::Keys => http(200, Vec::new(), r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#.into()),
        Said::Lost => Answer::Http(Err(TransportError::Interrupted)),
        Said::Metadata => http(
            200,
            Vec::new(),
            r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k"}"#.into(),
        ),
        Said::Pending { status } => error(status, "authorization_pending"),
        Said::Signature { valid } => Answer::Signature {
            found: if valid { SignatureAnswer::Valid } else { SignatureAnswer::Unavailable },
            unix_time: UnixTime::from_secs(1000),
        },
        Said::SlowDown { interval } => http(
            400,
            Vec::new(),
            format!(r#"{{"error":"slow_down","interval":{interval}}}"#),
        ),
        Said::Tokens { with_id_token } => {
            let id_token = if with_id_token { ID_TOKEN } else { "" };
            let body = format!(r#"{{"access_token":"a","token_type":"Bearer","id_token":"{id_token}"}}"#);
            http(200, Vec::new(), body)
        }
        Said::Unavailable { retry_after } => http(
            503,
            vec![("Retry-After".into(), retry_after.to_string())],
            String::new(),
        ),
        Said::Unreadable { status } => http(status, Vec::new(), "<html>".into()),
    }
}

#[derive(Arbitrary, Debug)]
struct Story {
    pkce: bool,
    renewals: u8,
    events: Vec<Event>,
}

struct Set {
    flow: Flow,
    now: Instant,
    outstanding: Option<AskId>,
    answered: Option<AskId>,
    /// The last answer while a code was there, after which a poll must keep at least this distance.
    quiet: Option<(Instant, Duration)>,
}

impl Set {
    fn step(&mut self, input: Input) {
        let step = self.flow.step(self.now, input);
        let wake_at = step.wake_at;
        if let Some((id, ask)) = step.ask {
            assert_eq!(self.outstanding, None, "never two asks outstanding");
            assert_eq!(wake_at, None, "no timer beside an ask");
            self.outstanding = Some(id);
            if let Ask::Http(request) = ask
                && request.url == "https://id.example/t"
            {
                let (since, least) = self.quiet.expect("polls come after a code");
                assert!(self.now.since(since) >= least, "never a poll before its time");
            }
        }
        if self.flow.is_active() {
            assert!(
                self.outstanding.is_some() != wake_at.is_some(),
                "it asks, or waits for a time"
            );
        } else {
            assert_eq!(wake_at, None, "nothing happens after the end");
            self.answered = self.outstanding.take().or(self.answered);
        }
        let before = self.flow.view(self.now);
        let late = self
            .answered
            .map(|id| Input::Answer(id, answer(Said::Tokens { with_id_token: false })));
        for input in [Some(Input::Wake), late].into_iter().flatten() {
            let step = self.flow.step(self.now, input);
            assert!(step.ask.is_none(), "nothing new happened");
            assert_eq!(step.wake_at, wake_at);
            assert_eq!(self.flow.view(self.now), before);
        }
    }
}

fuzz_target!(|story: Story| {
    let settings = Settings {
        issuer: Some("https://id.example".into()),
        client_id: "tv".into(),
        renewals: story.renewals % 20,
        pkce: story.pkce,
        seed: Some(Seed::from_random([7; 32])),
        ..Settings::default()
    };
    let mut set = Set {
        flow: Flow::new(Config::new(settings).expect("a sound configuration")),
        now: Instant::default(),
        outstanding: None,
        answered: None,
        quiet: None,
    };
    for event in story.events.iter().take(300) {
        match event {
            Event::Answer(said) => {
                let Some(id) = set.outstanding.take() else { continue };
                set.answered = Some(id);
                // The least that RFC 8628 section 3.5 can mean here: intervals grow, and a new code may have a shorter one.
                let least = match (said, set.quiet) {
                    (Said::Code { interval, .. }, _) => Duration::from_secs((*interval).clamp(1, 5).into()),
                    (_, Some((_, least))) => least,
                    (_, None) => Duration::from_secs(1),
                };
                // An old code and the new one are asked about in turn, each in its own time.
                let since = if story.renewals % 20 == 0 {
                    set.now
                } else {
                    Instant::default()
                };
                set.quiet = Some((since, least));
                set.step(Input::Answer(id, answer(*said)));
            }
            Event::Cancel => set.step(Input::Cancel),
            Event::Pass(millis) => set.now = set.now + Duration::from_millis((*millis % 2_000_000).into()),
            Event::Start => set.step(Input::Start),
            Event::Wake => set.step(Input::Wake),
        }
    }
});
