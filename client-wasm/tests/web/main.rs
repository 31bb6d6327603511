//! What is left of the shell once the protocol is elsewhere: `fetch`, WebCrypto, a store, a lock, and a page that keys
//! drive.

#![cfg(target_family = "wasm")]
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod digest;
mod fake;
mod fetch;
mod layout;
mod lock;
mod page;
mod screen;
mod session;
mod signature;
mod store;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
