//! Facts about how much a server takes from its callers.

use std::time::Duration;

use super::Endpoint;
use crate::setup::RateLimit;
use crate::time::Instant;

/// How often something may happen within a span.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) count: usize,
    pub(crate) window: Duration,
}

impl Limit {
    /// Whether what happened then still counts; what a clock that was set back has ahead of it does not.
    pub(crate) fn is_within(&self, then: Instant, now: Instant) -> bool {
        then <= now && now.since(then) < self.window
    }
}

/// What a server takes before it refuses more.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// How many codes one caller may start, whatever else is wrong with the request.
    pub(crate) starts: Option<Limit>,
    /// How many codes one client gets from one address.
    pub(crate) codes: Option<Limit>,
    /// How often one person gets tokens.
    pub(crate) tokens: Option<Limit>,
    /// How many requests it takes from all callers together.
    pub(crate) requests: Option<Buckets>,
    /// How many requests it works on at the same time.
    pub(crate) at_once: Option<usize>,
}

/// Requests of all callers, counted by groups of endpoints in windows that follow each other.
#[derive(Clone, Copy)]
pub(crate) struct Buckets {
    /// Endpoints that fill one bucket together; those in no group are not limited.
    pub(crate) groups: &'static [&'static [Endpoint]],
    pub(crate) limit: Limit,
    /// Whether anything is counted; else every answer says that it is the first.
    pub(crate) counts: bool,
}

impl Limits {
    pub(crate) const NONE: Self = Self {
        starts: None,
        codes: None,
        tokens: None,
        requests: None,
        at_once: None,
    };

    /// Whether there is a number to change.
    pub(crate) fn can_change(&self) -> bool {
        self.starts.is_some() || self.requests.is_some()
    }

    /// The same limits as somebody set them.
    pub(crate) fn changed(mut self, to: RateLimit) -> Self {
        match to {
            RateLimit::Usual => {}
            RateLimit::Off => {
                self.starts = None;
                self.codes = None;
                self.tokens = None;
                self.at_once = None;
                if let Some(buckets) = &mut self.requests {
                    buckets.counts = false;
                }
            }
            RateLimit::Count(count) => {
                let limits = [
                    self.starts.as_mut(),
                    self.requests.as_mut().map(|buckets| &mut buckets.limit),
                ];
                limits.into_iter().flatten().for_each(|limit| limit.count = count);
            }
        }
        self
    }
}

impl Buckets {
    /// Which bucket a request to this endpoint goes into.
    pub(crate) fn group_of(&self, endpoint: Option<Endpoint>) -> Option<usize> {
        let endpoint = endpoint.filter(|_| self.counts)?;
        self.groups.iter().position(|group| group.contains(&endpoint))
    }
}
