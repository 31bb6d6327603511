//! One table per platform, data only, with the source of each row beside it.
//!
//! Arrows and OK are the same nearly everywhere, so `standard` holds them and the others hold what they add.

mod android;
mod hbbtv;
mod standard;
mod tizen;
mod webos;
mod xbox;

use super::key::Keymap;

/// All of them at once: no number means two things, so nothing asks which platform this is.
pub(super) const ALL: &[Keymap] = &[
    standard::KEYMAP,
    tizen::KEYMAP,
    webos::KEYMAP,
    hbbtv::KEYMAP,
    android::KEYMAP,
    xbox::KEYMAP,
];
