//! The refresh grant: the same sign-in, new tokens (RFC 6749 section 6).

use crate::personality::Refresh;
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
    /// Whether it was replaced by a newer one.
    pub(crate) used: bool,
}

impl Session {
    /// One use of a refresh token: the scope of the new tokens, or why not.
    pub(crate) fn refresh(&mut self, now: Instant, scope: Option<&str>, rule: &Refresh) -> Result<String, Refusal> {
        if self.used || now >= self.expires_at {
            return Err(Refusal::InvalidRefreshToken);
        }
        let granted: Vec<&str> = self.scope.split_ascii_whitespace().collect();
        let wanted: Vec<&str> = scope.unwrap_or(&self.scope).split_ascii_whitespace().collect();
        // S-46: a refresh may only narrow. A-79: authentik wants `offline_access` named again.
        let widens = wanted.iter().any(|name| !granted.contains(name));
        if widens || (rule.scope_must_keep_offline_access && !wanted.contains(&"offline_access")) {
            return Err(Refusal::WidenedScope);
        }
        self.used = rule.rotates;
        Ok(wanted.join(" "))
    }
}
