//! Device sign-in without a browser: a blocking shell over the `device-flow` core.
//!
//! [`Shell`] drives one sign-in, [`checkup`] looks whether one could work; [`http`], [`signature`] and the clock in `shell.rs` are all it knows of the world.
//! The program `device-login` is the thinnest user of it.

#![forbid(unsafe_code)]

pub mod checkup;
pub mod cors;
pub mod digest;
pub mod http;
mod proxy;
pub mod qr;
pub mod screen;
mod shell;
pub mod signature;
pub mod tokens;

pub use shell::{Canceller, Shell, SystemClocks};
