//! Watches the set at every step of every story, and knows the rules from the RFCs alone.
//!
//! It hears what the set hears and sees what the set does. It shares no code with `device-flow`: what an answer means, it
//! reads for itself.

use std::mem;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use device_flow::{Answer, Ask, AskId, Flow, HttpRequest, HttpResponse, Input, Instant, Step, View};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// RFC 8628 section 3.2: the interval where none is told.
const DEFAULT_INTERVAL: u64 = 5;
/// RFC 8628 section 3.5.
const SLOW_DOWN_INCREMENT: u64 = 5;
/// What the client calls absurd in a code, as its documentation says; in seconds.
const LONGEST_INTERVAL: u64 = 300;
const LONGEST_LIFETIME: u64 = 24 * 60 * 60;
/// As its documentation says: what an absent `expires_in` counts as.
const DEFAULT_LIFETIME: u64 = 300;
/// The longest wait that a server can ask for during the polling, and elsewhere.
const LONGEST_WAIT: u64 = 300;
/// How much longer than the interval a lost answer may make the set wait, where the server asks for nothing.
const LONGEST_BACK_OFF: u64 = 60;
/// How long it may wait at most once tokens are here, and the keys to believe them are not.
const LONGEST_FOR_KEYS: u64 = 300;
/// After so many in a row the set may wait for longer than five seconds more, as its documentation says.
const SLOW_DOWNS_TAKEN_AT_THEIR_WORD: u32 = 3;
/// Two clocks never agree: so much later than it must a poll may go out.
const MARGIN: Duration = Duration::from_secs(1);
/// So often in a row one exchange outside of the polling is tried, and the last ask.
const TRIES: u32 = 4;
const LAST_ASKS: u32 = 5;
/// So often the keys are asked for once there are tokens.
const TRIES_WITH_TOKENS: u32 = 8;
/// A browser says so once of any dropped connection.
const FORBIDDEN: u32 = 2;
/// so near to its end a code may be called unknown.
const EXPIRY_LEEWAY: Duration = Duration::from_secs(5);

/// What the set was told, what it asked, and what it may therefore do.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    outstanding: Option<(AskId, About)>,
    answered: Option<AskId>,
    codes: Vec<Told>,
    /// The last of them has only just been told.
    is_code_new: bool,
    /// `code_challenge` of the request for the next one (RFC 7636 section 4.3).
    challenge: Option<String>,
    secrets: Vec<String>,
    /// So many were there when the set was last searched for them.
    secrets_looked_for: usize,
    /// Answers lost in a row outside of the polling.
    lost: u32,
    /// Answers in a row that the browser did not let the set read, as it says.
    forbidden: u32,
    /// Tokens came.
    pub(crate) is_granted: bool,
    /// Why the story may end as it does, from what was heard last.
    reason: Reason,
    /// The longest that the set may have left an answered poll alone.
    pub(crate) patience: Duration,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum About {
    Code,
    Poll(usize),
    Other,
}

/// One code, as its answer told it.
#[derive(Debug)]
struct Told {
    device_code: String,
    user_code: String,
    challenge: Option<String>,
    lifetime: Duration,
    /// The least between two polls, and the most that the set may make of it.
    interval: Duration,
    longest_interval: Duration,
    quiet_since: Instant,
    expires_at: Instant,
    /// How long the next poll may take from `quiet_since`.
    longest_wait: Duration,
    /// How often in a row it was told to slow down.
    slow_downs: u32,
    lost_last_asks: u32,
    is_over: bool,
}

/// Why a story may end.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Reason {
    #[default]
    None,
    Cancelled,
    Denied,
    /// Too many answers in a row were lost.
    Lost,
    /// An answer that is neither yes nor "later".
    Refused,
}

impl Witness {
    /// Before the set does: what it is about to be told.
    pub(crate) fn hears(&mut self, now: Instant, input: &Input, is_active: bool) {
        match input {
            Input::Start if !is_active => {
                self.codes.clear();
                self.lost = 0;
                self.forbidden = 0;
                self.is_granted = false;
                self.reason = Reason::None;
            }
            Input::Cancel if is_active => self.reason = Reason::Cancelled,
            Input::Answer(id, answer) => {
                let Some((_, about)) = self.outstanding.take_if(|(asked, _)| asked == id) else {
                    return;
                };
                self.answered = Some(*id);
                match answer {
                    Answer::Http(Ok(response)) => {
                        self.forbidden = 0;
                        self.hears_response(now, about, response);
                    }
                    Answer::Http(Err(error)) => {
                        self.hears_nothing(now, about, 0);
                        let is_forbidden = *error == device_flow::TransportError::CrossOriginRefused;
                        self.forbidden = if is_forbidden { self.forbidden + 1 } else { 0 };
                        if self.forbidden >= FORBIDDEN {
                            self.reason = Reason::Refused;
                        }
                    }
                    Answer::Digest(_) | Answer::Signature { .. } => {}
                }
            }
            Input::Cancel | Input::Start | Input::Wake => {}
        }
    }

