//! The tokens of a session, and their times.

use core::time::Duration;

use crate::time::Instant;
use crate::wire::token::Tokens;

/// Ours: so long before its end an access token is replaced, or a third of its life if that is shorter: time for the
/// request, and for two clocks that differ.
const REFRESH_AHEAD: Duration = Duration::from_secs(60);
/// Ours: a server whose tokens live for moments is not asked for new ones more often.
const SHORTEST_LIFE: Duration = Duration::from_secs(5);

/// One token response, and until when it serves.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) tokens: Tokens,
    /// `None` where the server does not say (RFC 6749 section 5.1).
    expires_at: Option<Instant>,
    /// When to ask for the next one ahead of that.
    refresh_at: Option<Instant>,
}

impl Grant {
    /// One that came at `now`.
    pub(super) fn new(tokens: Tokens, now: Instant) -> Self {
        let lifetime = lifetime(&tokens);
        Self {
            expires_at: lifetime.map(|lifetime| now + lifetime),
            refresh_at: lifetime.map(|lifetime| now + lifetime.saturating_sub(ahead(lifetime)).max(SHORTEST_LIFE)),
            tokens,
        }
    }

    /// One that came earlier and has so much of its life left.
    pub(super) fn with_left(tokens: Tokens, now: Instant, left: Duration) -> Self {
        let Some(lifetime) = lifetime(&tokens) else {
            return Self::new(tokens, now);
        };
        let left = left.min(lifetime);
        Self {
            tokens,
            expires_at: Some(now + left),
            refresh_at: Some(now + left.saturating_sub(ahead(lifetime))),
        }
    }

    /// What a refresh made of it. What the answer leaves out stays as it was (RFC 6749 sections 5.1 and 6), and so does
    /// the ID token, the one that was checked.
    pub(super) fn renewed(&self, mut tokens: Tokens, now: Instant) -> Self {
        let old = &self.tokens;
        tokens.refresh_token = tokens.refresh_token.or_else(|| old.refresh_token.clone());
        tokens.scope = tokens.scope.or_else(|| old.scope.clone());
        tokens.id_token.clone_from(&old.id_token);
        Self::new(tokens, now)
    }

    /// Whether the access token has run out.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }

    /// What is left of its life, where that is known.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.expires_at.map(|end| end.since(now))
    }

    /// When there is something to do about it: to replace it, or, where nothing can, to end.
    pub(super) fn due_at(&self) -> Option<Instant> {
        if self.tokens.refresh_token.is_some() {
            self.refresh_at
        } else {
            self.expires_at
        }
    }
}

/// A lifetime of nothing is no lifetime that anybody means.
pub(super) fn lifetime(tokens: &Tokens) -> Option<Duration> {
    tokens.expires_in.filter(|lifetime| !lifetime.is_zero())
}

fn ahead(lifetime: Duration) -> Duration {
    REFRESH_AHEAD.min(lifetime / 3)
}
