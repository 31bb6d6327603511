//! The browser tier: a real Chromium, driven over its DevTools protocol as a person with a remote control would.
//!
//! One [`page::Page`] is one browser of its own; a test that needs a television and a phone opens two.
//! The phone is a browser of today; the television is what the environment variable `TELEVISION` names, by its id in
//! `engines.json`.
#![forbid(unsafe_code)]

mod console;
mod demo;
mod devtools;
mod display;
mod driver;
mod engine;
mod headers;
mod keeper;
mod keys;
mod languages;
mod living_room;
mod loader;
mod misfortunes;
mod packages;
mod page;
mod peer;
mod phone;
mod platforms;
mod proxy;
mod qr;
mod screens;
mod session;
mod sign_in;
mod site;
mod stories;
mod television;
