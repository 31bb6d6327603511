//! The journal and its verdicts, told by a device and a host without sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod entries;
mod habits;
mod innocence;
mod scene;
mod secrets;