    fn hears_response(&mut self, now: Instant, about: About, response: &HttpResponse) {
        let body = read(response);
        let error = body["error"].as_str().or(body["errorCode"].as_str());
        for secret in ["device_code", "access_token", "refresh_token", "id_token"] {
            self.secrets.extend(body[secret].as_str().map(str::to_owned));
        }
        let is_busy = matches!(response.status, 408 | 429 | 500..);
        let told = if ["retry-after", "x-rate-limit-reset"]
            .iter()
            .any(|name| response.header(name).is_some())
        {
            LONGEST_WAIT
        } else {
            0
        };
        match (about, error) {
            (About::Poll(code), Some("authorization_pending" | "slow_down")) => {
                let code = &mut self.codes[code];
                code.slow_downs = if error == Some("slow_down") {
                    code.slow_downs + 1
                } else {
                    0
                };
                if error == Some("slow_down") {
                    let told = number(&body["interval"]).unwrap_or(0).min(LONGEST_WAIT);
                    let (told, more) = (Duration::from_secs(told), Duration::from_secs(SLOW_DOWN_INCREMENT));
                    code.interval = (code.interval + more).max(told);
                    code.longest_interval = if code.slow_downs > SLOW_DOWNS_TAKEN_AT_THEIR_WORD {
                        code.longest_interval + Duration::from_secs(LONGEST_BACK_OFF)
                    } else {
                        (code.longest_interval + more).max(told)
                    };
                }
                code.quiet_since = now;
                code.longest_wait = code.longest_interval;
                self.patience = self.patience.max(code.longest_wait);
                code.is_over |= now >= code.expires_at;
            }
            // Whether such an error is the last word depends on the error and on the status: both are allowed here.
            _ if is_busy && !body.is_object() => self.hears_nothing(now, about, told),
            _ => {
                self.hears_nothing(now, about, told);
                self.hears_verdict(now, about, error, &body);
            }
        }
    }

    fn hears_verdict(&mut self, now: Instant, about: About, error: Option<&str>, body: &Value) {
        self.reason = match error {
            Some("access_denied") => Reason::Denied,
            _ => Reason::Refused,
        };
        match (about, error) {
            (About::Poll(code), Some("expired_token")) => self.codes[code].is_over = true,
            (About::Poll(code), Some("invalid_grant")) => {
                let code = &mut self.codes[code];
                code.is_over |= now + EXPIRY_LEEWAY >= code.expires_at;
            }
            (About::Poll(_), None) => self.is_granted = body["access_token"].is_string(),
            (About::Code, None) => {
                let seconds = |member, default, longest| {
                    let told = number(&body[member]).filter(|n| *n > 0).unwrap_or(default);
                    Duration::from_secs(told.min(longest))
                };
                let lifetime = seconds("expires_in", DEFAULT_LIFETIME, LONGEST_LIFETIME);
                let longest_interval = LONGEST_INTERVAL.min(lifetime.as_secs());
                let interval = seconds("interval", DEFAULT_INTERVAL, longest_interval);
                self.patience = self.patience.max(interval);
                self.lost *= u32::from(!body["device_code"].is_string());
                self.is_code_new = body["device_code"].is_string();
                let is_fresh = |code: &Told| code.challenge.is_none() || code.challenge != self.challenge;
                assert!(self.codes.iter().all(is_fresh), "every code has a challenge of its own");
                self.codes.extend(body["device_code"].as_str().map(|device_code| Told {
                    device_code: device_code.into(),
                    user_code: body["user_code"].as_str().unwrap_or_default().into(),
                    challenge: self.challenge.clone(),
                    lifetime,
                    interval,
                    longest_interval: interval,
                    quiet_since: now,
                    expires_at: now + lifetime,
                    longest_wait: interval,
                    slow_downs: 0,
                    lost_last_asks: 0,
                    is_over: false,
                }));
            }
            _ => {}
        }
    }

    fn hears_nothing(&mut self, now: Instant, about: About, told: u64) {
        let is_enough = if let About::Poll(code) = about {
            let code = &mut self.codes[code];
            code.quiet_since = now;
            code.longest_wait = code.longest_interval + Duration::from_secs(told.max(LONGEST_BACK_OFF));
            self.patience = self.patience.max(code.longest_wait);
            code.lost_last_asks += u32::from(now >= code.expires_at);
            code.lost_last_asks >= LAST_ASKS
        } else {
            self.lost += 1;
            let tries = if self.is_granted { TRIES_WITH_TOKENS } else { TRIES };
            // A server that wants to be left alone for long is not waited for.
            self.lost >= tries || told > 0
        };
        self.reason = if is_enough { Reason::Lost } else { Reason::None };
    }

