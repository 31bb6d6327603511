//! Whatever a server answers, at every exchange of a sign-in: nothing panics, nobody is signed in, nothing is shown that is
//! no web address, and no text of ours holds the secret.

#![no_main]

use device_flow::{
    Answer, Ask, AskId, Config, Flow, HttpResponse, Input, Instant, Seed, Settings, SignatureAnswer, UnixTime, View,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const METADATA: &str = r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k"}"#;
const CODE: &str = r#"{"device_code":"d3v1c3-s3cr3t","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device","expires_in":600,"interval":5}"#;
/// `{"alg":"RS256"}` and `{"iss":"https://id.example","aud":"tv","sub":"1","iat":1000,"exp":4600}`, and no signature.
const TOKENS: &str = r#"{"access_token":"t0k3n-s3cr3t","token_type":"Bearer","id_token":"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJ0diIsInN1YiI6IjEiLCJpYXQiOjEwMDAsImV4cCI6NDYwMH0.AAAA"}"#;
const SOUND: [&str; 3] = [METADATA, CODE, TOKENS];

/// Headers that are read.
const NAMES: [&str; 6] = [
    "content-type",
    "date",
    "location",
    "retry-after",
    "x-rate-limit-limit",
    "x-rate-limit-reset",
];

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    /// So many exchanges go well first: discovery, code, tokens.
    sound: u8,
    strict: bool,
    pkce: bool,
    answers: Vec<Sent<'a>>,
}

/// Members that are read, of all exchanges.
const MEMBERS: [&str; 28] = [
    "access_token",
    "alg",
    "crv",
    "device_authorization_endpoint",
    "device_code",
    "e",
    "error",
    "error_description",
    "errorCode",
    "errorSummary",
    "expires_in",
    "grant_types_supported",
    "id_token",
    "interval",
    "issuer",
    "jwks_uri",
    "keys",
    "kid",
    "kty",
    "n",
    "refresh_token",
    "scope",
    "token_endpoint",
    "token_type",
    "use",
    "user_code",
    "verification_uri",
    "verification_uri_complete",
];

/// Values that lead further than chance would.
const WORDS: [&str; 16] = [
    "",
    "5",
    "https://id.example",
    "https://id.example/d",
    "http://id.example/d",
    "javascript:alert(1)",
    "WDJB-MJHT",
    "RSA",
    "RS256",
    "sig",
    "Bearer",
    "authorization_pending",
    "slow_down",
    "access_denied",
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJ0diIsInN1YiI6IjEiLCJpYXQiOjEwMDAsImV4cCI6NDYwMH0.AAAA",
    "urn:ietf:params:oauth:grant-type:device_code",
];

