//! Android TV and Fire TV, in a WebView or in Silk.

use crate::tv::keys::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    // UI Events KeyboardEvent key Values, section 3.11, Mobile Phone Keys.
    names: &[("GoBack", Key::Back)],
    // android.view.KeyEvent.KEYCODE_BACK, which some WebViews hand on as it is.
    codes: &[(4, Key::Back)],
};
