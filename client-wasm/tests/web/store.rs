//! What rests between two page loads, seen from behind the store's back.

use client_wasm::Store;
use device_flow::SessionRecord;
use device_flow::session::StoreFailed;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fake::without;

#[wasm_bindgen(inline_js = "
const settled = request => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
});
const letters = bytes => String.fromCharCode(...new Uint8Array(bytes));
async function told(value) {
    if (value instanceof CryptoKey) {
        return (await crypto.subtle.exportKey('raw', value).then(letters, error => error.name)) + '\\n';
    }
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return letters(value.buffer ?? value) + '\\n';
    if (Array.isArray(value)) return (await Promise.all(value.map(told))).join('');
    return JSON.stringify(value) + '\\n';
}
export async function raw(name) {
    const database = await settled(indexedDB.open(name));
    let text = '';
    for (const room of database.objectStoreNames) {
        const values = await settled(database.transaction(room).objectStore(room).getAll());
        text += await told(values);
    }
    database.close();
    return text + Object.entries(localStorage).join();
}
export async function tamper(name, how) {
    const database = await settled(indexedDB.open(name));
    const room = () => database.transaction('session', 'readwrite').objectStore('session');
    const record = await settled(room().get('record'));
    const other = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['decrypt']);
    const flipped = new Uint8Array(record[2].slice());
    flipped[0] ^= 1;
    const [key, nonce, text] = record;
    await settled(room().put({
        text: 'plain text',
        nothing: null,
        short: [key, nonce],
        no_key: ['key', nonce, text],
        other_key: [other, nonce, text],
        other_nonce: [key, new Uint8Array(12), text],
        changed: [key, nonce, flipped.buffer],
    }[how], 'record'));
    database.close();
}")]
extern "C" {
    /// Everything that the database and the origin's other storage hold, byte by byte; of keys, why they cannot be had.
    fn raw(name: &str) -> Promise;
    /// Puts something broken into the place of the record.
    pub(crate) fn tamper(name: &str, how: &str) -> Promise;
}

async fn all(folder: &str) -> String {
    let text = JsFuture::from(raw(&format!("device-login {folder}"))).await.unwrap();
    text.as_string().unwrap()
}

fn record(token: &str) -> SessionRecord {
    SessionRecord::new(format!(r#"{{"access_token":"{token}"}}"#))
}

fn store(folder: &str) -> Store {
    Store::of(folder).expect("Chromium on loopback has a store")
}

#[wasm_bindgen_test]
async fn what_was_kept_last_is_read_back() {
    let store = store("/newest/");
    assert_eq!(store.read().await, Ok(None));
    for token in ["s3cret-1", "s3cret-2"] {
        store.keep(&record(token)).await.unwrap();
        assert_eq!(store.read().await, Ok(Some(record(token))));
    }
    assert_eq!(self::store("/another/").read().await, Ok(None));
}

#[wasm_bindgen_test]
async fn no_token_stands_in_the_raw_store_and_its_key_cannot_be_taken_out() {
    let store = store("/raw/");
    store.keep(&record("s3cret")).await.unwrap();
    let first = all("/raw/").await;
    assert!(!first.contains("s3cret") && !first.contains("access_token"), "{first}");
    // Web Cryptography API section 14.3.10: a key that is not extractable.
    assert!(first.starts_with("InvalidAccessError\n"), "{first}");
    store.keep(&record("s3cret")).await.unwrap();
    let second = all("/raw/").await;
    let parts = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let shared = parts(&first).into_iter().filter(|part| parts(&second).contains(part));
    assert_eq!(
        shared.collect::<Vec<_>>(),
        ["InvalidAccessError", ""],
        "another nonce, hence another text"
    );
}

#[wasm_bindgen_test]
async fn forgetting_leaves_nothing() {
    let store = store("/forget/");
    store.keep(&record("s3cret")).await.unwrap();
    store.forget().await.unwrap();
    assert_eq!(store.read().await, Ok(None));
    assert_eq!(all("/forget/").await, "");
}

#[wasm_bindgen_test]
async fn what_is_broken_or_somebody_elses_is_told_from_nothing() {
    let store = store("/broken/");
    for how in [
        "text",
        "nothing",
        "short",
        "no_key",
        "other_key",
        "other_nonce",
        "changed",
    ] {
        store.keep(&record("s3cret")).await.unwrap();
        JsFuture::from(tamper("device-login /broken/", how)).await.unwrap();
        assert_eq!(store.read().await, Err(StoreFailed), "{how}");
    }
    store.keep(&record("s3cret")).await.unwrap();
    assert_eq!(store.read().await, Ok(Some(record("s3cret"))));
}

#[wasm_bindgen_test]
async fn where_there_is_no_cryptography_there_is_no_store() {
    let without = without("crypto");
    assert!(Store::of("/plain/").is_none());
    without.call0(&JsValue::NULL).unwrap();
}
