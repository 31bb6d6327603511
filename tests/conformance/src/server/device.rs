//! A device that asks everything once and remembers the answers, so that a server is asked as little as possible.

use std::collections::HashMap;
use std::fmt::Write;
use std::rc::Rc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mock_idp::{About, Body, Delivery, Entry, Instant};
use serde_json::Value;

use super::person::{Decision, Person, Shown};
use super::wire::{Request, Response, Wire};
use crate::check::{Otherwise, broken, untested};
use crate::exchange::Exchange;

/// The device grant's name (RFC 8628 section 3.4).
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How long a device waits where the server says nothing (S-15).
const USUAL_INTERVAL: u64 = 5;
/// No interval is believed beyond this, in seconds.
const LONGEST_INTERVAL: u64 = 60;
/// So often an approved code is asked about before the kit gives up.
const ASKS: usize = 6;

/// How a client with a secret shows it (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authentication {
    /// In the `Authorization` header.
    #[default]
    Basic,
    /// In the form.
    Post,
}

/// What is judged, and as whom.
#[derive(Clone, Debug)]
pub struct Target {
    /// The issuer, as the server spells it.
    pub issuer: String,
    /// A client that may use the device grant.
    pub client_id: String,
    /// Its secret, if it has one.
    pub client_secret: Option<String>,
    /// How the secret is shown.
    pub authentication: Authentication,
    /// Another client that may use the device grant.
    pub other_client_id: Option<String>,
    /// What is asked for.
    pub scope: Option<String>,
    /// For a server without metadata.
    pub device_authorization_endpoint: Option<String>,
    /// For a server without metadata.
    pub token_endpoint: Option<String>,
    /// The longest wait for a code to expire.
    pub patience: Duration,
}

/// An answer, and how it may be shown.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    shown: Exchange,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(each, _)| each.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The media type without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// `error`, where there is one.
    pub(crate) fn error(&self) -> Option<String> {
        Some(self.json()["error"].as_str()?.to_owned())
    }

    /// The status and the error, as in `400 invalid_grant`.
    pub(crate) fn in_words(&self) -> String {
        match self.error() {
            Some(error) => format!("{} {error}", self.status),
            None if self.status == 200 => "200, a success".to_owned(),
            None if self.body.is_empty() => format!("{} with an empty body", self.status),
            None => format!("{} without `error` ({})", self.status, self.media_type()),
        }
    }
}

/// What came of a request, remembered.
pub(crate) type Asked = Result<Rc<Answer>, Otherwise>;

/// A grant under way.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) device_code: String,
    pub(crate) shown: Shown,
    pub(crate) expires_in: Option<u64>,
    pub(crate) begun_at: u64,
}

/// When a code may be asked about again.
#[derive(Clone, Copy, Debug)]
struct Pace {
    answered_at: u64,
    interval: Duration,
}

/// The device.
pub struct Device<'a> {
    pub(crate) target: Target,
    wire: &'a mut dyn Wire,
    person: &'a mut dyn Person,
    memory: HashMap<&'static str, Asked>,
    paces: HashMap<String, Pace>,
    begun: HashMap<&'static str, u64>,
    touched: Vec<Rc<Answer>>,
}

impl<'a> Device<'a> {
    /// A device that knows nothing yet.
    pub fn new(target: Target, wire: &'a mut dyn Wire, person: &'a mut dyn Person) -> Self {
        Self {
            target,
            wire,
            person,
            memory: HashMap::new(),
            paces: HashMap::new(),
            begun: HashMap::new(),
            touched: Vec::new(),
        }
    }

    /// Whether anything answers where the issuer should be.
    ///
    /// # Errors
    ///
    /// Why not, in words.
    pub fn greet(&mut self) -> Result<(), String> {
        let asked = self.openid_metadata();
        self.touched.clear();
        match asked {
            Err(Otherwise::Broken(words)) => Err(words),
            _ => Ok(()),
        }
    }

    /// The exchanges that were looked at since the last time, each once.
    pub(crate) fn take_seen(&mut self) -> Vec<Exchange> {
        let mut seen: Vec<Rc<Answer>> = Vec::new();
        for answer in self.touched.drain(..) {
            if !seen.iter().any(|each| Rc::ptr_eq(each, &answer)) {
                seen.push(answer);
            }
        }
        seen.iter().map(|answer| answer.shown.clone()).collect()
    }

