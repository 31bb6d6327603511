//! Where a session rests between two page loads, and why there.
//!
//! Nowhere, unless `config.json` says `"keep_signed_in": true`: whoever comes after on a shared television would be taken
//! for whoever signed in before.
//! Then in `IndexedDB`, because no other place of a browser takes a key that no script can read; encrypted with such a key
//! (AES-GCM), which is made anew for every record, so that what a disk still holds of earlier ones has lost its key.
//!
//! That keeps tokens out of the sight of whoever looks through stored data or a copy of it, and out of text searches.
//! It does not keep them from a script that runs on this origin, which can use the key where it is, nor from somebody who
//! takes the browser's whole profile along: the key lies there too, as the browser wrote it.
//! Without WebCrypto, hence on plain `http` to another machine, nothing is kept.

use device_flow::SessionRecord;
use device_flow::session::StoreFailed;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, Event, IdbObjectStore, IdbRequest, IdbTransaction, StorageEvent};

use crate::crypto::{object, settle, subtle};
use crate::listener::Listener;

/// The one object store of the database.
pub(crate) const ROOM: &str = "session";
/// The key of the record in it.
const RECORD: &str = "record";

/// NIST SP 800-38D section 5.2.1.1 recommends 96 bits.
const NONCE_BYTES: u32 = 12;

