//! The banner for lost answers: the sign-in goes on, and says so.

use device_flow::{Trouble, View};
use leptos::prelude::*;

use crate::text::{TEXT, capital, seconds};
use crate::visit::Scene;

#[component]
pub(super) fn TroubleBanner(scene: ReadSignal<Scene>) -> impl IntoView {
    let trouble = Memo::new(move |_| of(&scene.read()).cloned());
    let code = move || trouble.with(|trouble| trouble.as_ref().map(|trouble| trouble.code));
    let what = move || {
        trouble.with(|trouble| {
            trouble
                .as_ref()
                .map(|trouble| capital(&trouble.what))
                .unwrap_or_default()
        })
    };
    let next = move || trouble.with(|trouble| trouble.as_ref().map(next_try).unwrap_or_default());
    view! {
        <p class="trouble" role="status" data-trouble=code>
            {what}
            // Every second something else: for the eye only.
            <span aria-hidden="true">{next}</span>
        </p>
    }
}

fn of(scene: &Scene) -> Option<&Trouble> {
    match scene {
        Scene::SignIn(View::Connecting { trouble } | View::Checking { trouble }) => trouble.as_ref(),
        Scene::SignIn(View::Code(code)) => code.trouble.as_ref(),
        _ => None,
    }
}

fn next_try(trouble: &Trouble) -> String {
    match seconds(trouble.retry_in) {
        0 => TEXT.trouble_now.into(),
        seconds => {
            let (before, after) = TEXT.trouble_soon;
            format!("{before}{seconds}{after}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_next_try_is_announced() {
        let after = |millis| {
            next_try(&Trouble {
                code: "offline",
                what: String::new(),
                retry_in: Duration::from_millis(millis),
            })
        };
        assert_eq!(after(4_200), ": trying again in 5 s");
        assert_eq!(after(0), ": trying again …");
    }
}