    pub(crate) fn now(&self) -> u64 {
        self.wire.now()
    }

    pub(crate) fn wait(&mut self, span: Duration) {
        self.wire.wait(span);
    }

    /// Does something once; whoever asks again gets what came of it.
    pub(crate) fn once(&mut self, name: &'static str, act: impl FnOnce(&mut Self) -> Asked) -> Asked {
        let known = if let Some(known) = self.memory.get(name) {
            known.clone()
        } else {
            let new = act(self);
            self.memory.insert(name, new.clone());
            new
        };
        if let Ok(answer) = &known {
            self.touched.push(Rc::clone(answer));
        }
        known
    }

    /// Sends a request whose answer is not remembered.
    pub(crate) fn ask(&mut self, request: &Request) -> Asked {
        let arrived_at = self.wire.now();
        let answered = self.wire.send(request);
        let answered_at = self.wire.now();
        let answer = match answered {
            Ok(response) => Rc::new(Answer {
                shown: shown(request, &response, arrived_at, answered_at),
                status: response.status,
                headers: response.headers,
                body: response.body,
            }),
            Err(why) => {
                return broken(format!("{} {} got no answer: {why}", request.method, request.url));
            }
        };
        self.touched.push(Rc::clone(&answer));
        Ok(answer)
    }

    pub(crate) fn get(&mut self, url: &str) -> Asked {
        self.ask(&Request {
            method: "GET",
            url: url.to_owned(),
            headers: vec![("Accept".to_owned(), "application/json".to_owned())],
            body: Vec::new(),
        })
    }

