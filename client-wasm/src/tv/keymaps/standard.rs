//! Keyboards, and the keys that televisions share with them.

use crate::tv::key::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    // UI Events KeyboardEvent key Values, sections 3.3 to 3.5 and 3.19.
    names: &[
        ("ArrowDown", Key::Down),
        ("ArrowLeft", Key::Left),
        ("ArrowRight", Key::Right),
        ("ArrowUp", Key::Up),
        ("Backspace", Key::Back),
        ("BrowserBack", Key::Back),
        ("Enter", Key::Ok),
        ("Escape", Key::Back),
    ],
    // UI Events, appendix A: fixed virtual key codes.
    codes: &[
        (8, Key::Back),
        (13, Key::Ok),
        (27, Key::Back),
        (37, Key::Left),
        (38, Key::Up),
        (39, Key::Right),
        (40, Key::Down),
    ],
};
