//! A client that reads files in the place of answers.

use std::time::Duration;

use device_flow::{
    Answer, Ask, AskId, Config, Flow, HttpResponse, Input, Instant, Session, Settings, SignatureAnswer, UnixTime, View,
    session,
};

/// When the example tokens were issued (`iat` in the files).
const ISSUED_AT: u64 = 1_767_225_600;

/// A television at one product, fed with files.
pub(crate) struct Client {
    config: Config,
    flow: Flow,
    now: Instant,
    ask: Option<(AskId, Ask)>,
    wake_at: Option<Instant>,
}

impl Client {
    pub(crate) fn new(issuer: &str, strict: bool) -> Self {
        let settings = Settings {
            issuer: Some(issuer.into()),
            client_id: "tv".into(),
            strict,
            ..Settings::default()
        };
        let config = Config::new(settings).expect("a sound configuration");
        let mut client = Self {
            flow: Flow::new(config.clone()),
            config,
            now: Instant::default(),
            ask: None,
            wake_at: None,
        };
        client.input(Input::Start);
        client
    }

    fn input(&mut self, input: Input) {
        let step = self.flow.step(self.now, input);
        (self.ask, self.wake_at) = (step.ask, step.wake_at);
    }

    pub(crate) fn asks(&self) -> bool {
        self.ask.is_some()
    }

    /// Lets time pass unseen.
    pub(crate) fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
    }

    pub(crate) fn read(&mut self, status: u16, media_type: &str, body: Vec<u8>) {
        if let (None, Some(wake_at)) = (&self.ask, self.wake_at) {
            self.now = self.now.max(wake_at);
            self.input(Input::Wake);
        }
        let (id, _) = self.ask.take().expect("something was asked");
        let response = response(status, media_type, body);
        self.input(Input::Answer(id, Answer::Http(Ok(response))));
    }

    /// What came of the last answer.
    pub(crate) fn outcome(mut self) -> String {
        self.check_id_token();
        self.told()
    }

    /// What comes of this answer to each token that is taken back.
    pub(crate) fn sign_out(mut self, status: u16, media_type: &str, body: &[u8]) -> String {
        self.check_id_token();
        let signed_in = self.flow.take_signed_in().expect("somebody signed in");
        let mut session = Session::new(self.config, signed_in, session::Store::None);
        let mut step = session.step(self.now, session::Input::SignOut);
        while let Some((id, _)) = step.ask {
            let answer = session::Answer::Http(Ok(response(status, media_type, body.to_owned())));
            step = session.step(self.now, session::Input::Answer(id, answer));
        }
        session.end().expect("an end").to_string()
    }

    fn check_id_token(&mut self) {
        if let Some((id, Ask::VerifySignature(_))) = self.ask {
            let answer = Answer::Signature {
                found: SignatureAnswer::Valid,
                unix_time: UnixTime::from_secs(ISSUED_AT),
            };
            self.input(Input::Answer(id, answer));
        }
        if let Some((id, Ask::Digest(input))) = &self.ask {
            let digest = client_term::digest::sha256(input);
            self.input(Input::Answer(*id, Answer::Digest(Some(digest))));
        }
    }

    fn told(&self) -> String {
        let next = self.wake_at.map_or(Duration::ZERO, |at| at.since(self.now)).as_secs();
        match (self.flow.view(self.now), &self.ask) {
            (View::Failed(failure), _) => format!("failed: {} / {}", failure.code(), failure.what()),
            (View::Denied { description }, _) => format!("denied / {}", description.as_deref().unwrap_or("no words")),
            (View::Expired, _) => "expired".into(),
            (View::SignedIn { name, .. }, _) => format!("signed in as {}", name.unwrap_or_default()),
            (_, Some((_, Ask::Http(request)))) => format!("asks {}", request.url),
            (View::Code(code), None) => format!(
                "shows {} at {}, asks in {next} s",
                code.user_code,
                code.verification_uri_complete
                    .as_ref()
                    .unwrap_or(&code.verification_uri),
            ),
            (view, ask) => format!("{view:?} {ask:?}"),
        }
    }
}

fn response(status: u16, media_type: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("Content-Type".into(), media_type.into())],
        body,
    }
}
