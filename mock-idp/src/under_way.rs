//! Requests that a host still works on, because a scenario or a script delays their answers (O-99).

use std::time::Duration;

use crate::time::Instant;

/// When each of them came, and when its answer leaves.
#[derive(Debug, Default)]
pub(crate) struct UnderWay(Vec<(Instant, Instant)>);

impl UnderWay {
    /// A request came whose answer waits for so long.
    pub(crate) fn add(&mut self, now: Instant, delay: Duration) {
        self.0.push((now, now + delay));
    }

    /// How many there are; those that a clock that was set back has ahead of it are none of them.
    pub(crate) fn count(&mut self, now: Instant) -> usize {
        self.0.retain(|&(since, until)| since <= now && now < until);
        self.0.len()
    }

    /// When the first of them is over.
    pub(crate) fn first_end(&self) -> Option<Instant> {
        self.0.iter().map(|&(_, until)| until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::UnderWay;
    use crate::time::Instant;
    use std::time::Duration;

    #[test]
    fn a_request_counts_from_its_arrival_until_its_answer_leaves() {
        let mut under_way = UnderWay::default();
        let mut count_at = |second| under_way.count(Instant::from_seconds(second));
        assert_eq!(count_at(10), 0);
        under_way.add(Instant::from_seconds(10), Duration::from_secs(5));
        under_way.add(Instant::from_seconds(10), Duration::from_secs(3));
        assert_eq!(under_way.first_end(), Some(Instant::from_seconds(13)));
        let mut count_at = |second| under_way.count(Instant::from_seconds(second));
        assert_eq!([count_at(12), count_at(13), count_at(15)], [2, 1, 0]);
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_what_is_ahead_of_it() {
        let mut under_way = UnderWay::default();
        under_way.add(Instant::from_seconds(10), Duration::from_secs(5));
        assert_eq!(under_way.count(Instant::from_seconds(9)), 0);
    }
}
