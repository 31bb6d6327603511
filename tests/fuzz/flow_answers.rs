//! Whatever a server answers, at every exchange of a sign-in: nothing panics, nobody is signed in but by a token that says
//! what it must and a signature that fits, nothing is shown that is no web address, and no text of ours holds the secret.

#![no_main]

mod answer;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use device_flow::{
    Answer, Ask, AskId, Config, Flow, Input, Instant, Seed, Settings, SignatureAnswer, UnixTime, View, Vouched,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

use answer::{CLIENT_ID, ISSUER, SOUND, Sent, sound};

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    /// So many exchanges go well first: discovery, code, tokens, keys.
    sound: u8,
    strict: bool,
    pkce: bool,
    found: Found,
    /// What the set's wall clock shows.
    unix_time: u16,
    answers: Vec<Sent<'a>>,
}

/// What the cryptography of the set says, whatever it is asked.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Found {
    Invalid,
    Unavailable,
    Valid,
}

struct Set {
    flow: Flow,
    now: Instant,
    asked: Option<AskId>,
    found: SignatureAnswer,
    unix_time: u64,
}

impl Set {
    /// Timers fire at once, and so does cryptography.
    fn step(&mut self, input: Input) {
        let mut input = input;
        for _ in 0..8 {
            let step = self.flow.step(self.now, input);
            input = match (step.ask, step.wake_at) {
                (Some((id, Ask::Digest(_))), _) => Input::Answer(id, Answer::Digest(Some([0; 32]))),
                (Some((id, Ask::VerifySignature(_))), _) => Input::Answer(
                    id,
                    Answer::Signature {
                        found: self.found,
                        unix_time: UnixTime::from_secs(self.unix_time),
                    },
                ),
                (Some((id, Ask::Http(_))), _) => {
                    self.asked = Some(id);
                    return;
                }
                (None, Some(at)) => {
                    self.now = self.now.max(at);
                    Input::Wake
                }
                (None, None) => return,
            };
        }
    }

    fn answer(&mut self, answer: Answer) {
        if let Some(id) = self.asked.take() {
            self.step(Input::Answer(id, answer));
        }
    }
}

fuzz_target!(|case: Case<'_>| {
    let settings = Settings {
        issuer: Some(ISSUER.into()),
        client_id: CLIENT_ID.into(),
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
        found: match case.found {
            Found::Invalid => SignatureAnswer::Invalid,
            Found::Unavailable => SignatureAnswer::Unavailable,
            Found::Valid => SignatureAnswer::Valid,
        },
        unix_time: case.unix_time.into(),
    };
    set.step(Input::Start);
    for body in SOUND.iter().take(usize::from(case.sound % 4)) {
        set.answer(sound(body));
    }
    for sent in case.answers.iter().take(20) {
        set.now = set.now + std::time::Duration::from_millis(sent.wait.into());
        set.answer(Answer::Http(Ok(sent.response())));
        check(&mut set);
    }
});

fn check(set: &mut Set) {
    match set.flow.view(set.now) {
        View::Code(code) => {
            assert!(!code.user_code.trim().is_empty());
            let address = code.address_for_qr();
            let is_https = address.as_str().to_ascii_lowercase().starts_with("https://");
            assert!(is_https || address.is_loopback());
            let _ = code.address_for_people();
        }
        View::SignedIn { vouched_by, .. } => check_signed_in(set, vouched_by),
        View::Failed(failure) => assert!(!failure.code().is_empty() && !failure.what().is_empty()),
        _ => {}
    }
    let text = format!("{:?}", set.flow);
    assert!(!text.contains("s3cr3t"), "no debug text holds a secret: {text}");
}

/// OpenID Connect Core 1.0 section 3.1.3.7, read once more and apart from the client.
fn check_signed_in(set: &mut Set, vouched_by: Option<Vouched>) {
    match (set.found, vouched_by) {
        (_, None) | (SignatureAnswer::Valid, Some(Vouched::Signature)) => {}
        (SignatureAnswer::Unavailable, Some(Vouched::Tls)) => {}
        other => panic!("nothing vouches for that: {other:?}"),
    }
    let Some(signed_in) = set.flow.take_signed_in() else {
        return;
    };
    let Some(identity) = signed_in.identity else {
        let scope = signed_in.tokens.scope.expect("less was granted than was asked for");
        assert!(!scope.split(' ').any(|word| word == "openid"), "{scope}");
        return;
    };
    let id_token = signed_in.tokens.id_token.expect("somebody is named by an ID token");
    let parts: Vec<_> = id_token.expose().split('.').collect();
    let read = |part: &str| -> Value {
        let text = URL_SAFE_NO_PAD.decode(part).expect("base64url without padding");
        serde_json::from_slice(&text).expect("JSON")
    };
    let (header, claims) = (read(parts[0]), read(parts[1]));
    assert_eq!(parts.len(), 3);
    assert!(header["alg"] == "RS256" || header["alg"] == "ES256", "{header}");
    assert!(header["crit"].is_null(), "{header}");
    assert_eq!(claims["iss"], ISSUER);
    let is_among =
        |all: &Vec<Value>| all.iter().any(|one| one == CLIENT_ID) && (all.len() == 1 || claims["azp"] == CLIENT_ID);
    assert!(
        claims["aud"] == CLIENT_ID || claims["aud"].as_array().is_some_and(is_among),
        "{claims}"
    );
    assert!(claims["azp"].is_null() || claims["azp"] == CLIENT_ID, "{claims}");
    assert_eq!(claims["sub"], *identity.subject);
    assert!(!identity.subject.is_empty(), "{claims}");
    assert!(!claims["exp"].is_null() && !claims["iat"].is_null(), "{claims}");
    let at_hash = &claims["at_hash"];
    assert!(at_hash.is_null() || at_hash == "AAAAAAAAAAAAAAAAAAAAAA", "{claims}");
}
