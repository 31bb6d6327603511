//! Xbox: the controller as keys, with `navigator.gamepadInputEmulation = "keyboard"`.

use crate::tv::key::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    names: &[],
    // Windows virtual key codes VK_GAMEPAD_*.
    codes: &[
        // A, B
        (195, Key::Ok),
        (196, Key::Back),
        // DPAD_UP, _DOWN, _LEFT, _RIGHT
        (203, Key::Up),
        (204, Key::Down),
        (205, Key::Left),
        (206, Key::Right),
        // LEFT_THUMBSTICK_UP, _DOWN, _RIGHT, _LEFT: right before left
        (211, Key::Up),
        (212, Key::Down),
        (213, Key::Right),
        (214, Key::Left),
    ],
};
