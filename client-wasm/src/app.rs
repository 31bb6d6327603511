//! The page: draws what the shell publishes and grants what the person wants. One screen per file.

#![expect(unreachable_pub, reason = "written by Leptos' `component` macro")]
#![expect(clippy::needless_pass_by_value, reason = "the props of a component are values")]

mod code_screen;
mod controls;
mod end_session_screen;
mod ended_screen;
mod failure_screen;
mod fit;
mod qr;
mod signed_in_screen;
mod start_screen;
mod trouble;
mod waiting_screen;

use core::any::Any;
use core::mem;
use core::time::Duration;

use device_flow::{Failure, View};
use leptos::mount::mount_to;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::settings::{Page, Setup};
use crate::store::Store;
use crate::text::TEXT;
use crate::tv::lifecycle;
use crate::tv::trail::Trail;
use crate::visit::{Scene, Visit};
use code_screen::CodeScreen;
use controls::{Controls, WITHOUT_CONFIGURATION, Wish, back, controls};
use end_session_screen::EndSessionScreen;
use ended_screen::EndedScreen;
use failure_screen::FailureScreen;
use signed_in_screen::SignedInScreen;
use start_screen::StartScreen;
use trouble::TroubleBanner;
use waiting_screen::WaitingScreen;

/// Where this page was loaded from.
pub(crate) fn page() -> Page {
    let location = window().location();
    let mut folder = location.pathname().unwrap_or_default();
    folder.truncate(folder.rfind('/').map_or(0, |slash| slash + 1));
    Page {
        origin: location.origin().unwrap_or_default(),
        query: location.search().unwrap_or_default(),
        folder,
        is_alone: true,
    }
}

/// A page on screen; dropping it takes it away, with its listeners, timers and requests.
#[must_use = "dropping it takes the page away again"]
pub struct Mounted(Box<dyn Any>);

impl Mounted {
    /// Leaves the page where it is for good.
    pub fn forget(self) {
        mem::forget(self.0);
    }
}

/// Draws the page into `root`, in place of what stands there.
pub fn mount(root: &HtmlElement, setup: Setup) -> Mounted {
    if setup.query_ignored {
        leptos::logging::warn!(
            "issuer, client_id and scope in the address are ignored: this page is not on loopback, and config.json \
             does not set allow_query_override"
        );
    }
    if let Some(accent) = &setup.brand.accent {
        // Refused only for a style that is read-only.
        _ = root.style().set_property("--accent", accent);
    }
    root.set_text_content(None);
    Mounted(Box::new(mount_to(root.clone(), move || view! { <App setup /> })))
}

