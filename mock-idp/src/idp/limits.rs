//! How many requests a host takes, and what it tells of that.

use std::time::Duration;

use super::{Call, Idp};
use crate::bucket::Standing;
use crate::personality::Endpoint;
use crate::refusal::Refusal;

impl Idp {
    /// Counts a request against every limit that stands before its endpoint.
    pub(super) fn count(&mut self, call: &Call) -> Result<(), Refusal> {
        if call.endpoint == Some(Endpoint::DeviceAuthorization) {
            self.count_start(call)?;
        }
        let at_once = call.personality.limits.at_once;
        if at_once.is_some_and(|most| self.throttles.under_way.count(call.now) >= most) {
            return Err(Refusal::TooManyAtOnce);
        }
        let Some(buckets) = call.personality.limits.requests else {
            return Ok(());
        };
        // Whether a preflight counts is a choice: no page can help it.
        let group = buckets
            .group_of(call.endpoint)
            .filter(|_| call.request.method != "OPTIONS");
        let fits = group.is_none_or(|group| {
            let key = (call.personality.name, group);
            self.throttles.requests.take(call.now, key, buckets.limit)
        });
        if fits { Ok(()) } else { Err(Refusal::TooManyRequests) }
    }

    /// Remembers a request whose answer waits for so long, where it matters.
    pub(super) fn keep_under_way(&mut self, call: &Call, delay: Duration) {
        let Some(most) = call.personality.limits.at_once else {
            return;
        };
        if !delay.is_zero() && self.throttles.under_way.count(call.now) < most {
            self.throttles.under_way.add(call.now, delay);
        }
    }

    /// Whatever the call holds.
    fn count_start(&mut self, call: &Call) -> Result<(), Refusal> {
        let Some(limit) = call.personality.limits.starts else {
            return Ok(());
        };
        // callers with a signed-in browser session go free.
        if self.visitors.signed_in(call.request).is_some()
            || self.throttles.starts.admit(call.now, &call.caller(), limit)
        {
            return Ok(());
        }
        Err(Refusal::TooManyStarts)
    }

    /// Counts a code that is about to be made (O-59).
    pub(super) fn count_code(&mut self, call: &Call, client_id: &str) -> Result<(), Refusal> {
        let Some(limit) = call.personality.limits.codes else {
            return Ok(());
        };
        // Addresses hold no blank: no client is taken for another.
        let caller = format!("{} {client_id}", call.caller());
        if self.throttles.codes.admit(call.now, &caller, limit) {
            Ok(())
        } else {
            Err(Refusal::TooManyStarts)
        }
    }

    /// What the answer says of its bucket, after the request was counted; elsewhere, as if it were the first (O-97).
    pub(super) fn standing(&self, call: &Call, refusal: Option<&Refusal>) -> Option<Standing> {
        let buckets = call.personality.limits.requests?;
        let mut standing = match buckets.group_of(call.endpoint) {
            // Okta calls the moment an estimate.
            _ if refusal == Some(&Refusal::TooManyAtOnce) => {
                Standing::nothing_until(self.throttles.under_way.first_end().unwrap_or(call.now))
            }
            Some(group) => {
                let key = (call.personality.name, group);
                self.throttles.requests.standing(call.now, key, buckets.limit)
            }
            None => Standing::untouched(call.now, buckets.limit),
        };
        standing.resets_at = standing.resets_at.ahead_by(self.setup.skew);
        Some(standing)
    }
}
