//! What happened, and how often.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::ops::Range;

use tests::Log;

use super::plan::{Plan, met, quota};
use super::{SIGNED_IN, could_reach};

/// Every fault of the network and of the living room, by its name; those of one status or one cause stand for the others.
const NETWORK: [&str; 19] = [
    "answer forged",
    "answer lost",
    "cancel pressed",
    "clock set backwards",
    "clock set forwards",
    "dropped connection taken for CORS",
    "page of another origin",
    "PKCE",
    "request lost: interrupted",
    "request lost: name_not_found",
    "request lost: offline",
    "request lost: timed_out",
    "request lost: tls",
    "request lost: unreachable",
    "request repeated",
    "somebody else answers 200",
    "somebody else answers 503",
    "standby",
    "start pressed again",
];

#[derive(Default)]
pub(super) struct Count {
    worlds: u64,
    /// Worlds whose approval could reach the set.
    reachable: u64,
    endings: BTreeMap<String, u64>,
    faults: BTreeMap<String, u64>,
    broken: Vec<u64>,
}

impl Count {
    pub(super) fn add(&mut self, plan: &Plan, log: &Log) {
        self.worlds += 1;
        self.reachable += u64::from(could_reach(plan, log));
        *self.endings.entry(log.end_text().to_owned()).or_default() += 1;
        let ended_at = log.ended_at();
        let mut names: Vec<_> = plan
            .names()
            .filter(|(_, at)| *at <= ended_at)
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names.dedup();
        for fault in log.met().chain(names) {
            *self.faults.entry(fault.to_owned()).or_default() += 1;
        }
    }

    #[expect(clippy::print_stderr, reason = "that is where a failed test is read")]
    pub(super) fn add_broken(&mut self, seed: u64, plan: &Plan) {
        eprintln!("The laws do not hold in world {seed}: npx --yes rust-just worlds {seed}\n{plan:#?}");
        self.worlds += 1;
        self.broken.push(seed);
    }

    /// Both together.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.worlds += other.worlds;
        self.reachable += other.reachable;
        for (ending, count) in other.endings {
            *self.endings.entry(ending).or_default() += count;
        }
        for (fault, count) in other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        self.broken.extend(other.broken);
        self.broken.sort_unstable();
        self
    }

    pub(super) fn broken(&self) -> &[u64] {
        &self.broken
    }

    /// Written past the test harness, which keeps what a passing test prints.
    pub(super) fn print(&self, seeds: &Range<u64>) {
        let mut text = format!(
            "\n{} worlds, seeds {} to {}; in {} the approval could reach the set\n",
            self.worlds,
            seeds.start,
            seeds.end - 1,
            self.reachable
        );
        for (title, counts) in [("ending", &self.endings), ("fault", &self.faults)] {
            writeln!(text, "{:>9}  {title}", "worlds").expect("memory takes it");
            for (name, count) in counts {
                writeln!(text, "{count:>9}  {name}").expect("memory takes it");
            }
        }
        stdout().write_all(text.as_bytes()).expect("standard output takes it");
    }

    /// Laws that nobody tries hold easily.
    pub(super) fn check_that_much_was_tried(&self) {
        let share = |count: u64| count * 100 / self.worlds;
        assert!(share(self.endings[SIGNED_IN]) >= 50, "half of the worlds sign in");
        assert!(
            share(self.reachable) >= 25,
            "in a quarter of them nothing but that would be right"
        );
        // A scenario has its share of the worlds, and most of those get so far that it is met.
        let least = |name: &str| {
            let one_of_a_hundred = self.worlds / 100;
            if name.starts_with("X-") {
                one_of_a_hundred.min(quota(self.worlds) * 2 / 3)
            } else {
                one_of_a_hundred
            }
        };
        let rare: Vec<_> = self
            .faults
            .iter()
            .filter(|(name, count)| **count < least(name))
            .collect();
        assert!(rare.is_empty(), "each fault is met in one world of a hundred: {rare:?}");
        let missing: Vec<_> = NETWORK
            .iter()
            .filter(|name| !self.faults.contains_key(**name))
            .collect();
        assert!(missing.is_empty(), "each fault of the network is met: {missing:?}");
        let unmet: Vec<_> = met()
            .into_iter()
            .filter(|scenario| !self.faults.contains_key(&scenario.id))
            .collect();
        assert!(unmet.is_empty(), "each scenario is met: {unmet:?}");
    }
}