    /// Posts these fields and no others.
    pub(crate) fn post_as(&mut self, url: &str, fields: &[(&str, &str)], authorization: Option<&str>) -> Asked {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut headers = vec![
            ("Accept".to_owned(), "application/json".to_owned()),
            (
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ];
        headers.extend(authorization.map(|value| ("Authorization".to_owned(), value.to_owned())));
        self.ask(&Request {
            method: "POST",
            url: url.to_owned(),
            headers,
            body: body.into_bytes(),
        })
    }

    /// Posts these fields as the client that the kit was given.
    pub(crate) fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Asked {
        let id = self.target.client_id.clone();
        match (self.target.client_secret.clone(), self.target.authentication) {
            (None, _) => self.post_as(url, &[&[("client_id", &*id)], fields].concat(), None),
            (Some(secret), Authentication::Post) => {
                let own = [("client_id", &*id), ("client_secret", &*secret)];
                self.post_as(url, &[&own, fields].concat(), None)
            }
            (Some(secret), Authentication::Basic) => self.post_as(url, fields, Some(&basic(&id, &secret))),
        }
    }

    /// The document at OpenID Connect's place: appended to the issuer.
    pub(crate) fn openid_metadata(&mut self) -> Asked {
        self.once("metadata.openid", |device| {
            let issuer = device.target.issuer.trim_end_matches('/').to_owned();
            device.get(&format!("{issuer}/.well-known/openid-configuration"))
        })
    }

    /// The document at RFC 8414's place: between host and path.
    pub(crate) fn oauth_metadata(&mut self) -> Asked {
        self.once("metadata.oauth", |device| {
            let url = inserted(&device.target.issuer, "oauth-authorization-server");
            device.get(&url)
        })
    }

    /// The document that this server has: OpenID Connect's, or else RFC 8414's.
    pub(crate) fn metadata_answer(&mut self) -> Asked {
        let openid = self.openid_metadata()?;
        if openid.status == 200 {
            return Ok(openid);
        }
        let oauth = self.oauth_metadata()?;
        if oauth.status == 200 {
            return Ok(oauth);
        }
        let words = format!(
            "there is no metadata: {} at OpenID Connect's place, {} at RFC 8414's",
            openid.status, oauth.status
        );
        untested(words)
    }

    /// An endpoint of the server, as an option or its metadata name it.
    pub(crate) fn endpoint(&mut self, name: &str) -> Result<String, Otherwise> {
        let given = match name {
            "device_authorization_endpoint" => self.target.device_authorization_endpoint.clone(),
            "token_endpoint" => self.target.token_endpoint.clone(),
            _ => None,
        };
        if let Some(url) = given {
            return Ok(url);
        }
        let metadata = self.metadata_answer()?.json();
        match metadata[name].as_str() {
            Some(url) => Ok(url.to_owned()),
            None => untested(format!("the metadata has no {name}")),
        }
    }

    /// What is asked for: what an option says, or the usual scopes that the metadata lists.
    pub(crate) fn scope(&mut self) -> Option<String> {
        if let Some(scope) = &self.target.scope {
            return Some(scope.clone()).filter(|scope| !scope.is_empty());
        }
        let metadata = self.metadata_answer().ok()?.json();
        let listed = metadata["scopes_supported"].as_array()?;
        let usual = ["openid", "profile", "offline_access"].into_iter();
        let usual: Vec<_> = usual.filter(|scope| listed.iter().any(|each| each == scope)).collect();
        Some(usual.join(" ")).filter(|scope| !scope.is_empty())
    }

    /// Asks for a code, with these fields beside the client and the scope.
    pub(crate) fn start(&mut self, name: &'static str, more: &[(&str, &str)]) -> Asked {
        self.once(name, |device| {
            let url = device.endpoint("device_authorization_endpoint")?;
            let scope = device.scope();
            let scope: Vec<_> = scope.iter().map(|scope| ("scope", scope.as_str())).collect();
            let answer = device.post(&url, &[&scope, more].concat())?;
            let now = device.now();
            device.begun.insert(name, now);
            Ok(answer)
        })
    }

    /// The grant that a start began.
    pub(crate) fn grant(&mut self, name: &'static str, more: &[(&str, &str)]) -> Result<Grant, Otherwise> {
        let answer = self.start(name, more)?;
        let body = answer.json();
        let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
        let device_code = text("device_code");
        if answer.status != 200 || device_code.is_empty() {
            return untested(format!(
                "there is no device code: the server answered {}",
                answer.in_words()
            ));
        }
        let interval = body["interval"]
            .as_u64()
            .filter(|interval| *interval <= LONGEST_INTERVAL);
        let begun_at = self.begun.get(name).copied().unwrap_or_default();
        self.paces.entry(device_code.clone()).or_insert(Pace {
            answered_at: begun_at,
            interval: Duration::from_secs(interval.unwrap_or(USUAL_INTERVAL)),
        });
        // Google's name for the address: its person must find the way too.
        let uri = if body["verification_uri"].is_string() {
            "verification_uri"
        } else {
            "verification_url"
        };
        Ok(Grant {
            device_code,
            shown: Shown {
                user_code: text("user_code"),
                verification_uri: text(uri),
                verification_uri_complete: text("verification_uri_complete"),
            },
            expires_in: body["expires_in"].as_u64(),
            begun_at,
        })
    }

    /// The grant that most checks look at.
    pub(crate) fn main_grant(&mut self) -> Result<Grant, Otherwise> {
        self.grant("start", &[])
    }

    /// How long the server wants between one poll of this code and the next.
    pub(crate) fn interval(&self, grant: &Grant) -> Duration {
        self.paces
            .get(&grant.device_code)
            .map_or(Duration::from_secs(USUAL_INTERVAL), |pace| pace.interval)
    }

    /// Asks about a code once its interval is over.
    pub(crate) fn poll(&mut self, grant: &Grant, more: &[(&str, &str)]) -> Asked {
        if let Some(pace) = self.paces.get(&grant.device_code).copied() {
            let gone = Duration::from_millis(self.now().saturating_sub(pace.answered_at));
            self.wait(pace.interval.saturating_sub(gone));
        }
        self.poll_at_once(grant, more)
    }

    /// Asks about a code at once.
    pub(crate) fn poll_at_once(&mut self, grant: &Grant, more: &[(&str, &str)]) -> Asked {
        let url = self.endpoint("token_endpoint")?;
        let own = [("grant_type", DEVICE_CODE), ("device_code", &*grant.device_code)];
        let answer = self.post(&url, &[&own, more].concat());
        let now = self.now();
        if let Some(pace) = self.paces.get_mut(&grant.device_code) {
            pace.answered_at = now;
            if let Ok(answer) = &answer
                && answer.error().as_deref() == Some("slow_down")
            {
                pace.interval += Duration::from_secs(5);
            }
        }
        answer
    }

    /// The first poll of the main grant, while nobody has decided.
    pub(crate) fn pending(&mut self) -> Asked {
        let grant = self.main_grant()?;
        self.once("poll.pending", |device| device.poll(&grant, &[]))
    }

    /// Lets the person decide; asks until the server has an answer other than "not yet".
    fn decided(&mut self, grant: &Grant, decision: Decision) -> Asked {
        let way = match decision {
            Decision::Approve => "--approve",
            Decision::Deny => "--deny",
        };
        match self.person.decide(decision, &grant.shown) {
            None => return untested(format!("nobody decides about the code: give {way}")),
            Some(Err(why)) => return untested(format!("{way} did not work: {why}")),
            Some(Ok(())) => {}
        }
        let mut answer = self.poll(grant, &[])?;
        for _ in 1..ASKS {
            match answer.error().as_deref() {
                Some("authorization_pending" | "slow_down") => answer = self.poll(grant, &[])?,
                _ => break,
            }
        }
        Ok(answer)
    }

    /// What the main grant is answered once it is approved. What needs it undecided was asked before.
    pub(crate) fn approved(&mut self) -> Asked {
        let grant = self.main_grant()?;
        self.once("poll.approved", |device| device.decided(&grant, Decision::Approve))
    }

    /// The same, where it is tokens.
    pub(crate) fn tokens(&mut self) -> Asked {
        let answer = self.approved()?;
        if answer.status != 200 || !answer.json()["access_token"].is_string() {
            return untested(format!(
                "there are no tokens: an approved code is answered {}",
                answer.in_words()
            ));
        }
        Ok(answer)
    }

    /// What a grant of its own is answered once it is denied.
    pub(crate) fn denied(&mut self) -> Asked {
        let grant = self.grant("start.empty-parameter", &[("x-empty", "")])?;
        self.once("poll.denied", |device| device.decided(&grant, Decision::Deny))
    }
}

/// `Basic` credentials (RFC 6749 section 2.3.1).
pub(crate) fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encode(id), encode(secret)))
    )
}

