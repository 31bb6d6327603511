//! A tab in a test: a session, its clock, its store, and what it did as text.

use std::format;
use std::string::{String, ToString};
use std::time::Duration;
use std::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::grant::Grant;
use super::super::{Answer, Ask, AskId, Event, Input, Origin, Session, Store, StoreFailed, record};
use crate::config::{Config, Server, Settings};
use crate::error::TransportError;
use crate::flow::SignedIn;
use crate::http::HttpResponse;
use crate::id_token::{Identity, Vouched};
use crate::secret::{AccessToken, IdToken, RefreshToken, SessionRecord};
use crate::time::{Instant, UnixTime};
use crate::wire::token::Tokens;

/// What the wall clock shows at the beginning.
pub(super) const EPOCH: u64 = 1_700_000_000;

/// A session of Jane's that began with the tokens `a1` and `r1` for an hour, its clock and its store.
pub(super) struct Tab {
    pub(super) session: Session,
    pub(super) now: Instant,
    pub(super) store: Option<SessionRecord>,
    pub(super) asked: Option<(AskId, Ask)>,
    pub(super) wake_at: Option<Instant>,
    pub(super) log: String,
}

pub(super) fn config(settings: &str) -> Config {
    Settings::from_json(settings.as_bytes())
        .and_then(Config::new)
        .expect(settings)
}

pub(super) fn plain() -> Config {
    config(
        r#"{"token_endpoint":"https://id.example/token","device_authorization_endpoint":"https://id.example/device","revocation_endpoint":"https://id.example/revoke","end_session_endpoint":"https://id.example/logout","client_id":"tv","scope":"read"}"#,
    )
}

pub(super) fn tokens(access_token: &str, refresh_token: Option<&str>, expires_in: Option<u64>) -> Tokens {
    Tokens {
        access_token: AccessToken::new(access_token),
        token_type: "Bearer".into(),
        expires_in: expires_in.map(Duration::from_secs),
        refresh_token: refresh_token.map(RefreshToken::new),
        id_token: Some(IdToken::new("i1")),
        scope: Some("read".into()),
    }
}

pub(super) fn signed_in(config: &Config, tokens: Tokens) -> SignedIn {
    let Server::Endpoints(endpoints) = &config.server else {
        panic!("explicit endpoints")
    };
    SignedIn {
        tokens,
        identity: Some(Identity {
            subject: "jane".into(),
            name: Some("Jane Doe".into()),
            preferred_username: None,
            email: None,
            vouched_by: Vouched::Signature,
        }),
        origin: Origin::new(Instant::default(), endpoints),
    }
}

impl Tab {
    pub(super) fn new(config: Config, store: Store, tokens: Tokens) -> Self {
        let signed_in = signed_in(&config, tokens);
        Self::of(Session::new(config, signed_in, store))
    }

    pub(super) fn of(session: Session) -> Self {
        Self {
            session,
            now: Instant::default(),
            store: None,
            asked: None,
            wake_at: None,
            log: String::new(),
        }
    }

    fn unix_time(&self) -> UnixTime {
        UnixTime::from_secs(EPOCH + self.now.as_millis() / 1000)
    }

    /// What another tab with tokens of its own leaves in the store.
    fn written_by(&self, subject: &str, access_token: &str, refresh_token: &str) -> SessionRecord {
        let mut home = self.session.home.clone();
        home.subject = Some(subject.into());
        let grant = Grant::new(tokens(access_token, Some(refresh_token), Some(3600)), self.now);
        record::write(&home, &grant, self.now, self.unix_time())
    }

    fn http(status: u16, body: String) -> Answer {
        Answer::Http(Ok(HttpResponse {
            status,
            headers: Vec::new(),
            body: body.into(),
        }))
    }

