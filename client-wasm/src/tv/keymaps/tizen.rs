//! Samsung Tizen: arrows, OK and Return arrive without being registered.

use crate::tv::key::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    // The X11 name of the Return key, which the engine hands on.
    names: &[("XF86Back", Key::Back)],
    // developer.samsung.com, Remote Control: Return.
    codes: &[(10009, Key::Back)],
};
