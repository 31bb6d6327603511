//! Laws of a session that hold for every script of events.

use std::collections::HashSet;
use std::time::Duration;

use device_flow::session::{Answer, Ask, AskId, Event, Input, Session, Store, StoreFailed};
use device_flow::{
    AccessToken, Config, Flow, HttpResponse, Instant, SessionRecord, Settings, SignedIn, TransportError, UnixTime,
};
use proptest::prelude::*;

/// What may happen, in any order.
#[derive(Clone, Debug)]
enum Happening {
    /// Another tab refreshes, if it can: it may not while the lock is held.
    AnotherTab,
    Changed,
    /// Whatever was asked fails.
    Fail,
    Leave,
    /// Whatever was asked is done; a refresh gives a new refresh token or leaves the old one.
    Ok {
        rotates: bool,
    },
    Pass(u64),
    RefuseToken,
    Status(u16, &'static str),
    Wake,
    Wanted,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        2 => Just(Happening::AnotherTab),
        2 => Just(Happening::Changed),
        3 => Just(Happening::Fail),
        20 => any::<bool>().prop_map(|rotates| Happening::Ok { rotates }),
        8 => (0..4_000_000u64).prop_map(Happening::Pass),
        2 => Just(Happening::RefuseToken),
        3 => prop_oneof![
            Just((429, "")),
            Just((503, "<html>")),
            Just((302, "")),
            Just((200, "{}")),
            Just((400, r#"{"error":"slow_down"}"#)),
        ].prop_map(|(status, body)| Happening::Status(status, body)),
        1 => Just(Happening::Status(400, r#"{"error":"invalid_grant"}"#)),
        4 => Just(Happening::Wake),
        2 => Just(Happening::Wanted),
        1 => Just(Happening::Leave),
    ]
}

fn config() -> Config {
    let settings = br#"{"token_endpoint":"https://id.example/t","device_authorization_endpoint":"https://id.example/d",
        "revocation_endpoint":"https://id.example/r","client_id":"tv","scope":"read"}"#;
    Config::new(Settings::from_json(settings).expect("JSON")).expect("a sound configuration")
}

fn tokens(number: usize, refresh_token: Option<usize>) -> String {
    let refresh_token = refresh_token.map_or(String::new(), |r| format!(r#","refresh_token":"s3cret-r{r}""#));
    format!(r#"{{"access_token":"s3cret-a{number}","token_type":"Bearer","expires_in":3600{refresh_token}}}"#)
}

fn http(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![],
        body: body.into(),
    }
}

/// A sign-in with the tokens of number 0.
fn signed_in() -> SignedIn {
    use device_flow::{Answer, Input};
    let mut flow = Flow::new(config());
    let code = r#"{"device_code":"c","user_code":"WDJB","verification_uri":"https://id.example/d","expires_in":600}"#;
    let mut now = Instant::default();
    let mut step = flow.step(now, Input::Start);
    for body in [code, &tokens(0, Some(0))] {
        now = step.wake_at.unwrap_or(now);
        step = if step.ask.is_none() {
            flow.step(now, Input::Wake)
        } else {
            step
        };
        let (id, _) = step.ask.expect("an ask");
        step = flow.step(now, Input::Answer(id, Answer::Http(Ok(http(200, body)))));
    }
    flow.take_signed_in().expect("signed in")
}

/// A shell that checks the laws at every step.
struct Witness {
    session: Session,
    now: Instant,
    asked: Option<(AskId, Ask)>,
    answered: Option<AskId>,
    store: Option<SessionRecord>,
    holds_lock: bool,
    /// The store could not be read last time.
    is_blind: bool,
    issued: usize,
    /// Refresh tokens that have been replaced.
    used_up: HashSet<String>,
    ended: bool,
}

impl Witness {
    fn new(store: Store) -> Self {
        Self {
            session: Session::new(config(), signed_in(), store),
            now: Instant::from_millis(10_000),
            asked: None,
            answered: None,
            store: None,
            holds_lock: false,
            is_blind: false,
            issued: 0,
            used_up: HashSet::new(),
            ended: false,
        }
    }

    fn step(&mut self, input: Input) -> Option<Instant> {
        let step = self.session.step(self.now, input);
        if let Some((id, ask)) = step.ask {
            assert!(!self.ended, "nothing is asked after the end");
            assert!(self.asked.is_none(), "never two asks outstanding");
            if let Ask::Http(request) = &ask
                && request.url == "https://id.example/t"
            {
                let token = sent_token(&request.body);
                assert!(
                    self.is_blind || !self.used_up.contains(&token),
                    "no refresh token is used after its successor came: {token}"
                );
            }
            if matches!(ask, Ask::Keep(_) | Ask::Forget) {
                assert!(step.holds_lock, "the store is changed under the lock alone");
            }
            self.asked = Some((id, ask));
        }
        self.holds_lock = step.holds_lock;
        if let Some(Event::Ended { is_left_behind, .. }) = step.event {
            assert!(!self.ended, "the end is told once");
            self.ended = true;
            assert!(
                self.store.is_none() || is_left_behind,
                "nothing is left behind unless that is told"
            );
        }
        assert_eq!(self.ended, !self.session.is_active());
        if self.ended {
            assert!(!step.holds_lock && step.wake_at.is_none());
            assert_eq!(
                self.session.access_token(self.now),
                None,
                "no token is left after the end"
            );
        }
        let text = format!("{:?}", self.session);
        assert!(!text.contains("s3cret"), "no debug text holds a secret: {text}");
        step.wake_at
    }

    fn answer(&mut self, answer: Answer) {
        let (id, _) = self.asked.take().expect("asked");
        self.answered = Some(id);
        self.step(Input::Answer(id, answer));
    }

    fn happen(&mut self, happening: &Happening) {
        match (happening, self.asked.as_ref().map(|(_, ask)| ask)) {
            (Happening::AnotherTab, _) => self.another_tab(),
            (Happening::Changed, _) => drop(self.step(Input::Changed)),
            (Happening::Leave, _) => drop(self.step(Input::SignOut)),
            (Happening::Pass(millis), _) => self.now = self.now + Duration::from_millis(*millis),
            (Happening::RefuseToken, _) => {
                let token = self.session.access_token(self.now).cloned();
                let token = token.unwrap_or_else(|| AccessToken::new("unknown"));
                self.step(Input::Refused(token));
            }
            (Happening::Wanted, _) => drop(self.step(Input::Wanted)),
            (Happening::Wake, _) => self.spurious(),
            (Happening::Ok { .. } | Happening::Fail | Happening::Status(..), None) => {}
            (Happening::Ok { rotates }, Some(ask)) => {
                let answer = match ask {
                    Ask::Forget => {
                        self.store = None;
                        Answer::Stored(Ok(()))
                    }
                    Ask::Keep(record) => {
                        self.store = Some(record.clone());
                        Answer::Stored(Ok(()))
                    }
                    Ask::Lock => {
                        self.is_blind = false;
                        self.locked(Ok(self.store.clone()))
                    }
                    Ask::Http(request) if request.url == "https://id.example/r" => Answer::Http(Ok(http(200, ""))),
                    Ask::Http(request) => {
                        let token = sent_token(&request.body);
                        if self.used_up.contains(&token) {
                            Answer::Http(Ok(http(400, r#"{"error":"invalid_grant"}"#)))
                        } else {
                            let body = self.issue(&token, *rotates);
                            Answer::Http(Ok(http(200, &body)))
                        }
                    }
                };
                self.answer(answer);
            }
            (Happening::Fail, Some(ask)) => {
                let answer = match ask {
                    Ask::Forget | Ask::Keep(_) => Answer::Stored(Err(StoreFailed)),
                    Ask::Lock => {
                        self.is_blind = true;
                        self.locked(Err(StoreFailed))
                    }
                    Ask::Http(_) => Answer::Http(Err(TransportError::Unreachable)),
                };
                self.answer(answer);
            }
            (Happening::Status(status, body), Some(ask)) => {
                let answer = match ask {
                    // The wrong kind of answer.
                    Ask::Forget | Ask::Keep(_) | Ask::Lock => {
                        self.is_blind = true;
                        Answer::Http(Err(TransportError::Offline))
                    }
                    Ask::Http(_) => Answer::Http(Ok(http(*status, body))),
                };
                self.answer(answer);
            }
        }
    }

    fn locked(&self, stored: Result<Option<SessionRecord>, StoreFailed>) -> Answer {
        let unix_time = UnixTime::from_secs(1_700_000_000 + self.now.as_millis() / 1000);
        Answer::Locked { stored, unix_time }
    }

    /// What the server answers to a refresh.
    fn issue(&mut self, refresh_token: &str, rotates: bool) -> String {
        self.issued += 1;
        if rotates {
            self.used_up.insert(refresh_token.to_owned());
        }
        tokens(self.issued, rotates.then_some(self.issued))
    }

    fn another_tab(&mut self) {
        let Some(record) = self.store.as_ref().filter(|_| !self.holds_lock) else {
            return;
        };
        let mut json: serde_json::Value = serde_json::from_str(record.expose()).expect("JSON");
        let token = json["refresh_token"].as_str().expect("a token").to_owned();
        if self.used_up.contains(&token) {
            return;
        }
        let body: serde_json::Value = serde_json::from_str(&self.issue(&token, true)).expect("JSON");
        json["access_token"] = body["access_token"].clone();
        json["refresh_token"] = body["refresh_token"].clone();
        json["received_at"] = (1_700_000_000 + self.now.as_millis() / 1000).into();
        self.store = Some(SessionRecord::new(json.to_string()));
    }

    /// A second wake, and an answer to an older ask, change nothing.
    fn spurious(&mut self) {
        let wake_at = self.step(Input::Wake);
        let before = format!("{:?}", self.session);
        assert_eq!(self.step(Input::Wake), wake_at);
        if let Some(id) = self.answered {
            self.step(Input::Answer(id, Answer::Http(Ok(http(200, &tokens(99, Some(99)))))));
        }
        assert_eq!(format!("{:?}", self.session), before);
    }
}

fn sent_token(body: &[u8]) -> String {
    let body = std::str::from_utf8(body).expect("a form");
    let token = body.split('&').find_map(|field| field.strip_prefix("refresh_token="));
    token.expect("a refresh token").to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn the_laws_hold_for_every_script(is_shared: bool, script in prop::collection::vec(happening(), 1..150)) {
        let mut witness = Witness::new(if is_shared { Store::Shared } else { Store::None });
        witness.step(Input::Wake);
        for happening in &script {
            witness.happen(happening);
        }
    }

    #[test]
    fn every_session_can_be_left(is_shared: bool, script in prop::collection::vec(happening(), 0..40)) {
        let mut witness = Witness::new(if is_shared { Store::Shared } else { Store::None });
        witness.step(Input::Wake);
        for happening in &script {
            witness.happen(happening);
        }
        witness.step(Input::SignOut);
        for _ in 0..8 {
            witness.happen(&Happening::Ok { rotates: true });
            if let Some(wake_at) = witness.step(Input::Wake) {
                witness.now = witness.now.max(wake_at);
                witness.step(Input::Wake);
            }
        }
        prop_assert!(witness.ended, "{:?}", witness.session);
    }
}
