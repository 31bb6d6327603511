//! A conformance kit for the OAuth 2.0 Device Authorization Grant (RFC 8628).
//!
//! [`server::judge`] drives any server as a device would; [`client::play_all`] lets any client sign in at servers with a
//! script, and [`client::judge`] judges what it did.

#![forbid(unsafe_code)]

mod check;
pub mod client;
pub mod clock;
pub mod coverage;
mod exchange;
mod profile;
pub mod report;
pub mod server;

pub use check::{Check, Level, Mode, Otherwise, Ruling, Verdict, issue_link};
pub use exchange::Exchange;
pub use profile::{Deviation, Profile};
pub use report::{Finding, Report};
