//! Sign-ins in simulated time, one file per theme.

#![forbid(unsafe_code)]

mod cancel;
mod checkup;
mod clock;
mod denial;
mod expiry;
mod forgery;
mod happy;
mod offline;
mod random;
mod renewal;
mod rows;
mod scenarios;
mod session;
mod sleep;
mod slow_down;
mod stories;

use tests::{Issuer, Log, World};

/// Tells the same story with every issuer and checks each.
fn with_each(story: impl Fn(World) -> World, check: impl Fn(Issuer, &Log)) {
    for issuer in Issuer::ALL {
        let log = story(World::new(issuer)).run();
        check(issuer, &log);
    }
}

const SIGNED_IN: &str = "signed in as Jane Doe, vouched by signature";
