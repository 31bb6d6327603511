//! Tabs of one browser after the sign-in: they share a lock, a store and a server, and answers take no time.

use std::sync::Arc;
use std::time::Duration;

use device_flow::session::{Answer, Ask, AskId, Event, Input, Session, SessionEnd, Store, StoreFailed};
use device_flow::{Config, Flow, HttpRequest, HttpResponse, Instant, SessionRecord, SignedIn, UnixTime, View};
use mock_idp::{Idp, Request, Rs256Signer, Switch};

use crate::Issuer;
use crate::front::{forwarded, from_idp, path, to_idp};
use crate::television::EPOCH;

/// One story with tabs.
#[derive(Debug)]
pub struct Household {
    issuer: Issuer,
    idp: Idp,
    now: Duration,
    tabs: Vec<Tab>,
    /// What rests.
    pub store: Option<SessionRecord>,
    /// Refreshes that were sent so far.
    pub refreshes: usize,
    is_store_broken: bool,
}

#[derive(Debug)]
struct Tab {
    session: Session,
    asked: Option<(AskId, Ask)>,
    wake_at: Option<Instant>,
    holds_lock: bool,
    ends: Vec<SessionEnd>,
}

impl Household {
    /// One tab, in which Jane has signed in with a refresh token, and which has written that down.
    pub fn new(issuer: Issuer) -> Self {
        let signer = Rs256Signer::test_only().expect("the test key is sound");
        let mut household = Self {
            issuer,
            idp: issuer.idp(Arc::new(signer)),
            now: Duration::ZERO,
            tabs: Vec::new(),
            store: None,
            refreshes: 0,
            is_store_broken: false,
        };
        let signed_in = household.sign_in();
        household.open(Session::new(household.config(), signed_in, Store::Shared));
        household
    }

    /// The server misbehaves as a scenario of the mock's catalogue says; an empty name means its first form.
    pub fn scenario(&mut self, id: &str, variant: &str) {
        let variant = Some(variant).filter(|name| !name.is_empty()).map(str::to_owned);
        let switch = Switch {
            variant,
            ..Switch::default()
        };
        self.idp.faults().switch_on(id, switch).expect("the catalogue has it");
    }

    /// One more tab goes on with what the store holds.
    pub fn restore(&mut self) {
        let record = self.store.as_ref().expect("something is kept");
        let unix_time = UnixTime::from_secs(EPOCH + self.now.as_secs());
        let session = Session::restore(self.config(), record, self.instant(), unix_time);
        self.open(session.expect("it is sound"));
    }

    /// The last tab's process dies just before it writes down what a refresh brought.
    pub fn crash_before_keeping(&mut self, span: Duration) {
        self.is_store_broken = true;
        self.pass(span);
        self.is_store_broken = false;
        self.tabs.pop();
    }

    /// Somebody takes the sign-in back at the server, with the token that makes others.
    pub fn revoke_at_server(&mut self) {
        let record: serde_json::Value =
            serde_json::from_str(self.store.as_ref().expect("kept").expose()).expect("JSON");
        let url = record["revocation_endpoint"].as_str().expect("an address");
        let fields = [
            ("token", record["refresh_token"].as_str().expect("a token")),
            ("client_id", "tv"),
        ];
        let request = forwarded(Request::form(path(url), &fields));
        assert_eq!(self.idp.handle(self.idp_now(), &request).status, 200);
    }

