//! The set in the living room: the core, its two clocks, and standby.

use std::ops::Range;
use std::time::Duration;

use device_flow::{Clock, ClockReading, Flow, Instant, UnixTime, View};

/// When every story begins, in seconds since 1970: any moment will do, it only has to be the same for all.
pub(crate) const EPOCH: u64 = 1_800_000_000;

/// A set. Its monotonic clock stands still in standby, its wall clock goes on and may be set.
#[derive(Debug)]
pub(crate) struct Television {
    pub(crate) flow: Flow,
    clock: Clock,
    standby: Vec<Range<Duration>>,
    clock_set: Vec<(Duration, i64)>,
}

impl Television {
    pub(crate) fn new(flow: Flow) -> Self {
        let nothing_yet = ClockReading {
            monotonic: Duration::ZERO,
            wall: Duration::from_secs(EPOCH),
        };
        Self {
            flow,
            clock: Clock::starting_at(nothing_yet),
            standby: Vec::new(),
            clock_set: Vec::new(),
        }
    }

    pub(crate) fn sleeps(&mut self, standby: Range<Duration>) {
        self.standby.push(standby);
        self.standby.sort_by_key(|standby| standby.start);
    }

    /// Its wall clock is set by so many seconds, forwards or backwards.
    pub(crate) fn clock_is_set(&mut self, at: Duration, by: i64) {
        self.clock_set.push((at, by));
    }

    /// When it next comes out of standby.
    pub(crate) fn wakes_after(&self, now: Duration) -> Option<Duration> {
        self.standby.iter().map(|standby| standby.end).find(|end| *end > now)
    }

    /// When it can act on something that happens at `at`.
    pub(crate) fn awake_at(&self, at: Duration) -> Duration {
        self.standby
            .iter()
            .fold(at, |at, standby| if standby.contains(&at) { standby.end } else { at })
    }

    /// Whether it went into standby between these moments; no connection survives that.
    pub(crate) fn slept_between(&self, from: Duration, to: Duration) -> bool {
        self.standby
            .iter()
            .any(|standby| standby.start < to && standby.end > from)
    }

    pub(crate) fn view(&mut self, now: Duration) -> View {
        let instant = self.instant(now);
        self.flow.view(instant)
    }

    /// How long a timer for `wake_at` runs from `now`.
    pub(crate) fn until(&mut self, now: Duration, wake_at: Instant) -> Duration {
        wake_at.since(self.instant(now))
    }

    /// What its wall clock shows.
    pub(crate) fn unix_time(&self, now: Duration) -> UnixTime {
        UnixTime::from_secs(self.reading(now).wall.as_secs())
    }

    /// What the core is told.
    pub(crate) fn instant(&mut self, now: Duration) -> Instant {
        let reading = self.reading(now);
        self.clock.read(reading)
    }

    fn reading(&self, now: Duration) -> ClockReading {
        let slept: Duration = self
            .standby
            .iter()
            .map(|standby| standby.end.min(now).saturating_sub(standby.start))
            .sum();
        let set_by: i64 = self
            .clock_set
            .iter()
            .filter(|(at, _)| *at <= now)
            .map(|(_, by)| by)
            .sum();
        let wall = Duration::from_secs(EPOCH.saturating_add_signed(set_by)) + now;
        ClockReading {
            monotonic: now.saturating_sub(slept),
            wall,
        }
    }
}
