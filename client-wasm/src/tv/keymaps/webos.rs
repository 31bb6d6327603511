//! LG webOS: Back is a key only in apps that set `disableBackHistoryAPI`, else it walks the page's history.

use crate::tv::key::{Key, Keymap};

pub(super) const KEYMAP: Keymap = Keymap {
    names: &[],
    // webostv.developer.lge.com, Back Button: 0x1CD.
    codes: &[(461, Key::Back)],
};
