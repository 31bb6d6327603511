//! Android TV and Fire TV, in an app of their own or in a browser.

use crate::tv::key::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    // UI Events KeyboardEvent key Values, section 3.11, Mobile Phone Keys.
    names: &[("GoBack", Key::Back)],
    // android.view.KeyEvent.KEYCODE_BACK, which some apps hand on as it is.
    codes: &[(4, Key::Back)],
};
