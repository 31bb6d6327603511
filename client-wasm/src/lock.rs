//! One tab at a time: a lock that all tabs of a store share, so that each refresh token is sent once.
//!
//! Web Locks where there are (Chromium 69); they end with the tab.
//! Elsewhere a lease in the store's own database, whose transactions no two tabs can be in at once: the time until which
//! it holds, so that a tab which dies with it keeps the others waiting for a while and not for good.
//! Where neither can be had the answer is yes at once, and the session copes ([`device_flow::session::Ask::Lock`]).

use core::time::Duration;

use gloo_timers::future::sleep;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::store::{ROOM, Store, completed, succeeded};
use crate::tv::clock;

/// The key of the lease beside the record.
const LEASE: &str = "lease";
/// Ours: longer than one exchange may take ([`crate::fetch::TIMEOUT`]) with what is stored before and after it.
const LEASE_MILLIS: f64 = 45_000.0;
/// Ours: how soon somebody who waits for a lease looks again.
const PAUSE: Duration = Duration::from_millis(250);

#[wasm_bindgen]
extern "C" {
    /// `LockManager`, which `web-sys` calls unstable still.
    type Locks;
    #[wasm_bindgen(method)]
    fn request(this: &Locks, name: &str, callback: &JsValue) -> Promise;
}

/// The lock of a store, held; dropping it gives it back.
#[derive(Debug)]
pub struct Lock(Held);

#[derive(Debug)]
enum Held {
    /// There was none to be had.
    Nothing,
    /// A Web Lock, which ends when this is called.
    Web(Function),
    /// A lease as it stands in the store.
    Lease(Store, JsValue),
}

impl Lock {
    /// Waits until no other tab holds the lock.
    pub async fn of(store: &Store) -> Self {
        let locks = web_sys::window().and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok());
        match locks.filter(JsValue::is_object) {
            Some(locks) => web(locks.unchecked_ref(), store.name()).await,
            None => Self(lease(store).await),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        match &self.0 {
            Held::Nothing => {}
            // A promise's own function, which does not throw.
            Held::Web(release) => _ = release.call0(&JsValue::NULL),
            Held::Lease(store, until) => {
                let (store, until) = (store.clone(), until.clone());
                // If it fails, the lease runs out.
                spawn_local(async move { _ = give_back(&store, &until).await });
            }
        }
    }
}

async fn web(locks: &Locks, name: &str) -> Lock {
    let (held, release) = promise();
    let (granted, grant) = promise();
    // Whoever no longer waits has let go before the turn comes.
    let lock = Lock(Held::Web(release));
    let callback = Closure::once_into_js(move || {
        _ = grant.call0(&JsValue::NULL);
        held
    });
    let refused = locks.request(name, &callback);
    match JsFuture::from(Promise::race(&Array::of2(&granted, &refused))).await {
        Ok(_) => lock,
        Err(_) => Lock(Held::Nothing),
    }
}

async fn lease(store: &Store) -> Held {
    loop {
        match take(store).await {
            Ok(Some(until)) => return Held::Lease(store.clone(), until),
            Ok(None) => sleep(PAUSE).await,
            Err(_) => return Held::Nothing,
        }
    }
}

/// Takes the lease if nobody has it.
async fn take(store: &Store) -> Result<Option<JsValue>, JsValue> {
    let database = store.open().await?;
    let transaction = database.begin()?;
    let room = transaction.object_store(ROOM)?;
    let now = clock::wall_millis();
    let until = succeeded(&room.get(&LEASE.into())?).await?.as_f64();
    // One that holds for longer than any was written before the clock was set.
    if until.is_some_and(|until| now < until && until < now + LEASE_MILLIS + 1.0) {
        return Ok(None);
    }
    // No two are the same.
    let until = JsValue::from(now + LEASE_MILLIS + js_sys::Math::random());
    room.put_with_key(&until, &LEASE.into())?;
    completed(&transaction).await?;
    Ok(Some(until))
}

/// Removes the lease if it still is this one.
async fn give_back(store: &Store, ours: &JsValue) -> Result<(), JsValue> {
    let database = store.open().await?;
    let transaction = database.begin()?;
    let room = transaction.object_store(ROOM)?;
    if succeeded(&room.get(&LEASE.into())?).await? == *ours {
        room.delete(&LEASE.into())?;
    }
    completed(&transaction).await
}

/// A promise, and what fulfils it.
fn promise() -> (Promise, Function) {
    let mut fulfil = None;
    let promise = Promise::new(&mut |resolve, _| fulfil = Some(resolve));
    // The executor runs within the constructor.
    (promise, fulfil.unwrap_or_default())
}
