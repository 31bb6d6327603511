//! The buttons of each screen, and what keys do to them.

use core::cell::Cell;
use std::rc::{Rc, Weak};

use device_flow::View;
use web_sys::{Event, KeyboardEvent};

use super::frame::Frame;
use super::part::{DESCRIPTION, Part, element, text};
use crate::listener::Listener;
use crate::text::{
    BACK, CANCEL, DONE, END_SESSION, EXIT_LEAVE, EXIT_STAY, NEW_CODE, SIGN_IN, SIGN_OUT, STAY, TRY_AGAIN, Texts,
};
use crate::tv::focus;
use crate::tv::key::Key;
use crate::visit::Scene;

/// What a person can want.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Wish {
    /// End the sign-in that is under way.
    Cancel,
    /// See where to end the session at the server as well.
    EndSession,
    /// Be asked whether to leave the app.
    Exit,
    /// Leave the end of a sign-in for the first screen, or the question for the greeting.
    Home,
    /// Leave the app, once that was asked and answered.
    Leave,
    /// Load the page again, for a configuration that may have been corrected.
    Reload,
    /// Stay in the app.
    Remain,
    /// Sign out, once that was asked and answered.
    SignOut,
    /// Begin to sign in.
    Start,
}

/// One button.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Control {
    /// The name of its text.
    label: &'static str,
    wish: Wish,
}

/// What a key press comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Response {
    /// Ours, and nothing happens.
    Nothing,
    /// Another control is lit.
    Light(usize),
    /// The host's: the page must not touch it.
    Pass,
    /// A wish.
    Wish(Wish),
}

/// The buttons of the screen, the one to light first at the front.
pub(super) fn controls(scene: &Scene) -> &'static [Control] {
    const fn control(label: &'static str, wish: Wish) -> Control {
        Control { label, wish }
    }
    match scene {
        Scene::Start(Some(farewell)) if farewell.end_session_url.is_some() => {
            const { &[control(SIGN_IN, Wish::Start), control(END_SESSION, Wish::EndSession)] }
        }
        // Whoever is the host has the tokens. In a window this is no scene.
        Scene::SignIn(View::SignedIn { .. }) if cfg!(feature = "screen") => ONLY_DONE,
        Scene::Start(_) | Scene::SignIn(View::Idle | View::Cancelled | View::SignedIn { .. }) => {
            const { &[control(SIGN_IN, Wish::Start)] }
        }
        Scene::SignIn(View::Connecting { .. } | View::Code(_) | View::Checking { .. }) => {
            const { &[control(CANCEL, Wish::Cancel)] }
        }
        Scene::SignIn(View::Expired) => const { &[control(NEW_CODE, Wish::Start), control(BACK, Wish::Home)] },
        Scene::SignIn(View::Denied { .. } | View::Failed(_)) => {
            const { &[control(TRY_AGAIN, Wish::Start), control(BACK, Wish::Home)] }
        }
        Scene::SignedIn { .. } => const { &[control(SIGN_OUT, Wish::SignOut)] },
        // The harmless one first: OK is pressed twice before one has read.
        Scene::SignOut => const { &[control(STAY, Wish::Home), control(SIGN_OUT, Wish::SignOut)] },
        Scene::SigningOut => const { &[control(BACK, Wish::Home)] },
        Scene::EndSession(_) => const { &[control(DONE, Wish::Home)] },
        Scene::Exit => const { &[control(EXIT_STAY, Wish::Remain), control(EXIT_LEAVE, Wish::Leave)] },
    }
}

/// The one button of a page that cannot even begin.
pub(super) const WITHOUT_CONFIGURATION: &[Control] = &[Control {
    label: TRY_AGAIN,
    wish: Wish::Reload,
}];

/// The one button where there is nothing left to do but to leave.
pub(super) const ONLY_DONE: &[Control] = &[Control {
    label: DONE,
    wish: Wish::Leave,
}];

/// What Back means: one screen back, and at the first screen nothing that is ours. For whoever is signed in the greeting
/// is the first.
pub(super) fn back(scene: &Scene) -> Option<Wish> {
    match scene {
        Scene::Start(_)
        | Scene::SignedIn { .. }
        | Scene::SignIn(View::Idle | View::Cancelled | View::SignedIn { .. }) => None,
        Scene::SignIn(View::Connecting { .. } | View::Code(_) | View::Checking { .. }) => Some(Wish::Cancel),
        Scene::SignIn(View::Denied { .. } | View::Expired | View::Failed(_))
        | Scene::SignOut
        | Scene::SigningOut
        | Scene::EndSession(_) => Some(Wish::Home),
        Scene::Exit => Some(Wish::Remain),
    }
}