    /// One event in a few words; what came of it is added to the log.
    pub(super) fn happen(&mut self, event: &str) {
        let words: Vec<&str> = event.split_whitespace().collect();
        let answer = match words[..] {
            // The store does as it is told.
            ["ok"] => match self.asked.as_ref().map(|(_, ask)| ask).expect("something was asked") {
                Ask::Lock => Answer::Locked {
                    stored: Ok(self.store.clone()),
                    unix_time: self.unix_time(),
                },
                Ask::Keep(record) => {
                    self.store = Some(record.clone());
                    Answer::Stored(Ok(()))
                }
                Ask::Forget => {
                    self.store = None;
                    Answer::Stored(Ok(()))
                }
                Ask::Http(_) => Self::http(200, String::new()),
            },
            ["fail"] => match self.asked.as_ref().map(|(_, ask)| ask).expect("something was asked") {
                Ask::Lock => Answer::Locked {
                    stored: Err(StoreFailed),
                    unix_time: self.unix_time(),
                },
                _ => Answer::Stored(Err(StoreFailed)),
            },
            ["tokens", access] => Self::http(
                200,
                format!(r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":3600}}"#),
            ),
            ["tokens", access, refresh] => Self::http(
                200,
                format!(
                    r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":3600,"refresh_token":"{refresh}"}}"#
                ),
            ),
            ["id_token", issuer, audience, subject] => {
                let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
                let claims = format!(r#"{{"iss":"{issuer}","aud":"{audience}","sub":"{subject}"}}"#);
                let id_token = format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(&claims), part("signature"));
                Self::http(
                    200,
                    format!(
                        r#"{{"access_token":"a2","token_type":"Bearer","expires_in":3600,"id_token":"{id_token}"}}"#
                    ),
                )
            }
            ["error", code] => Self::http(400, format!(r#"{{"error":"{code}"}}"#)),
            ["status", status] => Self::http(status.parse().expect("a status"), String::new()),
            ["lost"] => Answer::Http(Err(TransportError::Interrupted)),
            ["theirs", subject, access, refresh] => {
                self.store = Some(self.written_by(subject, access, refresh));
                return;
            }
            ["pass", seconds] => {
                self.now = self.now + Duration::from_secs(seconds.parse().expect("seconds"));
                return;
            }
            ["cleared"] => {
                self.store = None;
                return;
            }
            ["wait"] => {
                self.now = self.wake_at.expect("the session waits for a time");
                return self.input(event, Input::Wake);
            }
            ["wake"] => return self.input(event, Input::Wake),
            ["wanted"] => return self.input(event, Input::Wanted),
            ["changed"] => return self.input(event, Input::Changed),
            ["refused", token] => return self.input(event, Input::Refused(AccessToken::new(token))),
            ["leave"] => return self.input(event, Input::SignOut),
            _ => panic!("{event}"),
        };
        let (id, _) = self.asked.take().expect("something was asked");
        self.input(event, Input::Answer(id, answer));
    }

    fn input(&mut self, event: &str, input: Input) {
        let step = self.session.step(self.now, input);
        let mut parts = std::vec![format!("{:<6} {event:12}", self.now.as_millis() / 1000)];
        if let Some((id, ask)) = step.ask {
            parts.push(match &ask {
                Ask::Lock => " lock".to_string(),
                Ask::Forget => " forget".to_string(),
                Ask::Keep(record) => {
                    let json: serde_json::Value = serde_json::from_str(record.expose()).expect("JSON");
                    format!(" keep {} {}", json["access_token"], json["refresh_token"]).replace('"', "")
                }
                Ask::Http(request) => {
                    let body = core::str::from_utf8(&request.body).expect("a form");
                    let body = body
                        .replace("grant_type=refresh_token&", "")
                        .replace("&client_id=tv", "");
                    format!(" POST {} {body}", request.url.replace("https://id.example", ""))
                }
            });
            assert!(self.asked.is_none(), "never two asks outstanding");
            self.asked = Some((id, ask));
        }
        if let Some(wake_at) = step.wake_at {
            parts.push(format!(" until {}", wake_at.as_millis() / 1000));
        }
        if step.holds_lock {
            parts.push(" (locked)".into());
        }
        match step.event {
            None => {}
            Some(Event::NotKept) => parts.push(", not kept".into()),
            Some(Event::Ended { end, is_left_behind }) => {
                let rest = if is_left_behind { ", left behind" } else { "" };
                parts.push(format!(", ended: {} ({end}){rest}", end.code()));
            }
        }
        self.wake_at = step.wake_at;
        self.log += parts.concat().trim_end();
        self.log += "\n";
    }

    pub(super) fn tell(mut self, script: &str) -> Self {
        script.split(';').for_each(|event| self.happen(event.trim()));
        self
    }
}
