//! An authorization server for tests of the device authorization grant (RFC 8628): Okta, authentik and the plain RFCs.
//!
//! [`Idp::handle`] is the whole server as one function: a moment and a request in, an answer out.
//! It performs no I/O and reads no clock, and builds for WebAssembly.
//! [`MockIdp`] (feature `server`) puts it on sockets, with a control listener beside it.

#![forbid(unsafe_code)]

mod cors;
mod form;
mod grant;
mod http;
mod idp;
mod json;
mod personality;
mod random;
mod refusal;
mod setup;
mod signer;
mod store;
mod throttle;
mod time;
mod tokens;
mod verification;

pub use grant::device::GrantState;
pub use http::{Request, Response};
pub use idp::{ControlError, GrantView, Idp};
pub use personality::Product;
pub use setup::{Client, Setup, User};
pub use signer::{BlankSigner, Signer};
pub use time::Instant;