#[component]
fn App(setup: Setup) -> impl IntoView {
    let (scene, show) = signal(Scene::Start(None));
    let store = setup.keep_signed_in.then(|| store_of(&setup.folder)).flatten();
    let visit = match setup.config {
        Ok(config) => Some(Visit::new(config, store, move |scene| show.set(scene))),
        Err(error) => {
            show.set(Scene::SignIn(View::Failed(Failure::from(&error))));
            None
        }
    };
    let can_begin = visit.is_some();
    let wakes = visit.clone().map(|visit| lifecycle::on_wake(move || visit.wake()));
    // Both live as long as the page does.
    let kept = StoredValue::new_local((visit, wakes));
    let grant = Callback::new(move |wish| kept.with_value(|(visit, _)| grant(visit.as_ref(), wish)));
    let screen = Memo::new(move |_| still(scene.get()));
    if setup.is_alone {
        let trail = StoredValue::new_local(Trail::new(move || {
            if let Some(wish) = back(&screen.get_untracked()) {
                grant.run(wish);
            }
        }));
        Effect::new(move || {
            let is_inner = back(&screen.get()).is_some();
            trail.with_value(|trail| trail.follow(is_inner));
        });
    }
    let draw = move || {
        let screen = screen.get();
        let controls = if can_begin {
            controls(&screen)
        } else {
            WITHOUT_CONFIGURATION
        };
        let controls = view! { <Controls scene=screen.clone() controls grant /> };
        let view = match screen {
            Scene::Start(farewell) => return view! { <StartScreen farewell>{controls}</StartScreen> }.into_any(),
            Scene::SignedIn { name, vouched_by } => {
                return view! { <SignedInScreen name vouched_by>{controls}</SignedInScreen> }.into_any();
            }
            Scene::SignOut => {
                let (title, what) = (TEXT.sign_out_title, TEXT.sign_out_what);
                return view! { <EndedScreen title what>{controls}</EndedScreen> }.into_any();
            }
            Scene::SigningOut => {
                let (title, what) = (TEXT.signing_out, TEXT.connecting_what);
                return view! { <WaitingScreen title what>{controls}</WaitingScreen> }.into_any();
            }
            Scene::EndSession(url) => {
                return view! { <EndSessionScreen url>{controls}</EndSessionScreen> }.into_any();
            }
            Scene::SignIn(view) => view,
        };
        match view {
            // Shown as other scenes.
            View::Idle | View::Cancelled | View::SignedIn { .. } => ().into_any(),
            View::Connecting { .. } => {
                view! { <WaitingScreen title=TEXT.connecting what=TEXT.connecting_what>{controls}</WaitingScreen> }
                    .into_any()
            }
            View::Code(code) => view! { <CodeScreen code scene>{controls}</CodeScreen> }.into_any(),
            View::Checking { .. } => {
                view! { <WaitingScreen title=TEXT.checking what=TEXT.checking_what>{controls}</WaitingScreen> }
                    .into_any()
            }
            View::Denied { description } => view! {
                <EndedScreen title=TEXT.denied what=TEXT.denied_what reference=description>
                    {controls}
                </EndedScreen>
            }
            .into_any(),
            View::Expired => {
                view! { <EndedScreen title=TEXT.expired what=TEXT.expired_what>{controls}</EndedScreen> }.into_any()
            }
            View::Failed(failure) => view! { <FailureScreen failure>{controls}</FailureScreen> }.into_any(),
        }
    };
    view! {
        <div
            class="stage"
            data-screen=move || name(&screen.get())
            // The focus stays where it is: a press beside a button is no wish.
            on:mousedown=|event| event.prevent_default()
        >
            <header class="brand">
                <i class="mark"></i>
                <span>{setup.brand.name.unwrap_or_else(|| TEXT.product.into())}</span>
                <TroubleBanner scene />
            </header>
            {draw}
        </div>
    }
}

/// What is kept where the setting asks for it, and the engine can do it safely.
fn store_of(folder: &str) -> Option<Store> {
    let store = Store::of(folder);
    if store.is_none() {
        leptos::logging::warn!(
            "keep_signed_in has no effect: without https (or loopback) there is no cryptography here to keep tokens with"
        );
    }
    store
}

fn grant(visit: Option<&Visit>, wish: Wish) {
    match (wish, visit) {
        (Wish::Start, Some(visit)) => visit.start(),
        (Wish::Cancel, Some(visit)) => visit.cancel(),
        (Wish::Home, Some(visit)) => visit.home(),
        (Wish::SignOut, Some(visit)) => visit.sign_out(),
        (Wish::EndSession, Some(visit)) => visit.end_session(),
        // Refused only by a browser that is leaving the page anyway.
        (Wish::Reload, _) => _ = window().location().reload(),
        (_, None) => {}
    }
}

/// The scene without what changes while one looks at it: when this changes, the screen is drawn anew.
fn still(mut scene: Scene) -> Scene {
    match &mut scene {
        Scene::SignIn(View::Connecting { trouble } | View::Checking { trouble }) => *trouble = None,
        Scene::SignIn(View::Code(code)) => {
            code.left = Duration::ZERO;
            code.trouble = None;
        }
        _ => {}
    }
    scene
}

/// The screen's name in `data-screen`.
fn name(scene: &Scene) -> &'static str {
    match scene {
        Scene::Start(_) | Scene::SignIn(View::Idle | View::Cancelled) => "idle",
        Scene::SignIn(View::Connecting { .. }) => "connecting",
        Scene::SignIn(View::Code(_)) => "code",
        Scene::SignIn(View::Checking { .. }) => "checking",
        Scene::SignedIn { .. } | Scene::SignIn(View::SignedIn { .. }) => "signed-in",
        Scene::SignIn(View::Denied { .. }) => "denied",
        Scene::SignIn(View::Expired) => "expired",
        Scene::SignIn(View::Failed(_)) => "failed",
        Scene::SignOut => "sign-out",
        Scene::SigningOut => "signing-out",
        Scene::EndSession(_) => "end-session",
    }
}
