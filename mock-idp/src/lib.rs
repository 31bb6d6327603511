//! An authorization server for tests of the device authorization grant (RFC 8628): Okta, authentik, Google and the plain RFCs.
//!
//! [`Idp::handle`] is the whole server as one function: a moment and a request in, an answer out.
//! It performs no I/O and reads no clock, and builds for WebAssembly.
//! [`MockIdp`] (feature `server`) puts it on sockets, with a control listener beside it.

#![forbid(unsafe_code)]

mod bucket;
#[cfg(feature = "server")]
mod clock;
#[cfg(feature = "server")]
mod config;
#[cfg(feature = "server")]
mod control;
mod cors;
mod delivery;
mod fault;
mod form;
mod grant;
mod http;
mod idp;
mod journal;
mod json;
#[cfg(feature = "server")]
mod keys;
mod personality;
mod random;
mod refusal;
#[cfg(feature = "server")]
mod routes;
#[cfg(feature = "server")]
mod server;
mod setup;
mod signer;
mod store;
mod throttle;
mod time;
mod tokens;
mod under_way;
mod verification;
mod whole;

#[cfg(feature = "server")]
pub use config::{Address, ClockSettings, Config, ConfigError, KeySettings, Listeners, PageOrigin, ScenarioSettings};
pub use delivery::{Delivery, Ending, Pace};
pub use fault::{
    ActiveFault, CannedAnswer, Change, CodesAfterExpiry, DeviceCodes, FactChanges, FaultError, Faults, Forced,
    GrantType, Pacing, Requests, Scenario, Script, Step, Switch, Then, Trickle, TurnsAway, UserCodes, Variant,
    catalogue,
};
pub use grant::device::GrantState;
pub use http::{Request, Response};
pub use idp::{About, ControlError, Exchange, GrantView, Idp};
pub use journal::{Body, Entry, Finding, Grade, Journal, LARGEST_JOURNAL, Level, ShownEntry, USUAL_LENGTH, Verdict};
#[cfg(feature = "server")]
pub use keys::Rs256Signer;
pub use personality::assumptions::{self, Assumptions};
pub use personality::{AuthentikVersion, Endpoint, Product};
#[cfg(feature = "server")]
pub use server::{MockIdp, MockIdpBuilder, StartError};
pub use setup::{
    AccessPolicy, AccessRule, AuthorizationServer, Client, Flows, People, RateLimit, RateLimits, Setup, User,
};
pub use signer::{BlankSigner, Signer};
pub use time::Instant;

/// Runs what the README shows.
#[cfg(all(doctest, feature = "server"))]
#[doc = include_str!("../README.md")]
struct Readme;
