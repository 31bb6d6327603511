//! `HbbTV` and CE-HTML: `VK_BACK`; arrows and `VK_ENTER` have the numbers of a keyboard.

use crate::tv::key::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    names: &[],
    // CEA-2014 key codes as sets define them: VK_BACK.
    codes: &[(461, Key::Back)],
};
