//! What a remote control says, whatever it is made by.

use super::key::Key;
use super::keymaps;

impl Key {
    /// The meaning of a `keydown` event by its `key`, else by its `keyCode`.
    ///
    /// Names come first because they mean the same everywhere; televisions leave them empty, or `Unidentified`, for
    /// keys that keyboards do not have.
    pub(crate) fn of(name: &str, code: u32) -> Self {
        named(name).or_else(|| coded(code)).unwrap_or(Self::Other)
    }
}

fn named(name: &str) -> Option<Key> {
    keymaps::ALL
        .iter()
        .flat_map(|keymap| keymap.names)
        .find_map(|(known, key)| (*known == name).then_some(*key))
}

fn coded(code: u32) -> Option<Key> {
    keymaps::ALL
        .iter()
        .flat_map(|keymap| keymap.codes)
        .find_map(|(known, key)| (*known == code).then_some(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_platform_has_a_way_back() {
        for (platform, name, code) in [
            ("Tizen", "XF86Back", 10009),
            ("Tizen, without a name", "", 10009),
            ("webOS", "GoBack", 461),
            ("webOS, without a name", "Unidentified", 461),
            ("Android", "GoBack", 4),
            ("Fire TV", "Escape", 27),
            ("Xbox", "", 196),
            ("a keyboard", "Backspace", 8),
        ] {
            assert_eq!(Key::of(name, code), Key::Back, "{platform}");
        }
    }

    #[test]
    fn every_platform_has_an_ok() {
        for (platform, name, code) in [
            ("a keyboard", "Enter", 13),
            ("an engine without names", "", 13),
            ("Xbox", "", 195),
        ] {
            assert_eq!(Key::of(name, code), Key::Ok, "{platform}");
        }
    }

    #[test]
    fn the_name_wins_over_the_code() {
        assert_eq!(Key::of("ArrowUp", 40), Key::Up);
    }

    #[test]
    fn other_keys_are_left_alone() {
        for (name, code) in [("a", 65), ("Tab", 9), ("MediaPlay", 415), ("", 0)] {
            assert_eq!(Key::of(name, code), Key::Other, "{name} {code}");
        }
    }

    #[test]
    fn platforms_do_not_contradict_each_other() {
        for keymap in keymaps::ALL {
            for (name, key) in keymap.names {
                assert_eq!(named(name), Some(*key), "{name}");
            }
            for (code, key) in keymap.codes {
                assert_eq!(coded(*code), Some(*key), "{code}");
            }
        }
    }
}
