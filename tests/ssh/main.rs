//! The PAM module as administrators install it (a release build), in a real `sshd` on loopback, with a real `ssh` in front
//! and the mock behind.
//!
//! It needs root, since sshd changes to the account and PAM's service files stand in `/etc/pam.d`; each test has accounts and
//! files of its own, and takes them away again.

#![forbid(unsafe_code)]
#![cfg(target_os = "linux")]

mod client;
mod limit;
mod machine;
mod pam;
mod sign_in;
mod syslog;
mod trouble;
