//! What one host remembers: grants by device code and by user code, and the tokens it gave out.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::grant::device::DeviceGrant;
use crate::grant::refresh::Session;
use crate::personality::Ends;
use crate::time::Instant;

/// How long a grant or token stays readable after its end, so that a test can still ask what became of it.
const KEPT_AFTER_EXPIRY: Duration = Duration::from_secs(3600);

/// Records of one host. Both codes of a grant are unique among those kept.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// By number, hence in order of issue. Boxed, since a map that only grows at its end leaves near half its places free.
    grants: BTreeMap<u64, Box<DeviceGrant>>,
    by_device_code: HashMap<Arc<str>, u64>,
    by_user_code: HashMap<Arc<str>, u64>,
    access_tokens: Tokens,
    refresh_tokens: Tokens,
}

impl Store {
    /// Adds a grant whose codes are new; see [`knows_user_code`](Self::knows_user_code).
    pub(crate) fn insert(&mut self, now: Instant, grant: DeviceGrant) {
        self.forget(now);
        self.by_device_code.insert(Arc::clone(&grant.device_code), grant.number);
        self.by_user_code.insert(Arc::clone(&grant.user_code), grant.number);
        self.grants.insert(grant.number, Box::new(grant));
    }

    pub(crate) fn knows_user_code(&self, user_code: &str) -> bool {
        self.by_user_code.contains_key(user_code)
    }

    /// All grants, oldest first.
    pub(crate) fn grants(&self) -> impl Iterator<Item = &DeviceGrant> {
        self.grants.values().map(Box::as_ref)
    }

    pub(crate) fn by_device_code(&mut self, device_code: &str) -> Option<&mut DeviceGrant> {
        self.grants
            .get_mut(self.by_device_code.get(device_code)?)
            .map(Box::as_mut)
    }

    pub(crate) fn by_user_code(&mut self, user_code: &str) -> Option<&mut DeviceGrant> {
        self.grants.get_mut(self.by_user_code.get(user_code)?).map(Box::as_mut)
    }

    pub(crate) fn keep_access_token(&mut self, now: Instant, token: String, session: Session) {
        self.access_tokens.keep(now, token, session);
    }

    pub(crate) fn keep_refresh_token(&mut self, now: Instant, token: String, session: Session) {
        self.refresh_tokens.keep(now, token, session);
    }

    /// What an access token stands for, while it is valid.
    pub(crate) fn access_token(&self, now: Instant, token: &str) -> Option<&Session> {
        self.access_tokens
            .by_text
            .get(token)
            .filter(|session| now < session.expires_at)
    }

    /// What a refresh token stands for, valid or not.
    pub(crate) fn refresh_token(&mut self, token: &str) -> Option<&mut Session> {
        self.refresh_tokens.by_text.get_mut(token)
    }

    /// What a token stands for, whichever kind it is.
    pub(crate) fn token(&self, token: &str) -> Option<&Session> {
        let kinds = [&self.access_tokens, &self.refresh_tokens];
        kinds.into_iter().find_map(|tokens| tokens.by_text.get(token))
    }

    /// Drops a token, and of its sign-in what ends with it.
    pub(crate) fn revoke(&mut self, token: &str, ends: Ends) {
        let access_token = self.access_tokens.by_text.remove(token);
        let refresh_token = self.refresh_tokens.by_text.remove(token);
        let was_refresh_token = refresh_token.is_some();
        let Some(session) = refresh_token.or(access_token) else {
            return;
        };
        let others = |_: &String, each: &mut Session| each.grant != session.grant;
        if ends == Ends::SignIn || (ends == Ends::AccessTokensToo && was_refresh_token) {
            self.access_tokens.by_text.retain(others);
        }
        if ends == Ends::SignIn {
            self.refresh_tokens.by_text.retain(others);
        }
    }

    /// Drops the oldest grants that ended long ago.
    fn forget(&mut self, now: Instant) {
        while let Some(oldest) = self.grants.first_entry() {
            if now < oldest.get().expires_at + KEPT_AFTER_EXPIRY {
                break;
            }
            let grant = oldest.remove();
            self.by_device_code.remove(&grant.device_code);
            self.by_user_code.remove(&grant.user_code);
        }
    }
}

/// Tokens by their text, forgotten in the order in which they end.
#[derive(Debug, Default)]
struct Tokens {
    by_text: HashMap<String, Session>,
    by_end: BTreeMap<(Instant, u64), String>,
    next: u64,
}

impl Tokens {
    fn keep(&mut self, now: Instant, token: String, session: Session) {
        while let Some(first) = self.by_end.first_entry() {
            if now < first.key().0 + KEPT_AFTER_EXPIRY {
                break;
            }
            let text = first.remove();
            // Use may have put its end off since it was filed.
            let end = self.by_text.get(&text).map(|session| session.expires_at);
            if let Some(end) = end.filter(|&end| now < end + KEPT_AFTER_EXPIRY) {
                self.file(text, end);
            } else {
                self.by_text.remove(&text);
            }
        }
        self.file(token.clone(), session.expires_at);
        self.by_text.insert(token, session);
    }

