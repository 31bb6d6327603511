//! What stands around the picture: the window alone, or somebody else's page, of which it is a part.
//!
//! A part hears only the keys that come to it, takes the focus only where it has it or is asked to, and says when somebody
//! wants to leave it. Without the feature `screen` there are only windows, and nothing of this is in the binary.

#[cfg(feature = "screen")]
use core::cell::Cell;
#[cfg(feature = "screen")]
use std::rc::Rc;

#[cfg(feature = "screen")]
use web_sys::ShadowRoot;
use web_sys::{Event, EventTarget};

use super::part::Part;
use crate::tv::key::Key;
use crate::visit::Scene;

/// The window, or a place in a page. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Frame {
    #[cfg(feature = "screen")]
    place: Option<Rc<Place>>,
}

/// A place in a page.
#[cfg(feature = "screen")]
struct Place {
    root: ShadowRoot,
    is_focus_wanted: Cell<bool>,
    /// There is something else to see.
    on_scene: Box<dyn Fn(&Scene)>,
    /// Somebody wants to leave, by that.
    on_leave: Box<dyn Fn(&str)>,
}

#[cfg(feature = "screen")]
impl Frame {
    pub(crate) fn of(root: ShadowRoot, on_scene: impl Fn(&Scene) + 'static, on_leave: impl Fn(&str) + 'static) -> Self {
        Self {
            place: Some(Rc::new(Place {
                root,
                is_focus_wanted: Cell::new(false),
                on_scene: Box::new(on_scene),
                on_leave: Box::new(on_leave),
            })),
        }
    }
}

#[cfg_attr(
    not(feature = "screen"),
    expect(clippy::unused_self, reason = "there are only windows")
)]
impl Frame {
    /// Whether there are others in the window.
    pub(super) fn is_place(&self) -> bool {
        #[cfg(feature = "screen")]
        return self.place.is_some();
        #[cfg(not(feature = "screen"))]
        false
    }

    /// Where keys are heard: in a window wherever the focus is, so that a pointer that clicked beside a button has lost
    /// nothing.
    pub(super) fn keys_of(&self, stage: &Part) -> EventTarget {
        if self.is_place() {
            stage.as_element().clone().into()
        } else {
            leptos::prelude::window().into()
        }
    }

    /// Whether a button may take the focus. What is wanted is wanted once.
    pub(super) fn may_take_focus(&self) -> bool {
        #[cfg(feature = "screen")]
        if let Some(place) = &self.place {
            return place.is_focus_wanted.take() || place.root.active_element().is_some();
        }
        true
    }

    /// The next button that is lit may take the focus.
    pub(super) fn want_focus(&self) {
        #[cfg(feature = "screen")]
        if let Some(place) = &self.place {
            place.is_focus_wanted.set(true);
        }
    }

    /// The same if the focus is here now, as what has it is about to go.
    pub(super) fn hold_focus(&self) {
        #[cfg(feature = "screen")]
        if let Some(place) = &self.place
            && place.root.active_element().is_some()
        {
            place.is_focus_wanted.set(true);
        }
    }

    /// Nobody else is to hear of it.
    pub(super) fn keep(&self, event: &Event) {
        event.prevent_default();
        if self.is_place() {
            event.stop_propagation();
        }
    }

    /// Somebody wants to leave.
    #[cfg_attr(not(feature = "screen"), expect(unused_variables, reason = "there are only windows"))]
    pub(super) fn leave(&self, by: &str) {
        #[cfg(feature = "screen")]
        if let Some(place) = &self.place {
            (place.on_leave)(by);
        }
    }

    /// A key that means nothing here: beyond the edge, or back from the first screen.
    #[cfg_attr(not(feature = "screen"), expect(unused_variables, reason = "there are only windows"))]
    pub(super) fn pass(&self, key: Key, is_repeat: bool) {
        #[cfg(feature = "screen")]
        match key {
            Key::Back if is_repeat => {}
            Key::Back => self.leave("back"),
            Key::Down => self.leave("down"),
            Key::Left => self.leave("left"),
            Key::Right => self.leave("right"),
            Key::Up => self.leave("up"),
            Key::Ok | Key::Other => {}
        }
    }

    /// There is something else to see.
    #[cfg_attr(not(feature = "screen"), expect(unused_variables, reason = "there are only windows"))]
    pub(super) fn show(&self, scene: &Scene) {
        #[cfg(feature = "screen")]
        if let Some(place) = &self.place {
            (place.on_scene)(scene);
        }
    }
}
