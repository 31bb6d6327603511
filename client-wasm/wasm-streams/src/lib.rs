//! As much of `wasm-streams` as `server_fn` needs to compile.
//!
//! Leptos brings `server_fn` along, whose answers can be streams. Nobody here calls a server function, but the real crate
//! gives JavaScript classes of its own, which no linker can drop: six kilobytes of the page.

#![forbid(unsafe_code)]

use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::JsValue;
use web_sys::ReadableStream as Raw;

/// A stream that nobody reads or writes.
#[derive(Debug)]
pub struct ReadableStream(Raw);

impl ReadableStream {
    /// Of a browser's own.
    pub fn from_raw(raw: Raw) -> Self {
        Self(raw)
    }

    /// Of what Rust yields.
    ///
    /// # Panics
    ///
    /// Always: this page calls no server functions.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unimplemented!("server functions")
    }

    /// The browser's own.
    pub fn into_raw(self) -> Raw {
        self.0
    }

    /// What comes out of it.
    pub fn into_stream(self) -> IntoStream {
        IntoStream(self.0)
    }
}

/// What comes out of a stream: nothing.
#[derive(Debug)]
pub struct IntoStream(#[expect(dead_code, reason = "kept as the real one keeps it")] Raw);

impl Stream for IntoStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
