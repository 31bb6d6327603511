//! How many codes one caller may start: a sliding window of accepted calls.

use std::collections::{HashMap, VecDeque};

use crate::personality::Limit;
use crate::time::Instant;

/// Accepted calls of each caller, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Throttle(HashMap<String, VecDeque<Instant>>);

/// So many callers are remembered; those beyond make room by forgetting everybody who is quiet.
const CALLERS: usize = 10_000;

impl Throttle {
    /// Whether no more calls are accepted.
    pub(crate) fn is_spent(&self, now: Instant, caller: &str, limit: Limit) -> bool {
        let calls = self.0.get(caller).into_iter().flatten();
        calls.filter(|at| now.since(**at) < limit.window).count() >= limit.count
    }

    /// Whether one more call is accepted; a refused one is not counted.
    pub(crate) fn admit(&mut self, now: Instant, caller: &str, limit: Limit) -> bool {
        let outside = |at: &Instant| now.since(*at) >= limit.window;
        if self.0.len() >= CALLERS {
            self.0.retain(|_, calls| !calls.back().is_none_or(outside));
        }
        let calls = self.0.entry(caller.to_owned()).or_default();
        while calls.front().is_some_and(outside) {
            calls.pop_front();
        }
        let admitted = calls.len() < limit.count;
        if admitted {
            calls.push_back(now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;
    use crate::personality::Limit;
    use crate::time::Instant;
    use std::time::Duration;

    const TWENTY_AN_HOUR: Limit = Limit {
        count: 20,
        window: Duration::from_secs(3600),
    };

    #[test]
    fn the_twenty_first_call_within_an_hour_is_refused_and_not_counted() {
        let mut throttle = Throttle::default();
        let mut admit = |second, caller| throttle.admit(Instant::from_seconds(second), caller, TWENTY_AN_HOUR);
        assert!((0..20).all(|second| admit(second, "a")));
        assert!(!admit(3599, "a"));
        assert!(admit(3599, "b"));
        assert!(admit(3600, "a"));
        assert!(!admit(3600, "a"));
    }
}
