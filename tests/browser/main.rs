//! The browser tier: a real Chromium, driven over its DevTools protocol as a person with a remote control would.
//!
//! One [`page::Page`] is one browser of its own; a test that needs a television and a phone opens two.
#![forbid(unsafe_code)]

mod devtools;
mod driver;
mod engine;
mod keys;
mod page;
mod qr;
mod site;
