//! The few keys that matter, and the form of the tables that name them.

/// A key that means something to a page with a few buttons.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Key {
    Back,
    Down,
    Left,
    Ok,
    /// Everything else: the host's.
    Other,
    Right,
    Up,
}

impl Key {
    /// The key that means the same where lines run from right to left.
    pub(crate) const fn mirrored(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            key => key,
        }
    }
}

/// What one platform calls its keys.
pub(super) struct Keymap {
    /// `event.key` and its meaning.
    pub(super) names: &'static [(&'static str, Key)],
    /// `event.keyCode` and its meaning.
    pub(super) codes: &'static [(u32, Key)],
}
