//! A hundred thousand living rooms.
//!
//! Each seed is one: an issuer, a person, a network, and what goes wrong. The rules that hold at every step are
//! `tests/world/witness.rs`; here is what holds for whole stories, and the count of what happened in them.
//! `npx --yes rust-just worlds 4711` tells the world of one seed, `worlds 0..1000000` as many as you have time for.

mod count;
mod plan;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, thread};

use tests::Log;

use crate::SIGNED_IN;
use count::Count;
use plan::Plan;

/// So many seeds are a thread's next work.
const PIECE: u64 = 250;

#[test]
fn the_laws_hold_in_every_world() {
    let seeds = env::var("WORLDS").map_or(0..100_000, |text| read(&text));
    let count = tell(&seeds);
    count.print(&seeds);
    assert_eq!(
        count.broken(),
        &[] as &[u64],
        "npx --yes rust-just worlds SEED tells one of them"
    );
    if seeds.end - seeds.start >= 100_000 {
        count.check_that_much_was_tried();
    }
}

/// `4711`, or `0..1000000`.
fn read(text: &str) -> Range<u64> {
    let number = |text: &str| text.parse().expect("WORLDS is a seed, or two with .. between");
    match text.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => number(text)..number(text) + 1,
    }
}

/// On every core there is.
fn tell(seeds: &Range<u64>) -> Count {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut count = Count::default();
        loop {
            let first = next.fetch_add(PIECE, Ordering::Relaxed);
            if first >= seeds.end {
                return count;
            }
            for seed in first..seeds.end.min(first + PIECE) {
                let plan = Plan::of(seed);
                match catch_unwind(AssertUnwindSafe(|| told(&plan))) {
                    Ok(log) => count.add(&plan, &log),
                    Err(_) => count.add_broken(seed, &plan),
                }
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let counts = workers
            .into_iter()
            .map(|worker| worker.join().expect("laws are caught"));
        counts.fold(Count::default(), Count::and)
    })
}

/// One story, and what holds for it as a whole.
fn told(plan: &Plan) -> Log {
    let log = plan.world().run();
    let is_signed_in = log.end_text().starts_with("signed in");
    assert!(
        !is_signed_in || log.end_text() == SIGNED_IN,
        "nobody but the one who approved is signed in"
    );
    assert!(
        !is_signed_in || log.approval().is_some(),
        "nobody is signed in whom nobody approved"
    );
    assert!(
        is_signed_in || !gives_tokens_up(plan, &log),
        "tokens that are here are not given up while a network comes back"
    );
    assert!(
        is_signed_in || !could_reach(plan, &log),
        "an approval that could reach the set signs in"
    );
    log
}

/// Whether the set had its tokens, heard nothing from then on, and did not wait for two minutes. What a browser forbids is
/// no matter of time.
fn gives_tokens_up(plan: &Plan, log: &Log) -> bool {
    let is_undisturbed = |granted_at| plan.quiet_from() < granted_at && !plan.is_cancelled();
    let is_given_up = |granted_at| log.ended_at() < granted_at + tests::secs(120);
    let granted_at = log.silent_since_granted();
    let is_forbidden = log.end_text() == "failed: cross_origin_refused";
    granted_at.is_some_and(|at| is_undisturbed(at) && is_given_up(at)) && !is_forbidden
}

/// Whether the approval had all the time that the set may take, undisturbed, before its code ended.
fn could_reach(plan: &Plan, log: &Log) -> bool {
    let Some((approved_at, code_ends_at)) = log.approval() else {
        return false;
    };
    // An old code is asked about once, and whatever the answer is then settles it.
    let was_old_answer_spoilt = log.is_renewed_since_approval() && log.trouble_at() > approved_at;
    if approved_at > log.ended_at() || was_old_answer_spoilt {
        return false;
    }
    // What was disturbed at the very end may have been the end.
    let is_undisturbed = log.trouble_at() < log.ended_at() && !plan.is_cancelled() && !plan.has_lost_the_time();
    let quiet_from = approved_at.max(log.trouble_at()).max(plan.quiet_from());
    // A pause, the margin that clocks need, and the way there.
    let arrives_at = quiet_from + log.patience() + tests::secs(1) + plan.latency() * 2;
    is_undisturbed && !log.are_tokens_spoilt() && arrives_at < code_ends_at
}
