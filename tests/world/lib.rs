//! What the tiers of tests are made of.
//!
//! [`World`] is a television, an authorization server, a person, a network, and a clock that is a number:
//! the real core against the real mock with nothing real in between, so an hour takes no time and every run of a
//! story is the same.
//! [`Program`], [`PageServer`] and [`EngineModel`] are for the tiers above, with sockets and processes.

#![forbid(unsafe_code)]
#![expect(clippy::missing_panics_doc, reason = "a broken story is a failed test")]

mod chance;
mod engine_model;
pub mod front;
mod household;
mod issuer;
mod log;
mod message;
mod network;
mod page;
mod page_server;
mod program;
pub mod seal;
mod television;
mod viewer;
mod witness;
mod world;

pub use chance::Chance;
pub use engine_model::{EngineKind, EngineModel, KeyPath};
pub use household::Household;
pub use issuer::Issuer;
pub use log::Log;
pub use network::{Fault, Network};
pub use page_server::{PageServer, PageSocket};
pub use program::{End, Program, build, shorten_interval};
pub use viewer::{Press, Viewer};
pub use world::World;

use std::time::Duration;

/// A span in seconds, for stories.
pub const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
