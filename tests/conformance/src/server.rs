//! Server mode: a device that knows every rule drives a server and judges its answers.

mod checks;
mod device;
mod discovery;
mod ending;
mod person;
mod polling;
mod starting;
mod wire;

pub use checks::{CHECKS, ServerCheck};
pub use device::{Authentication, Device, Target};
pub use person::{Decision, Hooks, Person, Shown, Way};
pub use wire::{Network, Request, Response, Wire};

use crate::report::Finding;

/// Judges a server by these checks, and tells of each as it is judged.
pub fn judge<'a>(
    device: &mut Device,
    checks: impl Iterator<Item = &'a ServerCheck>,
    mut tell: impl FnMut(&Finding),
) -> Vec<Finding> {
    let judged = checks.map(|check| {
        let ruling = (check.judge)(device);
        let finding = Finding::of(check.about, ruling, device.take_seen());
        tell(&finding);
        finding
    });
    judged.collect()
}
