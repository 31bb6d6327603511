//! The browser tier: a real Chromium, driven over its DevTools protocol as a person with a remote control would.
//!
//! One [`page::Page`] is one browser of its own; a test that needs a television and a phone opens two.
#![forbid(unsafe_code)]

mod console;
mod devtools;
mod driver;
mod engine;
mod keys;
mod living_room;
mod loader;
mod page;
mod peer;
mod phone;
mod qr;
mod sign_in;
mod site;
mod television;
