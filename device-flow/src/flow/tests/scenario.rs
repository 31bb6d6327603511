use std::format;
use std::string::{String, ToString};
use std::time::Duration;
use std::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{
    Answer, Ask, AskId, Config, Flow, HttpResponse, Input, Instant, Seed, Settings, SignatureAnswer, Step,
    TransportError, UnixTime, View,
};

/// One key, without a name.
pub(super) const KEYS: &str = r#"{"keys":[{"kty":"RSA","alg":"RS256","n":"AQAB","e":"AQAB"}]}"#;

/// A flow, its clock, and what it asked for last.
pub(super) struct Scenario {
    pub(super) flow: Flow,
    pub(super) now: Instant,
    pub(super) asked: Option<AskId>,
    /// What was asked, as text: `GET url`, `POST url`, `digest input` or `verify`.
    pub(super) ask: String,
    /// The form that went with it.
    pub(super) form: String,
    pub(super) wake_at: Option<Instant>,
}

impl Scenario {
    /// The issuer is `https://id.example`, the client `tv`.
    pub(super) fn new() -> Self {
        Self::with(r#"{"issuer":"https://id.example","client_id":"tv"}"#)
    }

    pub(super) fn with(settings: &str) -> Self {
        let mut settings = Settings::from_json(settings.as_bytes()).expect(settings);
        settings.seed = Some(Seed::from_random([0; 32]));
        let config = Config::new(settings).expect("a sound configuration");
        Self {
            flow: Flow::new(config),
            now: Instant::default(),
            asked: None,
            ask: String::new(),
            form: String::new(),
            wake_at: None,
        }
    }

    pub(super) fn to_discovering() -> Self {
        let mut scenario = Self::new();
        scenario.input(Input::Start);
        scenario
    }

    pub(super) fn to_authorizing() -> Self {
        let mut scenario = Self::to_discovering();
        scenario.metadata("https://id.example");
        scenario
    }

    pub(super) fn to_pending() -> Self {
        let mut scenario = Self::to_authorizing();
        scenario.code();
        scenario
    }

    /// Tokens have come, the keys are asked for.
    pub(super) fn to_checking() -> Self {
        let mut scenario = Self::to_pending();
        scenario.grant();
        scenario
    }

    pub(super) fn metadata(&mut self, issuer: &str) {
        self.answer(
            200,
            &format!(
                r#"{{"issuer":"{issuer}","device_authorization_endpoint":"{issuer}/device","token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/keys"}}"#
            ),
        );
    }

    /// The response of RFC 8628 section 3.2.
    pub(super) fn code(&mut self) {
        self.answer(
            200,
            r#"{"device_code":"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device","verification_uri_complete":"https://example.com/device?user_code=WDJB-MJHT","expires_in":1800,"interval":5}"#,
        );
    }

    /// Waits for the next poll and answers it with tokens.
    pub(super) fn grant(&mut self) {
        self.wait_for_wake();
        let issuer = self
            .ask
            .strip_prefix("POST ")
            .and_then(|url| url.strip_suffix("/token"))
            .expect("a poll");
        let claims = format!(r#"{{"iss":"{issuer}","aud":"tv","sub":"1","name":"Jane Doe","iat":1000,"exp":4600}}"#);
        self.grant_with(&claims);
    }

    /// Answers the poll that is under way with an ID token of these claims.
    pub(super) fn grant_with(&mut self, claims: &str) {
        self.grant_of(None, "secret", claims);
    }

    /// The same, with a `Date`.
    pub(super) fn grant_dated(&mut self, date: Option<&str>, claims: &str) {
        self.grant_of(date, "secret", claims);
    }

    /// The same, with this access token.
    pub(super) fn grant_of(&mut self, date: Option<&str>, access_token: &str, claims: &str) {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let id_token = format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("signature"));
        let headers: Vec<_> = date.into_iter().map(|date| ("Date", date)).collect();
        self.answer_with(
            200,
            &headers,
            &format!(r#"{{"access_token":"{access_token}","token_type":"Bearer","id_token":"{id_token}"}}"#),
        );
    }

    /// A browser's verdict that this page may not read the answer, until it is believed.
    pub(super) fn forbid(&mut self) {
        self.lose(TransportError::CrossOriginRefused);
        self.wait_for_wake();
        self.lose(TransportError::CrossOriginRefused);
    }

    pub(super) fn keys(&mut self) {
        self.answer(200, KEYS);
    }

    pub(super) fn signature(&mut self, found: SignatureAnswer) {
        let id = self.asked.expect("asked");
        self.input(Input::Answer(
            id,
            Answer::Signature {
                found,
                unix_time: UnixTime::from_secs(1000),
            },
        ));
    }

    /// Answers with the digest that this is in base64url.
    pub(super) fn digest(&mut self, text: &str) {
        let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64url");
        self.digest_is(Some(bytes.try_into().expect("32 bytes")));
    }

    pub(super) fn digest_is(&mut self, digest: Option<[u8; 32]>) {
        let id = self.asked.expect("asked");
        self.input(Input::Answer(id, Answer::Digest(digest)));
    }

    pub(super) fn answer(&mut self, status: u16, body: &str) {
        self.answer_with(status, &[], body);
    }

    pub(super) fn answer_with(&mut self, status: u16, headers: &[(&str, &str)], body: &str) {
        let id = self.asked.expect("asked");
        let headers = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        let response = HttpResponse {
            status,
            headers: headers.collect(),
            body: body.into(),
        };
        self.input(Input::Answer(id, Answer::Http(Ok(response))));
    }

    pub(super) fn lose(&mut self, error: TransportError) {
        let id = self.asked.expect("asked");
        self.input(Input::Answer(id, Answer::Http(Err(error))));
    }

    pub(super) fn wait(&mut self, span: Duration) {
        self.now = self.now + span;
        self.input(Input::Wake);
    }

    /// Sleeps until the flow wants to be woken; says how long that was.
    pub(super) fn wait_for_wake(&mut self) -> Duration {
        let span = self.wake_at.expect("the flow waits for a time").since(self.now);
        self.wait(span);
        span
    }

    pub(super) fn input(&mut self, input: Input) {
        let Step { ask, wake_at } = self.flow.step(self.now, input);
        self.wake_at = wake_at;
        self.asked = ask.as_ref().map(|(id, _)| *id).or(self.asked);
        self.form.clear();
        self.ask = match ask {
            None => String::new(),
            Some((_, Ask::Digest(input))) => format!("digest {}", input.expose()),
            Some((_, Ask::Http(request))) => {
                self.form = String::from_utf8(request.body).expect("a form");
                format!("{:?} {}", request.method, request.url)
                    .replace("Get", "GET")
                    .replace("Post", "POST")
            }
            Some((_, Ask::VerifySignature(_))) => "verify".to_string(),
        };
    }

    /// The screen in a few words.
    pub(super) fn shows(&self) -> String {
        match self.flow.view(self.now) {
            View::Idle => "idle".into(),
            View::Connecting { trouble } => format!("connecting{}", trouble.map_or("", |_| " with trouble")),
            View::Code(code) => format!("{}{}", code.user_code, code.trouble.map_or("", |_| " with trouble")),
            View::Checking { trouble } => format!("checking{}", trouble.map_or("", |_| " with trouble")),
            View::SignedIn { name, vouched_by } => {
                format!(
                    "{} by {}",
                    name.as_deref().unwrap_or("somebody"),
                    vouched_by.map_or("nobody", |v| v.as_str())
                )
            }
            View::Cancelled => "cancelled".into(),
            View::Denied { description } => format!("denied: {}", description.unwrap_or_default()),
            View::Expired => "expired".into(),
            View::Failed(failure) => format!("failed: {}", failure.code()),
        }
    }
}
