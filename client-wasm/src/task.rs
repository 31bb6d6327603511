//! Work that stops when nobody wants it any more.

use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::Poll;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

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