    fn file(&mut self, token: String, end: Instant) {
        self.by_end.insert((end, self.next), token);
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Store;
    use crate::grant::device::{Decision, DeviceGrant};
    use crate::grant::refresh::Session;
    use crate::personality::Ends;
    use crate::time::Instant;
    use std::time::Duration;

    fn grant(name: &str, issued_at: u64) -> DeviceGrant {
        DeviceGrant {
            number: issued_at,
            device_code: format!("device-{name}").into(),
            user_code: format!("user-{name}").into(),
            client_id: "tv".to_owned(),
            scope: String::new(),
            issuer: String::new(),
            issuer_id: String::new(),
            issued_at: Instant::from_seconds(issued_at),
            expires_at: Instant::from_seconds(issued_at + 600),
            decision: Decision::Waiting,
            interval: Duration::from_secs(5),
            seen_at: None,
            polls: 0,
            answered_at: None,
            redeemed_at: None,
        }
    }

    fn session(expires_at: u64) -> Session {
        Session {
            client_id: "tv".to_owned(),
            username: "jane".to_owned(),
            grant: 0,
            scope: String::new(),
            issuer: String::new(),
            issuer_id: String::new(),
            approved_at: Instant::from_seconds(0),
            issued_at: Instant::from_seconds(0),
            expires_at: Instant::from_seconds(expires_at),
            used_at: None,
        }
    }

    #[test]
    fn a_grant_is_found_by_either_code() {
        let mut store = Store::default();
        store.insert(Instant::from_seconds(0), grant("a", 0));
        store.insert(Instant::from_seconds(1), grant("b", 1));
        assert_eq!(&*store.by_device_code("device-b").unwrap().user_code, "user-b");
        assert_eq!(&*store.by_user_code("user-a").unwrap().device_code, "device-a");
        assert!(store.by_user_code("device-a").is_none());
        assert!(store.knows_user_code("user-b"));
    }

    #[test]
    fn grants_are_listed_oldest_first() {
        let mut store = Store::default();
        for (second, name) in ["c", "a", "b"].iter().enumerate() {
            store.insert(Instant::from_seconds(second as u64), grant(name, second as u64));
        }
        let codes: Vec<_> = store.grants().map(|grant| &*grant.user_code).collect();
        assert_eq!(codes, ["user-c", "user-a", "user-b"]);
    }

    #[test]
    fn a_grant_is_forgotten_an_hour_after_its_end() {
        let mut store = Store::default();
        store.insert(Instant::from_seconds(0), grant("a", 0));
        store.insert(Instant::from_seconds(4199), grant("b", 4199));
        assert!(store.knows_user_code("user-a"));
        store.insert(Instant::from_seconds(4200), grant("c", 4200));
        assert!(!store.knows_user_code("user-a"));
        assert!(store.by_device_code("device-a").is_none());
        assert_eq!(store.grants().count(), 2);
    }

    #[test]
    fn an_access_token_stands_for_nothing_from_its_last_second_on() {
        let mut store = Store::default();
        store.keep_access_token(Instant::from_seconds(0), "token".to_owned(), session(3600));
        assert!(store.access_token(Instant::from_seconds(3599), "token").is_some());
        assert!(store.access_token(Instant::from_seconds(3600), "token").is_none());
        assert!(store.refresh_token("token").is_none());
    }

    #[test]
    fn a_revoked_refresh_token_takes_the_access_tokens_of_its_sign_in_along() {
        let now = Instant::from_seconds(0);
        for (ends, gone) in [(Ends::AccessTokensToo, true), (Ends::TokenAlone, false)] {
            let mut store = Store::default();
            let other = Session {
                grant: 1,
                ..session(3600)
            };
            store.keep_access_token(now, "access".to_owned(), session(3600));
            store.keep_access_token(now, "other".to_owned(), other);
            store.keep_refresh_token(now, "refresh".to_owned(), session(9000));
            store.revoke("refresh", ends);
            assert!(store.token("refresh").is_none());
            assert_eq!(store.access_token(now, "access").is_none(), gone);
            assert!(store.access_token(now, "other").is_some());
            store.revoke("other", ends);
            assert!(store.access_token(now, "other").is_none());
        }
    }

    #[test]
    fn tokens_are_forgotten_an_hour_after_their_end() {
        let mut store = Store::default();
        store.keep_refresh_token(Instant::from_seconds(0), "short".to_owned(), session(60));
        store.keep_refresh_token(Instant::from_seconds(0), "long".to_owned(), session(9000));
        store.keep_refresh_token(Instant::from_seconds(3660), "new".to_owned(), session(9000));
        assert!(store.refresh_token("short").is_none());
        assert!(store.refresh_token("long").is_some());
    }

    #[test]
    fn a_token_whose_end_was_put_off_is_kept_until_that_end() {
        let at = Instant::from_seconds;
        let mut store = Store::default();
        store.keep_refresh_token(at(0), "used".to_owned(), session(60));
        store.refresh_token("used").unwrap().expires_at = at(5000);
        store.keep_refresh_token(at(3660), "second".to_owned(), session(90_000));
        assert!(store.refresh_token("used").is_some());
        store.keep_refresh_token(at(8600), "third".to_owned(), session(90_000));
        assert!(store.refresh_token("used").is_none());
    }
}
