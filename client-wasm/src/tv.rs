//! What a television has and a desktop has not.

pub(crate) mod clock;
pub(crate) mod focus;
mod keymaps;
pub(crate) mod keys;
pub(crate) mod lifecycle;