/// What `key` comes to while `scene` is on screen with these controls, the one at `lit` lit.
///
/// A key that is held down repeats: that moves the light, but presses nothing a second time.
pub(super) fn respond(key: Key, is_repeat: bool, scene: &Scene, controls: &[Control], lit: usize) -> Response {
    match key {
        Key::Other => Response::Pass,
        Key::Back => match back(scene) {
            None => Response::Pass,
            Some(_) if is_repeat => Response::Nothing,
            Some(wish) => Response::Wish(wish),
        },
        Key::Ok if is_repeat => Response::Nothing,
        Key::Ok => controls
            .get(lit)
            .map_or(Response::Nothing, |control| Response::Wish(control.wish)),
        // Beyond the ends of the row may be something of the host's.
        Key::Down | Key::Left | Key::Right | Key::Up => {
            focus::turn(lit, controls.len(), key).map_or(Response::Pass, Response::Light)
        }
    }
}

/// The buttons themselves: real ones, for pointers and screen readers; the lit one has the focus.
pub(super) struct Controls {
    row: Part,
    buttons: Vec<Part>,
    choice: &'static [Control],
    lit: Cell<usize>,
    is_right_to_left: bool,
    /// Back at the first screen asks whether to leave the app.
    asks_to_leave: bool,
    frame: Frame,
    grant: Box<dyn Fn(Wish)>,
    _listeners: Vec<Listener>,
}

/// Before any button is lit.
const NONE: usize = usize::MAX;

impl Controls {
    pub(super) fn new(
        choice: &'static [Control],
        texts: &Texts,
        asks_to_leave: bool,
        frame: Frame,
        grant: impl Fn(Wish) + 'static,
    ) -> Rc<Self> {
        let button = |control: &Control| {
            element("button", "control", &[text(&texts.say(control.label))]).attribute("type", "button")
        };
        let buttons: Vec<_> = choice.iter().map(button).collect();
        let buttons: Vec<_> = buttons
            .into_iter()
            .enumerate()
            .map(|(index, button)| match index {
                0 => button.attribute("aria-describedby", DESCRIPTION),
                _ => button,
            })
            .collect();
        let row = element("div", "controls", &buttons);
        Rc::new_cyclic(|controls| Self {
            // Not `mouseenter`: that comes also to a screen that appears under a pointer nobody touches.
            _listeners: ["mousemove", "focus", "click"]
                .map(|name| listen(&row, name, controls))
                .into(),
            row,
            buttons,
            choice,
            lit: Cell::new(NONE),
            is_right_to_left: texts.is_right_to_left(),
            asks_to_leave,
            frame,
            grant: Box::new(grant),
        })
    }

    pub(super) fn row(&self) -> &Part {
        &self.row
    }

    /// Lights a button and gives it the focus.
    pub(super) fn light(&self, lit: usize) {
        let last = self.lit.replace(lit);
        if last == lit {
            return;
        }
        if let Some(button) = self.buttons.get(last) {
            button.look_like("control");
        }
        if let Some(button) = self.buttons.get(lit) {
            button.look_like("control lit");
            if self.frame.may_take_focus() {
                // Refused only by an element that cannot have the focus.
                _ = button.as_html().focus();
            }
        }
    }

    /// Gives the lit button the focus.
    #[cfg(feature = "screen")]
    pub(super) fn focus(&self) {
        if let Some(button) = self.buttons.get(self.lit.get()) {
            // As above.
            _ = button.as_html().focus();
        }
    }

    /// Whether a button grants this.
    #[cfg(feature = "screen")]
    pub(super) fn offer(&self, wish: Wish) -> bool {
        self.choice.iter().any(|control| control.wish == wish)
    }

    /// Does what a key comes to while `scene` is on screen.
    pub(super) fn hear(&self, event: &KeyboardEvent, scene: &Scene) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let pressed = Key::of(&event.key(), event.key_code());
        let key = if self.is_right_to_left {
            pressed.mirrored()
        } else {
            pressed
        };
        let response = match respond(key, event.repeat(), scene, self.choice, self.lit.get()) {
            Response::Pass if key == Key::Back && self.asks_to_leave => Response::Wish(Wish::Exit),
            response => response,
        };
        if response != Response::Pass {
            self.frame.keep(event);
        }
        match response {
            Response::Light(index) => self.light(index),
            Response::Wish(wish) => (self.grant)(wish),
            Response::Pass => self.frame.pass(pressed, event.repeat()),
            Response::Nothing => {}
        }
    }

    /// Does what a pointer comes to, or a focus that somebody else has set.
    fn point(&self, event: &Event) {
        let target = event.target();
        let is_meant = |button: &Part| target.as_ref() == Some(button.as_element());
        let Some(index) = self.buttons.iter().position(is_meant) else {
            return;
        };
        self.light(index);
        if event.type_() == "click"
            && let Some(control) = self.choice.get(index)
        {
            self.frame.want_focus();
            (self.grant)(control.wish);
        }
    }
}

