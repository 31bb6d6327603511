//! Browser sessions of people on the verification page.

use std::collections::{BTreeMap, HashMap};

use crate::http::Request;
use crate::random::{ALPHANUMERIC, Random};
use crate::time::Instant;

/// So many sessions are kept; the oldest make room.
const SESSIONS: usize = 10_000;

/// Sessions by the value of their cookie.
#[derive(Debug)]
pub(crate) struct Visitors {
    /// The cookie's name.
    cookie: &'static str,
    sessions: HashMap<String, Session>,
    by_age: BTreeMap<(Instant, u64), String>,
    next: u64,
}

#[derive(Clone, Debug)]
struct Session {
    username: Option<String>,
    form_token: String,
}

/// One request's session.
pub(crate) struct Visit {
    id: String,
    /// Who is signed in.
    pub(crate) username: Option<String>,
    /// What every form of this session carries, so that no other site's form is taken for ours.
    pub(crate) form_token: String,
    /// The `Set-Cookie` value, where the browser does not have it yet.
    pub(crate) cookie: Option<String>,
}

impl Visitors {
    pub(crate) fn new(cookie: &'static str) -> Self {
        Self {
            cookie,
            sessions: HashMap::new(),
            by_age: BTreeMap::new(),
            next: 0,
        }
    }

    /// The session of a request; a new one if it has none.
    pub(crate) fn visit(&mut self, now: Instant, request: &Request, random: &mut Random) -> Visit {
        match self.known(request) {
            Some((id, session)) => Visit {
                id: id.to_owned(),
                username: session.username.clone(),
                form_token: session.form_token.clone(),
                cookie: None,
            },
            None => self.open(now, None, random),
        }
    }

    /// The same visit, signed in. The session's id changes, so that one known before is worth nothing after.
    pub(crate) fn sign_in(&mut self, now: Instant, visit: &Visit, username: &str, random: &mut Random) -> Visit {
        self.sessions.remove(&visit.id);
        self.open(now, Some(username.to_owned()), random)
    }

    /// The same visit, by nobody in particular.
    pub(crate) fn sign_out(&mut self, now: Instant, visit: &Visit, random: &mut Random) -> Visit {
        self.sessions.remove(&visit.id);
        self.open(now, None, random)
    }

    /// Who is signed in where the request comes from.
    pub(crate) fn signed_in(&self, request: &Request) -> Option<&str> {
        self.known(request)?.1.username.as_deref()
    }

    fn known(&self, request: &Request) -> Option<(&str, &Session)> {
        let cookies = request
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        let mut pairs = cookies
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs.find_map(|(name, value)| {
            let (id, session) = self.sessions.get_key_value(value).filter(|_| name == self.cookie)?;
            Some((id.as_str(), session))
        })
    }

    fn open(&mut self, now: Instant, username: Option<String>, random: &mut Random) -> Visit {
        while self.by_age.len() >= SESSIONS
            && let Some((_, oldest)) = self.by_age.pop_first()
        {
            self.sessions.remove(&oldest);
        }
        let session = Session {
            username,
            form_token: random.text(ALPHANUMERIC, 32),
        };
        let id = random.text(ALPHANUMERIC, 32);
        self.by_age.insert((now, self.next), id.clone());
        self.next += 1;
        self.sessions.insert(id.clone(), session.clone());
        Visit {
            cookie: Some(format!("{}={id}; Path=/; HttpOnly; SameSite=Lax", self.cookie)),
            id,
            username: session.username,
            form_token: session.form_token,
        }
    }
}
