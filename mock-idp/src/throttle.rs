//! How often one caller may do something: a sliding window of what was accepted.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::bucket::Buckets;
use crate::personality::{Limit, Limits};
use crate::time::Instant;
use crate::under_way::UnderWay;

/// Everything that one host counts.
#[derive(Debug, Default)]
pub(crate) struct Throttles {
    /// Codes started, by address.
    pub(crate) starts: Throttle,
    /// Codes handed out, by client and address.
    pub(crate) codes: Throttle,
    /// Wrong codes on the person's page, by address.
    pub(crate) wrong_codes: Throttle,
    /// Token answers, by person.
    pub(crate) tokens: Throttle,
    /// Requests of everybody.
    pub(crate) requests: Buckets,
    /// Requests that are not answered yet.
    pub(crate) under_way: UnderWay,
}

impl Throttles {
    /// Whether somebody has got too many tokens just now.
    pub(crate) fn has_enough(&self, now: Instant, username: &str, limits: &Limits) -> bool {
        limits
            .tokens
            .is_some_and(|limit| self.tokens.is_spent(now, username, limit))
    }

    /// Counts tokens that somebody got.
    pub(crate) fn gets_tokens(&mut self, now: Instant, username: &str, limits: &Limits) {
        if let Some(limit) = limits.tokens {
            self.tokens.admit(now, username, limit);
        }
    }
}

/// Accepted calls of each caller, oldest first. Callers are kept by their hashes, for their names may be long.
#[derive(Debug, Default)]
pub(crate) struct Throttle(HashMap<u64, VecDeque<Instant>>);

/// So many callers are remembered; those beyond make room by forgetting everybody who is quiet, or else the quieter half.
const CALLERS: usize = 10_000;

impl Throttle {
    /// Whether no more calls are accepted.
    pub(crate) fn is_spent(&self, now: Instant, caller: &str, limit: Limit) -> bool {
        let calls = self.0.get(&hash(caller)).into_iter().flatten();
        calls.filter(|at| limit.is_within(**at, now)).count() >= limit.count
    }

    /// Whether one more call is accepted; a refused one is not counted.
    pub(crate) fn admit(&mut self, now: Instant, caller: &str, limit: Limit) -> bool {
        let caller = hash(caller);
        if self.0.len() >= CALLERS && !self.0.contains_key(&caller) {
            self.make_room(now, limit);
        }
        let calls = self.0.entry(caller).or_default();
        calls.retain(|at| limit.is_within(*at, now));
        let admitted = calls.len() < limit.count;
        if admitted {
            calls.push_back(now);
        }
        admitted
    }

    fn make_room(&mut self, now: Instant, limit: Limit) {
        self.0
            .retain(|_, calls| calls.back().is_some_and(|at| limit.is_within(*at, now)));
        if self.0.len() < CALLERS {
            return;
        }
        let mut last_calls: Vec<_> = self.0.values().filter_map(|calls| calls.back().copied()).collect();
        let (_, median, _) = last_calls.select_nth_unstable(CALLERS / 2);
        let median = *median;
        self.0.retain(|_, calls| calls.back().is_some_and(|at| *at > median));
    }
}

fn hash(caller: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    caller.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::{CALLERS, Throttle};
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

    #[test]
    fn calls_of_the_future_do_not_count_once_the_clock_was_set_back() {
        let mut throttle = Throttle::default();
        let mut admit = |second| throttle.admit(Instant::from_seconds(second), "a", TWENTY_AN_HOUR);
        assert!((0..20).all(|_| admit(9000)));
        assert!(!admit(9000));
        assert!(admit(10));
    }

    #[test]
    fn of_any_number_of_callers_only_so_many_are_remembered_the_last_among_them() {
        let mut throttle = Throttle::default();
        for caller in 0..3 * CALLERS {
            let now = Instant::from_millis(caller as u64);
            assert!(throttle.admit(now, &caller.to_string(), TWENTY_AN_HOUR));
            assert!(throttle.0.len() <= CALLERS);
        }
        let now = Instant::from_seconds(30);
        let last = (3 * CALLERS - 1).to_string();
        assert!((1..20).all(|_| throttle.admit(now, &last, TWENTY_AN_HOUR)));
        assert!(!throttle.admit(now, &last, TWENTY_AN_HOUR));
    }
}
