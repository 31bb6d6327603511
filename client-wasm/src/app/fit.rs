//! Text that must stay whole: a code or an address that is too long for its place shrinks, then wraps.

use super::part::{Fit, Part};

/// Keeps `text`, an inline block that does not wrap, inside its parent, whatever the length, font and screen.
///
/// It shrinks to `least` percent of its size and no further, since nobody could read it; what is too long even then wraps.
pub(super) fn keep_inside_parent(text: Part, least: i32) -> Fit {
    Box::new(move || {
        let needed = || text.as_html().offset_width();
        let room = text
            .as_element()
            .parent_element()
            .map_or(0, |parent| parent.client_width());
        let mut size = 100;
        text.style("white-space", "nowrap");
        for _ in 0..MEASUREMENTS {
            text.style("font-size", &format!("{size}%"));
            let needed = needed();
            // Each look makes the engine lay out the whole page, and most texts fit at once.
            if needed <= room {
                return;
            }
            size = least.max(size * percent(room, needed) / 100);
        }
        text.style("font-size", &format!("{size}%"));
        if needed() > room {
            text.style("white-space", "normal");
        }
    })
}

/// Letters may be whole pixels wide, so a smaller text can need more than its share: the second look sees that.
const MEASUREMENTS: usize = 2;

/// How much of its size a text that needs `needed` pixels may keep in `room` pixels.
fn percent(room: i32, needed: i32) -> i32 {
    if room <= 0 || needed <= room {
        100
    } else {
        room * 100 / needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_fits_keeps_its_size() {
        assert_eq!(percent(1000, 1000), 100);
        assert_eq!(percent(1000, 10), 100);
    }

    #[test]
    fn what_does_not_fit_shrinks_into_its_room() {
        assert_eq!(percent(1000, 1500), 66);
        assert!(percent(999, 1000) * 1000 <= 999 * 100);
    }

    #[test]
    fn an_unmeasured_room_shrinks_nothing() {
        assert_eq!(percent(0, 100), 100);
    }
}
