//! The banner for lost answers: the sign-in goes on, and says so.

use device_flow::{Trouble, View};
use leptos::prelude::*;

use super::part::{Part, element, follow, text};
use crate::text::{TROUBLE_NOW, TROUBLE_SOON, Texts, seconds};
use crate::visit::Scene;

pub(super) fn banner(scene: ReadSignal<Scene>, texts: Texts) -> Part {
    let what = text("");
    // Every second something else: for the eye only.
    let next = element("span", "", &[]).attribute("aria-hidden", "true");
    let banner = element("p", "trouble", &[what.clone(), next.clone()]).attribute("role", "status");
    let place = banner.clone();
    follow(move || {
        let scene = scene.read();
        let trouble = of(&scene);
        what.say(&trouble.map(|trouble| texts.failure(trouble.code())).unwrap_or_default());
        next.say(&trouble.map(|trouble| next_try(trouble, &texts)).unwrap_or_default());
        let place = place.as_element();
        // Refused only for a name that no attribute can have.
        _ = match trouble {
            Some(trouble) => place.set_attribute("data-trouble", trouble.code()),
            None => place.remove_attribute("data-trouble"),
        };
    });
    banner
}

fn of(scene: &Scene) -> Option<&Trouble> {
    match scene {
        Scene::SignIn(View::Connecting { trouble } | View::Checking { trouble }) => trouble.as_ref(),
        Scene::SignIn(View::Code(code)) => code.trouble.as_ref(),
        _ => None,
    }
}

fn next_try(trouble: &Trouble, texts: &Texts) -> String {
    let next = match seconds(trouble.retry_in) {
        0 => texts.say(TROUBLE_NOW),
        seconds => texts.fill(TROUBLE_SOON, &seconds.to_string()),
    };
    [" ", &next].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::english;
    use core::time::Duration;
    use device_flow::{LostCause, TransportError};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_next_try_is_announced() {
        let after = |millis| {
            let trouble = Trouble {
                cause: LostCause::Transport(TransportError::Offline),
                retry_in: Duration::from_millis(millis),
            };
            next_try(&trouble, &english())
        };
        assert_eq!(after(4_200), " Next try in 5 s");
        assert_eq!(after(0), " Trying again …");
    }
}
