//! The intake of the mock: requests of any form at any endpoint, one after the other.
//!
//! Each has an answer that HTTP can carry, and the journal can note and judge it.

#![no_main]

use std::sync::Arc;
use std::time::Duration;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use mock_idp::{BlankSigner, Idp, Instant, Journal, Product, Request, Setup, Switch, catalogue};

/// Values that lead further into the server than chance would; the last two stand for the newest codes.
const WORDS: [&str; 13] = [
    "tv",
    "jane",
    "password",
    "openid offline_access",
    "urn:ietf:params:oauth:grant-type:device_code",
    "refresh_token",
    "approve",
    "deny",
    "application/x-www-form-urlencoded",
    "127.0.0.1:8628",
    "http://127.0.0.1:8600",
    "{device_code}",
    "{user_code}",
];
const NAMES: [&str; 14] = [
    "client_id",
    "client_secret",
    "code",
    "decision",
    "device_code",
    "form_token",
    "grant_type",
    "next",
    "password",
    "refresh_token",
    "scope",
    "token",
    "user_code",
    "username",
];
const HEADERS: [&str; 9] = [
    "accept",
    "authorization",
    "content-type",
    "cookie",
    "dpop",
    "host",
    "origin",
    "x-forwarded-for",
    "x-forwarded-proto",
];
const METHODS: [&str; 5] = ["POST", "GET", "OPTIONS", "HEAD", "BREW"];

#[derive(Arbitrary, Debug)]
struct Story<'a> {
    product: u8,
    scenario: Option<u8>,
    steps: Vec<Step<'a>>,
}

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Wait(u16),
    Ask(Ask<'a>),
    Approve,
    Deny,
    Expire,
    Skew(i64),
}

#[derive(Arbitrary, Debug)]
struct Ask<'a> {
    method: u8,
    path: Path<'a>,
    query: Vec<(u8, Text<'a>)>,
    headers: Vec<(u8, Text<'a>)>,
    body: Body<'a>,
}

#[derive(Arbitrary, Debug)]
enum Path<'a> {
    Known(u8),
    Other(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Word(u8),
    Other(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Body<'a> {
    Form(Vec<(u8, Text<'a>)>),
    Bytes(&'a [u8]),
}

/// The newest codes.
#[derive(Default)]
struct Codes {
    device: String,
    user: String,
}

fn pick<'a>(from: &[&'a str], at: u8) -> &'a str {
    from[usize::from(at) % from.len()]
}

impl Text<'_> {
    fn with(&self, codes: &Codes) -> String {
        let text = match self {
            Self::Word(at) => pick(&WORDS, *at),
            Self::Other(text) => text,
        };
        text.replace("{device_code}", &codes.device)
            .replace("{user_code}", &codes.user)
    }
}

impl Ask<'_> {
    fn request(&self, paths: &[String], codes: &Codes) -> Request {
        let path = match self.path {
            Path::Known(at) => &paths[usize::from(at) % paths.len()],
            Path::Other(path) => path,
        };
        let fields = |fields: &[(u8, Text)]| {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (pick(&NAMES, *name), value.with(codes)))
                .collect();
            let borrowed: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Request::form(path, &borrowed)
        };
        let mut request = match &self.body {
            Body::Form(form) => fields(form),
            Body::Bytes(bytes) => {
                let mut request = Request::form(path, &[]);
                request.body = bytes.to_vec();
                request
            }
        };
        pick(&METHODS, self.method).clone_into(&mut request.method);
        if !self.query.is_empty() {
            request.target += "?";
            request.target += &String::from_utf8_lossy(&fields(&self.query).body);
        }
        for (name, value) in &self.headers {
            request = request.with(pick(&HEADERS, *name), &value.with(codes));
        }
        request
    }
}

fuzz_target!(|story: Story| {
    let product = Product::ALL[usize::from(story.product) % Product::ALL.len()];
    let mut idp = Idp::new(product, Setup::demo(Arc::new(BlankSigner::new())));
    let mut journal = Journal::new(8);
    let mut now = Instant::from_seconds(1_767_225_600);
    let mut codes = Codes::default();
    let paths = idp.paths();
    if let Some(at) = story.scenario {
        let scenario = &catalogue()[usize::from(at) % catalogue().len()];
        idp.faults().switch_on(&scenario.id, Switch::default()).unwrap();
    }
    for step in story.steps {
        match step {
            Step::Wait(seconds) => now = now + Duration::from_secs(seconds.into()),
            Step::Skew(seconds) => idp.set_skew(seconds),
            // Whether there is such a grant, and whether it is still open, is the story's affair.
            Step::Approve => drop(idp.approve(now, &codes.user, None)),
            Step::Deny => drop(idp.deny(now, &codes.user)),
            Step::Expire => drop(idp.expire(now, &codes.user)),
            Step::Ask(ask) => {
                let request = ask.request(&paths, &codes);
                let exchange = idp.exchange(now, &request);
                assert!((200..600).contains(&exchange.response.status));
                let entry = journal.record(now, request, &exchange).expect("the journal keeps entries");
                serde_json::to_string(&entry.shown()).unwrap();
                let answer = exchange.response.json();
                if let (Some(device), Some(user)) = (answer["device_code"].as_str(), answer["user_code"].as_str()) {
                    codes = Codes {
                        device: device.to_owned(),
                        user: user.to_owned(),
                    };
                }
            }
        }
    }
    serde_json::to_string(&journal.verdicts()).unwrap();
});
