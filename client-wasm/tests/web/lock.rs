//! One tab at a time, with Web Locks and without.

use core::future::Future;
use core::task::{Context, Waker};
use std::cell::RefCell;
use std::rc::Rc;

use client_wasm::{Lock, Store};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::{hurry, oversleep, turn, until, without};

/// How soon somebody who waits for a lease looks again, in milliseconds.
const PAUSE: u32 = 250;

/// A tab that waits for the lock and then holds it.
struct Tab(Rc<RefCell<Option<Lock>>>);

impl Tab {
    fn wait(store: &Store) -> Self {
        let slot = Rc::new(RefCell::new(None));
        let (tab, store) = (Rc::clone(&slot), store.clone());
        spawn_local(async move {
            let lock = Lock::of(&store).await;
            *tab.borrow_mut() = Some(lock);
        });
        Self(slot)
    }

    fn has_it(&self) -> bool {
        self.0.borrow().is_some()
    }

    fn give_back(&self) {
        drop(self.0.take());
    }
}

async fn turns() {
    for _ in 0..50 {
        turn().await;
    }
}

async fn check(folder: &str) {
    let store = Store::of(folder).unwrap();
    let restore = hurry(PAUSE);
    let tabs = [Tab::wait(&store), Tab::wait(&store)];
    until("a holder", || tabs.iter().any(Tab::has_it)).await;
    turns().await;
    assert_eq!(tabs.iter().filter(|tab| tab.has_it()).count(), 1);
    let (first, second) = if tabs[0].has_it() {
        (&tabs[0], &tabs[1])
    } else {
        (&tabs[1], &tabs[0])
    };
    first.give_back();
    until("the other holder", || second.has_it()).await;
    second.give_back();
    // Somebody who stops waiting is in nobody's way.
    let holder = Lock::of(&store).await;
    let mut waiting = Box::pin(Lock::of(&store));
    for _ in 0..20 {
        let mut context = Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        turn().await;
    }
    drop(waiting);
    drop(holder);
    drop(Lock::of(&store).await);
    restore.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn one_tab_at_a_time_holds_the_lock() {
    check("/locks/").await;
}

#[wasm_bindgen_test]
async fn one_tab_at_a_time_holds_the_lease_where_there_are_no_locks() {
    let restore = without("locks");
    check("/leases/").await;
    restore.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn a_lease_that_nobody_gives_back_runs_out() {
    let restore = without("locks");
    let store = Store::of("/dead/").unwrap();
    // What a tab leaves behind that dies.
    core::mem::forget(Lock::of(&store).await);
    let hurry = hurry(PAUSE);
    let tab = Tab::wait(&store);
    turns().await;
    assert!(!tab.has_it());
    let wake = oversleep(46_000);
    until("a holder", || tab.has_it()).await;
    wake.call0(&JsValue::NULL).unwrap();
    // The clock is set back: a lease that would hold for long is none.
    core::mem::forget(tab.0.take());
    let back = oversleep(-3_600_000);
    let tab = Tab::wait(&store);
    until("a holder", || tab.has_it()).await;
    for restore in [back, hurry, restore] {
        restore.call0(&JsValue::NULL).unwrap();
    }
}
