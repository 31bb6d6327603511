//! Which control is lit: a pure ring, so that no key ever leads nowhere.

use super::key::Key;

/// The control to light after `key`, out of `count`, when the one at `lit` was.
///
/// No positions are measured: the few controls of a screen stand in one row, in the order of their numbers.
pub(crate) fn turn(lit: usize, count: usize, key: Key) -> usize {
    let step = match key {
        Key::Right | Key::Down => 1,
        Key::Left | Key::Up => count.saturating_sub(1),
        Key::Back | Key::Ok | Key::Other => 0,
    };
    if count == 0 { 0 } else { (lit + step) % count }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn arrows_go_round() {
        assert_eq!([Key::Right, Key::Down].map(|key| turn(0, 2, key)), [1, 1]);
        assert_eq!([Key::Right, Key::Down].map(|key| turn(1, 2, key)), [0, 0]);
        assert_eq!([Key::Left, Key::Up].map(|key| turn(0, 3, key)), [2, 2]);
        assert_eq!([Key::Left, Key::Up].map(|key| turn(2, 3, key)), [1, 1]);
    }

    #[test]
    fn a_lone_control_stays_lit() {
        for key in [Key::Left, Key::Right, Key::Up, Key::Down] {
            assert_eq!(turn(0, 1, key), 0);
        }
    }

    #[test]
    fn other_keys_light_nothing_else() {
        for key in [Key::Back, Key::Ok, Key::Other] {
            assert_eq!(turn(1, 3, key), 1);
        }
    }

    #[test]
    fn a_screen_without_controls_is_no_trouble() {
        assert_eq!(turn(0, 0, Key::Right), 0);
    }
}
