//! The refresh grant: the same sign-in, new tokens (RFC 6749 section 6).

use crate::personality::{CountedFrom, Refresh};
use crate::refusal::Refusal;
use crate::time::Instant;

/// What an access token or a refresh token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) client_id: String,
    pub(crate) username: String,
    pub(crate) scope: String,
    /// The number of the device grant it all began with.
    pub(crate) grant: u64,
    pub(crate) issuer: String,
    pub(crate) issuer_id: String,
    pub(crate) approved_at: Instant,
    pub(crate) issued_at: Instant,
    pub(crate) expires_at: Instant,
    /// When it was first replaced by a newer one.
    pub(crate) used_at: Option<Instant>,
}

impl Session {
    /// Whether it was replaced, and the grace for those who missed it is over.
    pub(crate) fn is_replaced(&self, now: Instant, rule: &Refresh) -> bool {
        self.used_at.is_some_and(|at| now >= at + rule.grace)
    }

    /// When a refresh token ends that is used now, or the one that replaces it.
    pub(crate) fn end_after_use(&self, now: Instant, rule: &Refresh) -> Instant {
        match rule.counted_from {
            CountedFrom::SignIn => self.expires_at,
            CountedFrom::LastUse => now + rule.lifetime,
        }
    }

    /// One use of a refresh token: the scope of the new tokens, or why not.
    pub(crate) fn refresh(&mut self, now: Instant, scope: Option<&str>, rule: &Refresh) -> Result<String, Refusal> {
        if self.is_replaced(now, rule) || now >= self.expires_at {
            return Err(Refusal::InvalidRefreshToken);
        }
        let granted: Vec<&str> = self.scope.split_ascii_whitespace().collect();
        let wanted: Vec<&str> = scope.unwrap_or(&self.scope).split_ascii_whitespace().collect();
        // S-46: a refresh may only narrow. A-79: authentik wants `offline_access` named again.
        let widens = wanted.iter().any(|name| !granted.contains(name));
        if widens || (rule.scope_must_keep_offline_access && !wanted.contains(&"offline_access")) {
            return Err(Refusal::WidenedScope);
        }
        if rule.rotates {
            self.used_at.get_or_insert(now);
        } else {
            self.expires_at = self.end_after_use(now, rule);
        }
        Ok(wanted.join(" "))
    }
}