/// What all tabs of this page share, and what survives a restart.
#[derive(Clone, Debug)]
pub struct Store {
    name: String,
}

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase`, whose third parameter of `transaction` `web-sys` does not know yet.
    type Database;
    #[wasm_bindgen(method)]
    fn close(this: &Database);
    #[wasm_bindgen(method, catch, js_name = createObjectStore)]
    fn create_object_store(this: &Database, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Database, room: &str, mode: &str, options: &Object) -> Result<IdbTransaction, JsValue>;
}

impl Store {
    /// The store of the pages in this folder of the origin, such as `/tv/`; `None` where the engine has none that is safe.
    pub fn of(folder: &str) -> Option<Self> {
        // Both are absent, or throw, where the page may keep nothing.
        let has_database = web_sys::window()?.indexed_db().ok()?.is_some();
        subtle().filter(|_| has_database).map(|_| Self {
            name: format!("device-login {folder}"),
        })
    }

    /// The name of the database, and of the lock that guards it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What is kept.
    ///
    /// # Errors
    ///
    /// The engine does not answer for its database, or there is something that cannot be read, such as what a power cut
    /// damaged: that is not nothing, which would say that another tab has signed out.
    pub async fn read(&self) -> Result<Option<SessionRecord>, StoreFailed> {
        let sealed = self.open().await.map_err(failed)?.value(RECORD).await.map_err(failed)?;
        if sealed.is_undefined() {
            return Ok(None);
        }
        unseal(&sealed).await.map(Some).map_err(failed)
    }

    /// Puts `record` in the place of what is kept; done once it would survive a crash.
    ///
    /// # Errors
    ///
    /// It is not kept; what was kept before still is.
    pub async fn keep(&self, record: &SessionRecord) -> Result<(), StoreFailed> {
        let sealed = seal(record).await.map_err(failed)?;
        self.write(|room| room.put_with_key(&sealed, &RECORD.into()))
            .await
            .map_err(failed)
    }

    /// Removes record and key.
    ///
    /// # Errors
    ///
    /// They may still be there.
    pub async fn forget(&self) -> Result<(), StoreFailed> {
        self.write(IdbObjectStore::clear).await.map_err(failed)
    }

    /// Calls `act` whenever another tab has kept or forgotten something.
    pub(crate) fn on_change(&self, act: impl Fn() + 'static) -> Option<Listener> {
        let name = self.name.clone();
        let listener = move |event: Event| {
            let event: &StorageEvent = event.unchecked_ref();
            if event.key().as_deref() == Some(&name) && event.new_value().is_some() {
                act();
            }
        };
        let window = web_sys::window()?;
        Some(Listener::new(&window, "storage", listener))
    }

    async fn write(&self, change: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>) -> Result<(), JsValue> {
        let database = self.open().await?;
        let transaction = database.begin()?;
        change(&transaction.object_store(ROOM)?)?;
        completed(&transaction).await?;
        self.tell();
        Ok(())
    }

    /// Other tabs hear of an entry that comes and goes at once: every engine has this, and it leaves nothing behind.
    fn tell(&self) {
        if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.local_storage()) {
            // Without it the others find out when they need the tokens.
            _ = storage.set_item(&self.name, "changed");
            _ = storage.remove_item(&self.name);
        }
    }

    pub(crate) async fn open(&self) -> Result<Open, JsValue> {
        let factory = web_sys::window().and_then(|window| window.indexed_db().ok()?);
        let request = factory.ok_or(JsValue::NULL)?.open(&self.name)?;
        let database = request.clone();
        let furnish = Closure::once(move || {
            if let Ok(database) = database.result() {
                // What fails here fails the whole request.
                _ = database.unchecked_into::<Database>().create_object_store(ROOM);
            }
        });
        request.set_onupgradeneeded(Some(furnish.as_ref().unchecked_ref()));
        Ok(Open(succeeded(&request).await?.unchecked_into()))
    }
}

/// An open database, closed when dropped.
pub(crate) struct Open(Database);

impl Open {
    /// Begins to change something. Chromium 83 and later want to be told that a set may be unplugged at any time.
    pub(crate) fn begin(&self) -> Result<IdbTransaction, JsValue> {
        let options = object(&[("durability", "strict")])?;
        self.0.transaction(ROOM, "readwrite", &options)
    }

    async fn value(&self, key: &str) -> Result<JsValue, JsValue> {
        let transaction = self.0.transaction(ROOM, "readonly", &Object::new())?;
        succeeded(&transaction.object_store(ROOM)?.get(&key.into())?).await
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The result of a request, once it has one.
pub(crate) async fn succeeded(request: &IdbRequest) -> Result<JsValue, JsValue> {
    event(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
    })
    .await?;
    request.result()
}

/// The end of a transaction: all of it is at rest, or nothing.
pub(crate) async fn completed(transaction: &IdbTransaction) -> Result<(), JsValue> {
    event(|resolve, reject| {
        transaction.set_oncomplete(Some(resolve));
        transaction.set_onabort(Some(reject));
    })
    .await
}

async fn event(listen: impl Fn(&Function, &Function)) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| listen(&resolve, &reject));
    JsFuture::from(promise).await.map(drop)
}

/// Encrypts with a new key: the key, the nonce and the text.
async fn seal(record: &SessionRecord) -> Result<JsValue, JsValue> {
    let subtle = subtle().ok_or(JsValue::NULL)?;
    let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
    let algorithm = object(&[("name", "AES-GCM")])?;
    Reflect::set(&algorithm, &"length".into(), &256.into())?;
    let key: CryptoKey = settle(subtle.generate_key_with_object(&algorithm, false, &uses))
        .await?
        .unchecked_into();
    let nonce = Uint8Array::new_with_length(NONCE_BYTES);
    let crypto = web_sys::window().ok_or(JsValue::NULL)?.crypto()?;
    crypto.get_random_values_with_js_u8_array(&nonce)?;
    let text = Uint8Array::from(record.expose().as_bytes());
    let text = settle(subtle.encrypt_with_object_and_buffer_source(&with(&nonce)?, &key, &text)).await?;
    Ok(Array::of3(&key, &nonce, &text).into())
}

/// Decrypts what [`seal`] made; whatever is wrong with it is an error.
async fn unseal(sealed: &JsValue) -> Result<SessionRecord, JsValue> {
    let subtle = subtle().ok_or(JsValue::NULL)?;
    let part = |index| Reflect::get_u32(sealed, index);
    let key: CryptoKey = part(0)?.dyn_into()?;
    let text: Object = part(2)?.dyn_into()?;
    let text = settle(subtle.decrypt_with_object_and_buffer_source(&with(&part(1)?)?, &key, &text)).await?;
    let text = String::from_utf8(Uint8Array::new(&text).to_vec());
    text.map(SessionRecord::new).map_err(|_| JsValue::NULL)
}

fn with(nonce: &JsValue) -> Result<Object, JsValue> {
    let algorithm = object(&[("name", "AES-GCM")])?;
    Reflect::set(&algorithm, &"iv".into(), nonce)?;
    Ok(algorithm)
}

/// Why does not matter: no store will tell more than that it failed.
fn failed(_: JsValue) -> StoreFailed {
    StoreFailed
}