/// A well-known URL by RFC 8414 section 3.1: the name stands between host and path.
pub(crate) fn inserted(issuer: &str, name: &str) -> String {
    let (scheme, rest) = issuer.split_once("://").unwrap_or(("https", issuer));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut url = format!("{scheme}://{host}/.well-known/{name}");
    // A slash at the very end goes.
    let path = path.trim_end_matches('/');
    if !path.is_empty() {
        let _ = write!(url, "/{path}");
    }
    url
}

/// The exchange as a journal would keep it, and therefore show it.
fn shown(request: &Request, response: &Response, arrived_at: u64, answered_at: u64) -> Exchange {
    let body = |bytes: &[u8]| Body {
        kept: bytes.iter().copied().take(4096).collect(),
        length: bytes.len(),
    };
    let entry = Entry {
        number: 0,
        arrived_at: Instant::from_millis(arrived_at),
        answered_at: Instant::from_millis(answered_at),
        gap: None,
        about: About::default(),
        method: request.method.to_owned(),
        target: request.url.clone(),
        headers: request.headers.clone(),
        body: body(&request.body),
        status: response.status,
        answer_headers: response.headers.clone(),
        answer_body: body(&response.body),
        delivery: Delivery::default(),
    };
    Exchange::of(&entry).unwrap_or_else(|| unreachable!("a shown entry has all that an exchange has"))
}

#[cfg(test)]
mod tests {
    use super::inserted;

    #[test]
    fn the_well_known_name_stands_between_host_and_path() {
        let name = "oauth-authorization-server";
        // The examples of RFC 8414 section 3.1.
        for (issuer, url) in [
            (
                "https://example.com",
                "https://example.com/.well-known/oauth-authorization-server",
            ),
            (
                "https://example.com/issuer1",
                "https://example.com/.well-known/oauth-authorization-server/issuer1",
            ),
            (
                "https://example.com/",
                "https://example.com/.well-known/oauth-authorization-server",
            ),
        ] {
            assert_eq!(inserted(issuer, name), url);
        }
    }
}
