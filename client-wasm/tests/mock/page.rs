//! The same in a browser.

#![cfg(target_family = "wasm")]
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod life;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