    /// After the set has: what it did.
    pub(crate) fn sees(&mut self, now: Instant, step: &Step, flow: &Flow) {
        if let Some((id, ask)) = &step.ask {
            assert_eq!(self.outstanding, None, "never two asks outstanding");
            let about = match ask {
                Ask::Http(request) => self.about(request),
                Ask::Digest(_) | Ask::VerifySignature(_) => About::Other,
            };
            if let About::Poll(code) = about {
                let code = &self.codes[code];
                let quiet = now.since(code.quiet_since);
                assert!(
                    quiet >= code.interval,
                    "never a poll before its time: {quiet:?} for {code:?}"
                );
            }
            self.outstanding = Some((*id, about));
        }
        // A code that the set does not show is one that it did not take.
        if mem::take(&mut self.is_code_new) {
            let view = flow.view(now);
            let is_shown = |code: &mut Told| matches!(&view, View::Code(view) if view.user_code == code.user_code);
            let _ = self.codes.pop_if(|code| !is_shown(code));
        }
        if flow.is_active() {
            self.sees_going_on(now, step);
        } else {
            assert!(
                step.ask.is_none() && step.wake_at.is_none(),
                "nothing happens after the end"
            );
            let given_up = self.outstanding.take().map(|(id, _)| id);
            self.answered = given_up.or(self.answered);
            self.sees_end(&flow.view(now));
        }
        if self.secrets.len() == self.secrets_looked_for && flow.is_active() {
            return;
        }
        self.secrets_looked_for = self.secrets.len();
        let text = format!("{flow:?}");
        let is_secret = |secret: &&String| secret.len() >= 8 && text.contains(*secret);
        assert_eq!(
            self.secrets.iter().find(is_secret),
            None,
            "no debug text holds a secret"
        );
    }

    /// Either the set waits for an answer, or it has set itself a timer that is not too long.
    fn sees_going_on(&self, now: Instant, step: &Step) {
        let Some(wake_at) = step.wake_at else {
            assert!(
                self.outstanding.is_some(),
                "a set that goes on asks, or waits for something"
            );
            return;
        };
        assert_eq!(self.outstanding, None, "no timer beside an ask");
        let longest = self.codes.iter().map(|code| code.quiet_since + code.longest_wait);
        let longest = longest.max().unwrap_or_default().max(
            now + Duration::from_secs(if self.is_granted {
                LONGEST_FOR_KEYS
            } else {
                LONGEST_BACK_OFF
            }),
        );
        assert!(
            wake_at <= longest + MARGIN,
            "nobody waits for so long: until {wake_at:?}, now {now:?}"
        );
    }

    fn sees_end(&self, view: &View) {
        let any_over = self.codes.last().is_some_and(|code| code.is_over);
        let is_justified = match view {
            View::Cancelled => self.reason == Reason::Cancelled,
            View::Denied { .. } => self.reason == Reason::Denied,
            View::Expired => any_over,
            View::Idle => true,
            View::SignedIn { .. } => self.is_granted,
            View::Failed(_) => matches!(self.reason, Reason::Lost | Reason::Refused),
            View::Connecting { .. } | View::Code(_) | View::Checking { .. } => false,
        };
        assert!(is_justified, "nothing justifies this end: {view:?}, {:?}", self.reason);
    }

    /// An ask that has had its answer, or was given up: nobody waits for another.
    pub(crate) fn answered(&self) -> Option<AskId> {
        self.answered
    }

    /// How long the code on the screen lives, as the set was told.
    pub(crate) fn lifetime(&self) -> Duration {
        self.codes.last().map_or(Duration::ZERO, |code| code.lifetime)
    }

    fn about(&mut self, request: &HttpRequest) -> About {
        let field = |name| {
            let mut fields = form_urlencoded::parse(&request.body);
            fields.find(|(field, _)| field == name).map(|(_, value)| value)
        };
        if let Some(device_code) = field("device_code") {
            let code = self.codes.iter().position(|code| code.device_code == device_code);
            let code = code.expect("a code that the set was told, and told in this sign-in");
            let challenge = field("code_verifier").map(|verifier| challenge(&verifier));
            assert_eq!(self.codes[code].challenge, challenge, "who polls is who asked");
            About::Poll(code)
        } else if field("client_id").is_some() {
            self.challenge = field("code_challenge").map(Into::into);
            About::Code
        } else {
            About::Other
        }
    }
}

/// RFC 7636 section 4.2, S256.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn read(response: &HttpResponse) -> Value {
    let media_type = response.header("content-type").unwrap_or_default();
    if media_type.starts_with("application/x-www-form-urlencoded") {
        return form_urlencoded::parse(&response.body).into_owned().collect::<Value>();
    }
    serde_json::from_slice(&response.body).unwrap_or_default()
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
