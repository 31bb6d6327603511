//! The interop tier: the mock before clients that the project did not write, and its examples run as their readers would.
#![forbid(unsafe_code)]

mod examples;
mod libraries;
mod story;
