//! Refresh tokens: what was granted with each, and which have a successor.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

use super::case::Case;
use super::ledger::REMEMBERED;
use super::verdict::{USED_REFRESH_TOKEN, WIDER_SCOPE};
use crate::time::Instant;

/// The refresh tokens that clients were given; the oldest make room.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    tokens: HashMap<Key, Session>,
    by_age: VecDeque<Key>,
}

/// A token by its digest: however long it is, remembering it costs the same.
type Key = [u8; 32];

#[derive(Clone, Debug, Default)]
struct Session {
    /// The scope that was granted, where somebody said.
    granted: Option<String>,
    /// When its successor was handed out.
    replaced_at: Option<Instant>,
}

impl Sessions {
    /// Remembers a token that came with tokens of this scope.
    pub(super) fn begin(&mut self, token: &str, granted: Option<String>) {
        let session = Session {
            granted,
            replaced_at: None,
        };
        self.keep(key(token), session);
    }

    /// Judges a refresh with the token `sent` (RFC 6749 section 6).
    pub(super) fn judge(&self, case: &mut Case, sent: &str) {
        let Some(session) = self.tokens.get(&key(sent)) else {
            return;
        };
        if session.replaced_at.is_some_and(|at| at <= case.arrived_at) {
            case.find(
                USED_REFRESH_TOKEN,
                "a refresh token was used again after its successor had been handed out",
            );
        }
        if let (Some(granted), Some(asked)) = (&session.granted, case.value("scope")) {
            let is_granted = |scope: &str| granted.split(' ').any(|each| each == scope);
            if !asked.split(' ').all(|scope| scope.is_empty() || is_granted(scope)) {
                case.find(WIDER_SCOPE, "a refresh asked for a wider scope than was granted");
            }
        }
    }

    /// Notes that `sent` was answered with `successor` at `replaced_at`. What was granted stays the same.
    pub(super) fn replace(&mut self, sent: &str, successor: &str, replaced_at: Instant) {
        let old = self.tokens.get(&key(sent)).cloned().unwrap_or_default();
        self.begin(successor, old.granted.clone());
        let replaced_at = old.replaced_at.or(Some(replaced_at));
        self.keep(key(sent), Session { replaced_at, ..old });
    }

    fn keep(&mut self, key: Key, session: Session) {
        if self.tokens.insert(key, session).is_some() {
            return;
        }
        self.by_age.push_back(key);
        if self.by_age.len() > REMEMBERED
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.tokens.remove(&oldest);
        }
    }
}

fn key(token: &str) -> Key {
    Sha256::digest(token).into()
}
