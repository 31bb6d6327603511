//! The interop tier: the mock before clients that the project did not write.
#![forbid(unsafe_code)]

mod libraries;
mod story;
