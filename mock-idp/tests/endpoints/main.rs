//! One file per endpoint, all through `Idp::handle`, in process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod access_policies;
mod assumptions;
mod authorization_servers;
mod client_authentication;
mod control;
mod cors;
mod device_authorization;
mod discovery;
mod end_session;
mod folder;
#[path = "../golden/mod.rs"]
mod golden;
mod google;
mod intake;
mod introspection;
mod keys;
#[path = "../phone/mod.rs"]
mod phone;
mod rate_limits;
mod registry;
mod revocation;
mod support;
mod token;
mod userinfo;
mod verification;
