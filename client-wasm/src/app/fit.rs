//! Text that must stay whole: a code or an address that is too long for its place shrinks, then wraps.

use leptos::ev;
use leptos::html::Span;
use leptos::prelude::*;

/// Keeps `text`, an inline block that does not wrap, inside its parent, whatever the length, font and screen.
///
/// It shrinks to `least` percent of its size and no further, since nobody could read it; what is too long even then wraps.
pub(super) fn keep_inside_parent(text: NodeRef<Span>, least: i32) {
    let fit = move || {
        let Some(text) = text.get() else { return };
        let style = web_sys::HtmlElement::style(&text);
        // Refused only for a style that is read-only.
        let set = |name, value: &str| _ = style.set_property(name, value);
        let room = text.parent_element().map_or(0, |parent| parent.client_width());
        let mut size = 100;
        set("white-space", "nowrap");
        for _ in 0..MEASUREMENTS {
            set("font-size", &format!("{size}%"));
            size = least.max(size * percent(room, text.offset_width()) / 100);
        }
        set("font-size", &format!("{size}%"));
        if text.offset_width() > room {
            set("white-space", "normal");
        }
    };
    Effect::new(fit);
    let resized = window_event_listener(ev::resize, move |_| fit());
    on_cleanup(move || resized.remove());
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
