//! How many requests a host takes, and what it tells of that.

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

    /// What the answer says of its bucket, after the request was counted; elsewhere, as if it were the first (O-97).
    pub(super) fn standing(&self, call: &Call) -> Option<Standing> {
        let buckets = call.personality.limits.requests?;
        let mut standing = match buckets.group_of(call.endpoint) {
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
