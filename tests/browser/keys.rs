//! The keys of a remote control, as the numbers that televisions give them.

/// One key: `KeyboardEvent`'s `key`, `code` and `keyCode`, and the text that it types.
pub(crate) struct Key {
    /// `KeyboardEvent.key`.
    pub(crate) name: &'static str,
    /// `KeyboardEvent.code`.
    pub(crate) code: &'static str,
    /// `KeyboardEvent.keyCode`.
    pub(crate) number: u32,
    /// What it types; a button is activated by the carriage return that comes with Enter, not by the key.
    pub(crate) text: Option<&'static str>,
    /// The symbol of the key that a keyboard has for it (X Window System Protocol, appendix A).
    pub(crate) x11_symbol: Option<u32>,
}

impl Key {
    const fn plain(name: &'static str, code: &'static str, number: u32, x11_symbol: Option<u32>) -> Self {
        Self {
            name,
            code,
            number,
            text: None,
            x11_symbol,
        }
    }
}

/// OK in the middle of the ring.
pub(crate) const OK: Key = Key {
    name: "Enter",
    code: "Enter",
    number: 13,
    text: Some("\r"),
    x11_symbol: Some(0xff0d),
};
/// The ring's left.
pub(crate) const LEFT: Key = Key::plain("ArrowLeft", "ArrowLeft", 37, Some(0xff51));
/// The ring's top.
pub(crate) const UP: Key = Key::plain("ArrowUp", "ArrowUp", 38, Some(0xff52));
/// The ring's right.
pub(crate) const RIGHT: Key = Key::plain("ArrowRight", "ArrowRight", 39, Some(0xff53));
/// The ring's bottom.
pub(crate) const DOWN: Key = Key::plain("ArrowDown", "ArrowDown", 40, Some(0xff54));
/// Back on webOS.
pub(crate) const BACK_WEBOS: Key = Key::plain("GoBack", "BrowserBack", 461, None);
/// Back on Tizen. Chromium elsewhere does not know the name and hands the page an empty one.
pub(crate) const BACK_TIZEN: Key = Key::plain("XF86Back", "BrowserBack", 10009, None);
/// Back on a desktop keyboard.
pub(crate) const ESCAPE: Key = Key::plain("Escape", "Escape", 27, Some(0xff1b));
