//! Whatever a server answers after the sign-in, whatever stands in the store, in whatever order things happen: nothing
//! panics, tokens are at rest before they are used, one that was refused is not handed out again, the end comes once and
//! leaves nothing, and no text of ours holds a secret.

#![no_main]

mod answer;

use std::collections::BTreeSet;
use std::time::Duration;

use device_flow::session::{Answer, Ask, AskId, Event, Input, Store, StoreFailed};
use device_flow::{
    AccessToken, Config, Flow, HttpUrl, Instant, Session, SessionRecord, Settings, SignatureAnswer, SignedIn,
    TransportError, UnixTime,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

use answer::{Body, CLIENT_ID, ISSUER, SOUND, Sent, sound};

/// What a session wrote down, without the times.
const RECORD: &str = r#"{"issuer":"https://id.example","client_id":"tv","sub":"1","token_endpoint":"https://id.example/t","revocation_endpoint":"https://id.example/r","end_session_endpoint":"https://id.example/e","access_token":"k3pt-s3cr3t","token_type":"Bearer","refresh_token":"k3pt-r3fr3sh-s3cr3t","scope":"openid","version":1}"#;

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    strict: bool,
    beginning: Beginning<'a>,
    /// What the wall clock shows at the beginning.
    unix_time: u16,
    events: Vec<Happens<'a>>,
}

#[derive(Arbitrary, Debug)]
enum Beginning<'a> {
    /// What the store held at a restart.
    Restored(Record<'a>),
    SignedIn {
        has_store: bool,
    },
}

