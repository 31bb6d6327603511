//! A whole sign-in and what comes after it, in Node: the mock is a function in the same WebAssembly.

#![cfg(target_family = "wasm")]
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod life;
