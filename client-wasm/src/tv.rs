//! What a television has and a desktop has not.

pub(crate) mod clock;
pub(crate) mod drift;
pub(crate) mod focus;
pub(crate) mod key;
mod keymaps;
mod keys;
pub(crate) mod lifecycle;
pub(crate) mod trail;