/// What stands in the store.
#[derive(Arbitrary, Debug)]
enum Record<'a> {
    /// Over the sound one.
    Members(u32, u32, Body<'a>),
    Raw(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Happens<'a> {
    Answered(Sent<'a>),
    Changed,
    /// Somebody else writes, or clears the store.
    Written(Option<Record<'a>>),
    Lost,
    /// Seconds.
    Pass(u32),
    /// A resource server refuses the token that is handed out.
    Refused,
    SignOut,
    /// What was asked of the store is done, or not.
    Stored(bool),
    Wait,
    Wanted,
}

impl Record<'_> {
    fn text(&self) -> String {
        let (expires_in, received_at, body) = match self {
            Self::Raw(text) => return (*text).to_owned(),
            Self::Members(expires_in, received_at, body) => (expires_in, received_at, body),
        };
        let mut record: Map<String, Value> = serde_json::from_str(RECORD).expect("sound");
        record.insert("expires_in".into(), (*expires_in).into());
        record.insert("received_at".into(), (*received_at).into());
        let body: Value = serde_json::from_slice(&body.bytes()).unwrap_or_default();
        record.extend(body.as_object().cloned().unwrap_or_default());
        Value::Object(record).to_string()
    }
}

struct Tab {
    session: Session,
    store: Store,
    now: Instant,
    unix_time: u64,
    asked: Option<(AskId, Ask)>,
    answered: Option<AskId>,
    wake_at: Option<Instant>,
    kept: Option<String>,
    /// Access tokens that may be handed out.
    usable: BTreeSet<String>,
    /// The one that was refused last.
    refused: Option<String>,
    ends: u32,
}

impl Tab {
    fn unix_time(&self) -> UnixTime {
        UnixTime::from_secs(self.unix_time + self.now.as_millis() / 1000)
    }

    fn token(&self) -> Option<String> {
        self.session
            .access_token(self.now)
            .map(|token| token.expose().to_owned())
    }

    fn step(&mut self, input: Input) {
        let was_active = self.session.is_active();
        let step = self.session.step(self.now, input);
        self.wake_at = step.wake_at;
        if let Some(Event::Ended { .. }) = step.event {
            self.ends += 1;
        }
        if let Some((id, ask)) = step.ask {
            assert!(self.asked.is_none(), "never two asks outstanding");
            assert!(was_active && step.wake_at.is_none(), "no timer beside an ask");
            match &ask {
                Ask::Http(request) => {
                    let url = HttpUrl::parse(&request.url).expect("requests go to web addresses");
                    assert!(request.url.to_ascii_lowercase().starts_with("https://") || url.is_loopback());
                }
                Ask::Keep(_) | Ask::Forget => assert!(step.holds_lock, "who writes holds the lock"),
                Ask::Lock => {}
            }
            let is_about_store = !matches!(ask, Ask::Http(_));
            assert!(!is_about_store || self.store == Store::Shared, "there is no store");
            self.asked = Some((id, ask));
        }
        self.check();
        self.disturb();
    }

    fn check(&self) {
        if let Some(token) = self.token() {
            assert!(self.usable.contains(&token), "tokens are at rest before they are used");
            assert_ne!(self.refused, Some(token), "a refused token is not handed out again");
        }
        let is_over = !self.session.is_active();
        assert_eq!(self.ends, u32::from(is_over), "the end is told once");
        assert_eq!(self.session.end().is_some(), is_over);
        if is_over {
            assert!(
                self.asked.is_none() && self.wake_at.is_none(),
                "nothing happens after the end"
            );
            assert_eq!(self.token(), None, "the end leaves nothing");
        }
        let text = format!("{:?}", self.session);
        assert!(!text.contains("s3cr3t"), "no debug text holds a secret: {text}");
    }

    /// A wake too many and an answer too late change nothing.
    fn disturb(&mut self) {
        let before = (self.token(), self.session.end().cloned());
        let lost = || Answer::Http(Err(TransportError::Interrupted));
        let late = self.answered.map(|id| Input::Answer(id, lost()));
        for input in [Some(Input::Wake), late].into_iter().flatten() {
            let step = self.session.step(self.now, input);
            assert!(step.ask.is_none() && step.event.is_none(), "nothing new happened");
            assert_eq!(step.wake_at, self.wake_at);
            assert_eq!((self.token(), self.session.end().cloned()), before);
        }
    }

    /// Whether that is what was asked for, it is answered so.
    fn answer(&mut self, is_meant: impl Fn(&Ask) -> bool, answer: impl FnOnce(&mut Self, Ask) -> Answer) {
        let Some((id, ask)) = self.asked.take_if(|(_, ask)| is_meant(ask)) else {
            return;
        };
        self.answered = Some(id);
        let answer = answer(self, ask);
        self.step(Input::Answer(id, answer));
    }

    /// What the server brings anew is no longer refused.
    fn may_use(&mut self, text: &[u8]) {
        let record: Value = serde_json::from_slice(text).unwrap_or_default();
        if let Some(token) = record["access_token"].as_str() {
            self.refused.take_if(|refused| refused == token);
            self.usable.insert(token.to_owned());
        }
    }

    fn may_find(&mut self, record: &str) {
        let record: Value = serde_json::from_str(record).unwrap_or_default();
        self.usable.extend(record["access_token"].as_str().map(str::to_owned));
    }

    fn stored(&mut self, is_done: bool) {
        self.answer(
            |ask| !matches!(ask, Ask::Http(_)),
            |tab, ask| match ask {
                Ask::Lock if is_done => {
                    let stored = tab.kept.clone();
                    tab.may_find(stored.as_deref().unwrap_or_default());
                    let unix_time = tab.unix_time();
                    Answer::Locked {
                        stored: Ok(stored.map(SessionRecord::new)),
                        unix_time,
                    }
                }
                Ask::Lock => Answer::Locked {
                    stored: Err(StoreFailed),
                    unix_time: tab.unix_time(),
                },
                Ask::Keep(record) => {
                    // If it cannot be kept, it is used all the same.
                    tab.may_use(record.expose().as_bytes());
                    if is_done {
                        tab.kept = Some(record.expose().to_owned());
                    }
                    Answer::Stored(is_done.then_some(()).ok_or(StoreFailed))
                }
                Ask::Forget | Ask::Http(_) => {
                    if is_done {
                        tab.kept = None;
                    }
                    Answer::Stored(is_done.then_some(()).ok_or(StoreFailed))
                }
            },
        );
    }

    fn happens(&mut self, event: &Happens) {
        match event {
            Happens::Answered(sent) => {
                let response = sent.response();
                if self.store == Store::None {
                    self.may_use(&response.body);
                    self.may_use_form(&response.body);
                }
                self.now = self.now + Duration::from_millis(sent.wait.into());
                self.answer(|ask| matches!(ask, Ask::Http(_)), |_, _| Answer::Http(Ok(response)));
            }
            Happens::Changed => self.step(Input::Changed),
            Happens::Written(record) => self.kept = record.as_ref().map(Record::text),
            Happens::Lost => self.answer(
                |ask| matches!(ask, Ask::Http(_)),
                |_, _| Answer::Http(Err(TransportError::Interrupted)),
            ),
            Happens::Pass(seconds) => self.now = self.now + Duration::from_secs((*seconds % 1_000_000).into()),
            Happens::Refused => {
                if let Some(token) = self.token() {
                    self.refused = Some(token.clone());
                    self.step(Input::Refused(AccessToken::new(token)));
                }
            }
            Happens::SignOut => self.step(Input::SignOut),
            Happens::Stored(is_done) => self.stored(*is_done),
            Happens::Wait => {
                self.now = self.now.max(self.wake_at.unwrap_or(self.now));
                self.step(Input::Wake);
            }
            Happens::Wanted => self.step(Input::Wanted),
        }
    }

    /// Answers may be forms.
    fn may_use_form(&mut self, body: &[u8]) {
        let Ok(text) = core::str::from_utf8(body) else { return };
        let token = text.split('&').find_map(|field| field.strip_prefix("access_token="));
        self.usable.extend(token.map(str::to_owned));
    }
}

fn config(strict: bool) -> Config {
    let settings = Settings {
        issuer: Some(ISSUER.into()),
        client_id: CLIENT_ID.into(),
        strict,
        ..Settings::default()
    };
    Config::new(settings).expect("a sound configuration")
}

/// A sign-in in which everything goes well.
fn signed_in(now: &mut Instant, unix_time: u64) -> SignedIn {
    use device_flow::{Answer, Ask, Input};
    let mut flow = Flow::new(config(false));
    let mut bodies = SOUND.iter();
    let mut input = Input::Start;
    loop {
        let step = flow.step(*now, input);
        input = match (step.ask, step.wake_at) {
            (Some((id, Ask::Http(_))), _) => Input::Answer(id, sound(bodies.next().expect("four exchanges"))),
            (Some((id, Ask::Digest(_))), _) => Input::Answer(id, Answer::Digest(Some([0; 32]))),
            (Some((id, Ask::VerifySignature(_))), _) => Input::Answer(
                id,
                Answer::Signature {
                    found: SignatureAnswer::Valid,
                    unix_time: UnixTime::from_secs(unix_time),
                },
            ),
            (None, Some(at)) => {
                *now = at;
                Input::Wake
            }
            (None, None) => return flow.take_signed_in().expect("everything goes well"),
        };
    }
}

fuzz_target!(|case: Case<'_>| {
    let config = config(case.strict);
    let mut now = Instant::default();
    let unix_time = u64::from(case.unix_time);
    let (session, store, kept) = match &case.beginning {
        Beginning::Restored(record) => {
            let record = record.text();
            let stored = SessionRecord::new(record.clone());
            let Some(session) = Session::restore(config, &stored, now, UnixTime::from_secs(unix_time)) else {
                return;
            };
            (session, Store::Shared, Some(record))
        }
        Beginning::SignedIn { has_store } => {
            // Its ID token is good at that time.
            let signed_in = signed_in(&mut now, 1000);
            let store = if *has_store { Store::Shared } else { Store::None };
            (Session::new(config, signed_in, store), store, None)
        }
    };
    let mut tab = Tab {
        session,
        store,
        now,
        unix_time,
        asked: None,
        answered: None,
        wake_at: None,
        kept,
        usable: BTreeSet::new(),
        refused: None,
        ends: 0,
    };
    tab.usable.extend(tab.token());
    tab.step(Input::Wake);
    for event in case.events.iter().take(100) {
        tab.happens(event);
    }
});