#[derive(Arbitrary, Debug)]
enum Body<'a> {
    /// An object of members that are read, over the sound one of this exchange.
    Members(u8, Vec<(u8, Member<'a>)>),
    Raw(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
enum Member<'a> {
    Absent,
    Keys(Vec<(u8, &'a str)>),
    Null,
    Number(f64),
    Text(&'a str),
    Texts(Vec<&'a str>),
    Whole(i64),
    Word(u8),
}

impl Body<'_> {
    fn bytes(&self) -> Vec<u8> {
        let (sound, members) = match self {
            Self::Raw(bytes) => return bytes.to_vec(),
            Self::Members(sound, members) => (sound, members),
        };
        let sound = SOUND.get(usize::from(*sound) % 4).unwrap_or(&"{}");
        let mut object: serde_json::Map<String, Value> = serde_json::from_str(sound).expect("sound");
        for (name, member) in members {
            let name = MEMBERS[usize::from(*name) % MEMBERS.len()];
            let value = match member {
                Member::Absent => {
                    object.remove(name);
                    continue;
                }
                Member::Keys(members) => {
                    let key = members.iter().map(|(name, text)| {
                        let name = MEMBERS[usize::from(*name) % MEMBERS.len()];
                        (name.to_owned(), Value::from(*text))
                    });
                    Value::from(vec![key.collect::<Value>()])
                }
                Member::Null => Value::Null,
                Member::Number(number) => Value::from(*number),
                Member::Text(text) => Value::from(*text),
                Member::Texts(texts) => Value::from(texts.clone()),
                Member::Whole(number) => Value::from(*number),
                Member::Word(word) => Value::from(WORDS[usize::from(*word) % WORDS.len()]),
            };
            object.insert(name.to_owned(), value);
        }
        Value::Object(object).to_string().into_bytes()
    }
}

#[derive(Arbitrary, Debug)]
struct Sent<'a> {
    status: u16,
    header: (u8, &'a str),
    body: Body<'a>,
    wait: u16,
}

fn http(status: u16, headers: Vec<(String, String)>, body: &[u8]) -> Answer {
    Answer::Http(Ok(HttpResponse {
        status,
        headers,
        body: body.into(),
    }))
}

struct Set {
    flow: Flow,
    now: Instant,
    asked: Option<AskId>,
    is_signature: bool,
}

impl Set {
    fn step(&mut self, input: Input) {
        let mut input = input;
        // Timers fire at once, and so does cryptography.
        for _ in 0..6 {
            let step = self.flow.step(self.now, input);
            match step.ask {
                Some((id, Ask::Digest(_))) => {
                    input = Input::Answer(id, Answer::Digest(Some([0; 32])));
                    continue;
                }
                Some((id, ask)) => {
                    self.asked = Some(id);
                    self.is_signature = matches!(ask, Ask::VerifySignature(_));
                    return;
                }
                None => {}
            }
            let Some(at) = step.wake_at else { return };
            self.now = self.now.max(at);
            input = Input::Wake;
        }
    }

    fn answer(&mut self, answer: Answer) {
        let Some(id) = self.asked.take() else { return };
        let answer = if self.is_signature {
            Answer::Signature {
                found: SignatureAnswer::Invalid,
                unix_time: UnixTime::from_secs(1000),
            }
        } else {
            answer
        };
        self.step(Input::Answer(id, answer));
    }
}

fuzz_target!(|case: Case<'_>| {
    let settings = Settings {
        issuer: Some("https://id.example".into()),
        client_id: "tv".into(),
        strict: case.strict,
        renewals: 1,
        pkce: case.pkce,
        seed: Some(Seed::from_random([7; 32])),
        ..Settings::default()
    };
    let mut set = Set {
        flow: Flow::new(Config::new(settings).expect("a sound configuration")),
        now: Instant::default(),
        asked: None,
        is_signature: false,
    };
    set.step(Input::Start);
    let json = vec![("content-type".to_owned(), "application/json".to_owned())];
    for body in SOUND.iter().take(usize::from(case.sound % 4)) {
        set.answer(http(200, json.clone(), body.as_bytes()));
    }
    for sent in case.answers.iter().take(20) {
        let name = NAMES[usize::from(sent.header.0) % NAMES.len()].to_owned();
        set.now = set.now + std::time::Duration::from_millis(sent.wait.into());
        set.answer(http(
            sent.status,
            vec![(name, sent.header.1.to_owned())],
            &sent.body.bytes(),
        ));
        check(&set);
    }
});

fn check(set: &Set) {
    match set.flow.view(set.now) {
        View::Code(code) => {
            assert!(!code.user_code.trim().is_empty());
            let address = code.address_for_qr();
            let is_https = address.as_str().to_ascii_lowercase().starts_with("https://");
            assert!(is_https || address.is_loopback());
            let _ = code.address_for_people();
        }
        View::SignedIn { vouched_by, .. } => assert_eq!(vouched_by, None, "no signature was valid"),
        View::Failed(failure) => assert!(!failure.code().is_empty() && !failure.what().is_empty()),
        _ => {}
    }
    let text = format!("{:?}", set.flow);
    assert!(!text.contains("s3cr3t"), "no debug text holds a secret: {text}");
}
