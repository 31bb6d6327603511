//! The interop tier: the mock before clients that the project did not write, its examples and the core's run as their readers
//! would.
#![forbid(unsafe_code)]

mod commands;
mod examples;
mod libraries;
mod minreq;
mod story;