/// On its way down to the buttons, since neither moves nor the focus come up again.
fn listen(row: &Part, name: &'static str, controls: &Weak<Controls>) -> Listener {
    let controls = controls.clone();
    Listener::on_the_way_down(row.as_element(), name, move |event| {
        if let Some(controls) = controls.upgrade() {
            controls.point(&event);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Farewell;
    use device_flow::EndSessionUrl;
    use device_flow::session::{Revocation, SessionEnd};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(scene: &Scene, key: Key, expected: Response) {
        assert_eq!(
            respond(key, false, scene, controls(scene), 0),
            expected,
            "{scene:?} {key:?}"
        );
    }

    /// Those that a press of Back leaves alone.
    fn first_screens() -> Vec<Scene> {
        vec![
            Scene::Start(None),
            Scene::Start(Some(Farewell {
                end: SessionEnd::SignedOut(Revocation::Done),
                is_left_behind: false,
                end_session_url: Some(EndSessionUrl::new("https://id.example/logout")),
            })),
            Scene::SignedIn {
                name: None,
                vouched_by: None,
            },
        ]
    }

    fn inner_screens() -> Vec<Scene> {
        vec![
            Scene::SignIn(View::Connecting { trouble: None }),
            Scene::SignIn(View::Checking { trouble: None }),
            Scene::SignIn(View::Denied { description: None }),
            Scene::SignIn(View::Expired),
            Scene::SignOut,
            Scene::SigningOut,
            Scene::EndSession(EndSessionUrl::new("https://id.example/logout")),
            Scene::Exit,
        ]
    }

    #[test]
    fn only_a_press_of_ok_starts() {
        let start = Scene::Start(None);
        check(&start, Key::Ok, Response::Wish(Wish::Start));
        for key in [Key::Left, Key::Right, Key::Up, Key::Down] {
            check(&start, key, Response::Pass);
        }
    }

    #[test]
    fn back_at_the_first_screen_is_the_hosts() {
        for scene in first_screens() {
            check(&scene, Key::Back, Response::Pass);
        }
    }

    #[test]
    fn back_leads_out_of_every_other_screen() {
        for scene in inner_screens() {
            let Response::Wish(wish) = respond(Key::Back, false, &scene, controls(&scene), 0) else {
                panic!("{scene:?}");
            };
            assert!(matches!(wish, Wish::Cancel | Wish::Home | Wish::Remain), "{scene:?}");
        }
    }

    #[test]
    fn two_presses_of_ok_sign_nobody_out() {
        let [.., greeting] = &first_screens()[..] else { panic!() };
        check(greeting, Key::Ok, Response::Wish(Wish::SignOut));
        check(&Scene::SignOut, Key::Ok, Response::Wish(Wish::Home));
    }

    #[test]
    fn a_held_key_presses_once() {
        for scene in inner_screens() {
            for key in [Key::Ok, Key::Back] {
                assert_eq!(respond(key, true, &scene, controls(&scene), 0), Response::Nothing);
            }
        }
    }

    #[test]
    fn arrows_light_the_next_control_and_end_at_the_hosts() {
        let expired = Scene::SignIn(View::Expired);
        let press = |key, lit| respond(key, true, &expired, controls(&expired), lit);
        assert_eq!(press(Key::Right, 0), Response::Light(1));
        assert_eq!(press(Key::Left, 1), Response::Light(0));
        assert_eq!(press(Key::Right, 1), Response::Pass);
        assert_eq!(press(Key::Left, 0), Response::Pass);
    }

    #[test]
    fn every_screen_has_something_to_press() {
        for scene in inner_screens().iter().chain(&first_screens()) {
            assert!(!controls(scene).is_empty(), "{scene:?}");
        }
    }

    #[test]
    fn keys_that_mean_nothing_here_are_left_alone() {
        check(&Scene::SignIn(View::Expired), Key::Other, Response::Pass);
    }
}
