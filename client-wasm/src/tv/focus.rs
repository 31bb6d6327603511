//! Which control is lit: a row with two ends, beyond which the host takes over.

use super::key::Key;

/// The control to light after `key`, out of `count`, when the one at `lit` was; `None` where the row ends.
///
/// No positions are measured: the few controls of a screen stand in one row, in the order of their numbers.
pub(crate) fn turn(lit: usize, count: usize, key: Key) -> Option<usize> {
    match key {
        Key::Right | Key::Down => Some(lit + 1).filter(|next| *next < count),
        Key::Left | Key::Up => lit.checked_sub(1),
        Key::Back | Key::Ok | Key::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn arrows_go_along_the_row() {
        assert_eq!([Key::Right, Key::Down].map(|key| turn(0, 3, key)), [Some(1), Some(1)]);
        assert_eq!([Key::Left, Key::Up].map(|key| turn(2, 3, key)), [Some(1), Some(1)]);
    }

    #[test]
    fn the_row_ends() {
        assert_eq!([Key::Left, Key::Up].map(|key| turn(0, 2, key)), [None, None]);
        assert_eq!([Key::Right, Key::Down].map(|key| turn(1, 2, key)), [None, None]);
        assert_eq!([Key::Right, Key::Left].map(|key| turn(0, 0, key)), [None, None]);
    }

    #[test]
    fn other_keys_light_nothing_else() {
        for key in [Key::Back, Key::Ok, Key::Other] {
            assert_eq!(turn(1, 3, key), None);
        }
    }
}
