//! Work that stops when nobody wants it any more.

use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;
use core::time::Duration;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use gloo_timers::future::sleep;
use wasm_bindgen_futures::spawn_local;

/// `setTimeout` takes a signed 32-bit number of milliseconds and rings at once for more. Waking early is harmless.
const LONGEST_TIMER: Duration = Duration::from_millis(i32::MAX as u64);

/// Does it after `span`, or earlier if that is very long, unless dropped before.
pub(crate) fn after(span: Duration, act: impl FnOnce() + 'static) -> Timeout {
    let millis = span.min(LONGEST_TIMER).as_millis();
    Timeout::new(u32::try_from(millis).unwrap_or(u32::MAX), act)
}

type Work = Pin<Box<dyn Future<Output = ()>>>;

/// A future under way; dropping this drops the future, and with it what the future holds.
pub(crate) struct Task {
    _work: Rc<Cell<Option<Work>>>,
}

impl Task {
    /// Runs `work` from the next microtask on.
    pub(crate) fn spawn(work: impl Future<Output = ()> + 'static) -> Self {
        let slot: Rc<Cell<Option<Work>>> = Rc::new(Cell::new(Some(Box::pin(work))));
        let task = Rc::downgrade(&slot);
        spawn_local(poll_fn(move |context| {
            let Some(mut work) = task.upgrade().and_then(|slot| slot.take()) else {
                return Poll::Ready(());
            };
            // Out of its slot while it runs, because it may drop its own task.
            let progress = work.as_mut().poll(context);
            match task.upgrade() {
                Some(slot) if progress.is_pending() => {
                    slot.set(Some(work));
                    Poll::Pending
                }
                _ => Poll::Ready(()),
            }
        }));
        Self { _work: slot }
    }
}

/// What `work` yields, or `None` if that takes longer than `limit`.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut limit = pin!(sleep(limit));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}
