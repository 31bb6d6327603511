//! Load: jobs spread over open connections, and how many are done in a second.

use std::cell::Cell;
use std::rc::Rc;

use tokio::task::JoinSet;

use crate::stopwatch::Stopwatch;
use crate::usage::computed;

/// What came of a load.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// Jobs done in a second.
    pub(crate) per_second: f64,
    /// The share of that time that this side computed: near 1, it is this side that was measured.
    pub(crate) busy: f64,
}

/// Does `count` jobs, each line one after the other, all lines at once on this one thread.
///
/// Jobs are numbered from 0; the first that fails ends the load.
pub(crate) async fn drive<L, J>(lines: Vec<L>, count: usize, job: J) -> Result<Pace, String>
where
    L: 'static,
    J: AsyncFn(&mut L, usize) -> Result<(), String> + 'static,
{
    let job = Rc::new(job);
    let next = Rc::new(Cell::new(0));
    let mut tasks = JoinSet::new();
    let computed_before = computed()?;
    let stopwatch = Stopwatch::start();
    for mut line in lines {
        let (job, next) = (Rc::clone(&job), Rc::clone(&next));
        tasks.spawn_local(async move {
            while next.get() < count {
                let number = next.replace(next.get() + 1);
                job(&mut line, number).await?;
            }
            Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.map_err(|problem| problem.to_string())
            .and_then(|done: Result<(), String>| done)?;
    }
    let span = stopwatch.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 jobs")]
    let per_second = count as f64 / span;
    let busy = computed()?.saturating_sub(computed_before).as_secs_f64() / span;
    Ok(Pace { per_second, busy })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use tokio::runtime::Builder;
    use tokio::task::{LocalSet, yield_now};

    use super::drive;

    #[test]
    fn every_job_is_done_once_and_every_line_works() {
        let done = Rc::new(RefCell::new(Vec::new()));
        let kept = Rc::clone(&done);
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let pace = LocalSet::new().block_on(
            &runtime,
            drive(vec!['a', 'b', 'c'], 30, async move |line, number| {
                yield_now().await;
                kept.borrow_mut().push((number, *line));
                Ok(())
            }),
        );
        assert!(pace.expect("no job fails").per_second > 0.0);
        let mut done = done.borrow_mut();
        done.sort_unstable();
        let numbers: Vec<_> = done.iter().map(|&(number, _)| number).collect();
        assert_eq!(numbers, (0..30).collect::<Vec<_>>());
        for line in ['a', 'b', 'c'] {
            assert!(done.iter().any(|&(_, by)| by == line), "{line}");
        }
    }

    #[test]
    fn a_job_that_fails_ends_the_load() {
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let job = async |(): &mut (), number| match number {
            3 => Err("the third".to_owned()),
            _ => Ok(()),
        };
        let pace = LocalSet::new().block_on(&runtime, drive(vec![()], 30, job));
        assert_eq!(pace.err().as_deref(), Some("the third"));
    }
}
