//! Requests of all callers together, in windows of a fixed length (O-99, O-100).

use std::collections::HashMap;

use crate::personality::Limit;
use crate::time::Instant;

/// Which bucket it is: the kind of issuer and the number of its group of endpoints. There are only so many.
pub(crate) type Key = (&'static str, usize);

/// The current window of every bucket.
#[derive(Debug, Default)]
pub(crate) struct Buckets(HashMap<Key, Window>);

#[derive(Clone, Copy, Debug)]
struct Window {
    begun_at: Instant,
    requests: usize,
}

/// What callers are told about a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) limit: usize,
    pub(crate) remaining: usize,
    pub(crate) resets_at: Instant,
}

impl Buckets {
    /// Whether a request still fits in; one that does not is not counted.
    pub(crate) fn take(&mut self, now: Instant, key: Key, limit: Limit) -> bool {
        let mut window = self.window(now, key, limit);
        let fits = window.requests < limit.count;
        window.requests += usize::from(fits);
        self.0.insert(key, window);
        fits
    }

    /// How a bucket stands.
    pub(crate) fn standing(&self, now: Instant, key: Key, limit: Limit) -> Standing {
        self.window(now, key, limit).standing(limit)
    }

    fn window(&self, now: Instant, key: Key, limit: Limit) -> Window {
        let current = self.0.get(&key).filter(|window| limit.is_within(window.begun_at, now));
        current.copied().unwrap_or(Window::beginning(now))
    }
}

impl Standing {
    /// As at a server that has its hands full (O-99).
    pub(crate) fn nothing_until(resets_at: Instant) -> Self {
        Self {
            limit: 0,
            remaining: 0,
            resets_at,
        }
    }

    /// After the first request ever.
    pub(crate) fn untouched(now: Instant, limit: Limit) -> Self {
        let mut window = Window::beginning(now);
        window.requests = 1;
        window.standing(limit)
    }
}

impl Window {
    /// Begins with the second, so that it ends when it says.
    fn beginning(now: Instant) -> Self {
        Self {
            begun_at: Instant::from_seconds(now.seconds()),
            requests: 0,
        }
    }

    fn standing(self, limit: Limit) -> Standing {
        Standing {
            limit: limit.count,
            remaining: limit.count.saturating_sub(self.requests),
            resets_at: self.begun_at + limit.window,
        }
    }
}