    /// Whether a refresh token still makes others, asked of the server behind the tabs' back.
    pub fn is_alive(&mut self, record: &SessionRecord) -> bool {
        let record: serde_json::Value = serde_json::from_str(record.expose()).expect("JSON");
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", record["refresh_token"].as_str().expect("a token")),
            ("client_id", "tv"),
        ];
        let url = record["token_endpoint"].as_str().expect("an address");
        let request = forwarded(Request::form(path(url), &fields));
        self.idp.handle(self.idp_now(), &request).status == 200
    }

    /// Somebody signs out in a tab.
    pub fn sign_out(&mut self, tab: usize) {
        self.step(tab, Input::SignOut);
        self.settle();
    }

    /// A resource server refuses the access token of a tab, and whoever runs there tells the session.
    pub fn refuse(&mut self, tab: usize) {
        let token = self.tabs[tab].session.access_token(self.instant()).cloned();
        self.step(tab, Input::Refused(token.expect("there is one to refuse")));
        self.settle();
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        self.settle();
        while let Some(at) = self.next_wake().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            for tab in 0..self.tabs.len() {
                self.step(tab, Input::Wake);
            }
            self.settle();
        }
        self.now = end;
    }

    /// The access token of each tab.
    pub fn access_tokens(&self) -> Vec<Option<&str>> {
        let now = self.instant();
        let tokens = self.tabs.iter().map(|tab| tab.session.access_token(now));
        tokens
            .map(|token| token.map(device_flow::AccessToken::expose))
            .collect()
    }

    /// The ends that each tab was told, in words for programs.
    pub fn ends(&self) -> Vec<Vec<&str>> {
        let ends = self.tabs.iter().map(|tab| tab.ends.iter().map(SessionEnd::code));
        ends.map(Iterator::collect).collect()
    }

    /// The last end that a tab was told, in words for people.
    pub fn last_words(&self, tab: usize) -> String {
        let end = self.tabs[tab].ends.last();
        end.map(SessionEnd::to_string).unwrap_or_default()
    }

    fn open(&mut self, session: Session) {
        self.tabs.push(Tab {
            session,
            asked: None,
            wake_at: None,
            holds_lock: false,
            ends: Vec::new(),
        });
        self.step(self.tabs.len() - 1, Input::Wake);
        self.settle();
    }

    fn next_wake(&self) -> Option<Duration> {
        let wakes = self.tabs.iter().filter_map(|tab| tab.wake_at);
        wakes.min().map(|at| Duration::from_millis(at.as_millis()))
    }

    fn step(&mut self, tab: usize, input: Input) {
        let now = self.instant();
        let tab = &mut self.tabs[tab];
        let step = tab.session.step(now, input);
        tab.wake_at = step.wake_at;
        tab.holds_lock = step.holds_lock;
        tab.asked = step.ask.or(tab.asked.take());
        if let Some(Event::Ended { end, .. }) = step.event {
            tab.ends.push(end);
        }
    }

    /// Answers until nobody asks for anything that can be had.
    fn settle(&mut self) {
        while let Some(tab) = (0..self.tabs.len()).find(|tab| self.can_answer(*tab)) {
            let (id, ask) = self.tabs[tab].asked.take().expect("asked");
            let is_change = matches!(ask, Ask::Keep(_) | Ask::Forget);
            let answer = self.answer(ask);
            self.step(tab, Input::Answer(id, answer));
            for other in (0..self.tabs.len()).filter(|other| is_change && *other != tab) {
                self.step(other, Input::Changed);
            }
        }
    }

    fn can_answer(&self, tab: usize) -> bool {
        let others_hold = || (0..self.tabs.len()).any(|other| other != tab && self.tabs[other].holds_lock);
        match &self.tabs[tab].asked {
            None => false,
            Some((_, Ask::Lock)) => !others_hold(),
            Some((_, Ask::Keep(_))) => !self.is_store_broken,
            Some(_) => true,
        }
    }

    fn answer(&mut self, ask: Ask) -> Answer {
        match ask {
            Ask::Forget => {
                self.store = None;
                Answer::Stored(Ok(()))
            }
            Ask::Http(request) => {
                self.refreshes += usize::from(request.body.starts_with(b"grant_type=refresh_token"));
                Answer::Http(Ok(self.send(&request)))
            }
            Ask::Keep(record) => {
                self.store = Some(record);
                Answer::Stored(Ok::<(), StoreFailed>(()))
            }
            Ask::Lock => Answer::Locked {
                stored: Ok(self.store.clone()),
                unix_time: UnixTime::from_secs(EPOCH + self.now.as_secs()),
            },
        }
    }

    fn send(&mut self, request: &HttpRequest) -> HttpResponse {
        from_idp(self.idp.handle(self.idp_now(), &to_idp(request))).0
    }

    fn sign_in(&mut self) -> SignedIn {
        use device_flow::{Answer, Ask, Input};
        let mut flow = Flow::new(self.config());
        let mut input = Input::Start;
        loop {
            let step = flow.step(self.instant(), input);
            if let View::Code(code) = flow.view(self.instant()) {
                // Too late for the second time, which is as well.
                let _ = self.idp.approve(self.idp_now(), &code.user_code, Some("jane"));
            }
            input = match (step.ask, step.wake_at) {
                (Some((id, Ask::Http(request))), _) => Input::Answer(id, Answer::Http(Ok(self.send(&request)))),
                (Some((id, Ask::Digest(input))), _) => {
                    let digest = client_term::digest::sha256(&input);
                    Input::Answer(id, Answer::Digest(Some(digest)))
                }
                (Some((id, Ask::VerifySignature(check))), _) => {
                    let found = client_term::signature::verify(&check);
                    let unix_time = UnixTime::from_secs(EPOCH + self.now.as_secs());
                    Input::Answer(id, Answer::Signature { found, unix_time })
                }
                (None, Some(at)) => {
                    self.now = Duration::from_millis(at.as_millis());
                    Input::Wake
                }
                (None, None) => return flow.take_signed_in().expect("signed in"),
            };
        }
    }

    fn config(&self) -> Config {
        let mut settings = self.issuer.settings();
        // Google gives every device a refresh token, and knows no such scope.
        let scope = match self.issuer {
            Issuer::Google => "openid profile",
            _ => "openid profile offline_access",
        };
        settings.scope = Some(scope.into());
        Config::new(settings).expect("a sound configuration")
    }

    fn instant(&self) -> Instant {
        Instant::default() + self.now
    }

    fn idp_now(&self) -> mock_idp::Instant {
        mock_idp::Instant::from_seconds(EPOCH) + self.now
    }
}
