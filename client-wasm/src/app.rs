//! The page: draws what the shell publishes and grants what the person wants. One screen per file.

#![expect(unreachable_pub, reason = "written by Leptos' `component` macro")]
#![expect(clippy::needless_pass_by_value, reason = "the props of a component are values")]

mod code_screen;
mod controls;
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

use device_flow::{Failure, Input, View};
use leptos::mount::mount_to;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::settings::{Page, Setup};
use crate::shell::Shell;
use crate::text::TEXT;
use crate::tv::lifecycle;
use code_screen::CodeScreen;
use controls::{Controls, WITHOUT_CONFIGURATION, Wish, controls};
use ended_screen::EndedScreen;
use failure_screen::FailureScreen;
use signed_in_screen::SignedInScreen;
use start_screen::StartScreen;
use trouble::TroubleBanner;
use waiting_screen::WaitingScreen;

/// Where this page was loaded from.
pub(crate) fn page() -> Page {
    let location = window().location();
    Page {
        origin: location.origin().unwrap_or_default(),
        query: location.search().unwrap_or_default(),
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
    let (view, show) = signal(View::Idle);
    let shell = match setup.config {
        Ok(config) => Some(Shell::new(config, move |view| show.set(view))),
        Err(error) => {
            show.set(View::Failed(Failure::from(&error)));
            None
        }
    };
    let can_begin = shell.is_some();
    let wakes = shell
        .clone()
        .map(|shell| lifecycle::on_wake(move || shell.input(Input::Wake)));
    // Both live as long as the page does.
    let kept = StoredValue::new_local((shell, wakes));
    let grant = Callback::new(move |wish| kept.with_value(|(shell, _)| grant(shell.as_ref(), wish)));
    let screen = Memo::new(move |_| still(view.get()));
    let draw = move || {
        let screen = screen.get();
        let controls = if can_begin {
            controls(&screen)
        } else {
            WITHOUT_CONFIGURATION
        };
        let controls = view! { <Controls view=screen.clone() controls grant /> };
        match screen {
            View::Idle | View::Cancelled => view! { <StartScreen>{controls}</StartScreen> }.into_any(),
            View::Connecting { .. } => {
                view! { <WaitingScreen title=TEXT.connecting what=TEXT.connecting_what>{controls}</WaitingScreen> }
                    .into_any()
            }
            View::Code(code) => view! { <CodeScreen code view>{controls}</CodeScreen> }.into_any(),
            View::Checking { .. } => {
                view! { <WaitingScreen title=TEXT.checking what=TEXT.checking_what>{controls}</WaitingScreen> }
                    .into_any()
            }
            View::SignedIn { name, vouched_by } => {
                view! { <SignedInScreen name vouched_by>{controls}</SignedInScreen> }.into_any()
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
                <TroubleBanner view />
            </header>
            {draw}
        </div>
    }
}

fn grant(shell: Option<&Shell>, wish: Wish) {
    match (wish, shell) {
        (Wish::Start, Some(shell)) => shell.input(Input::Start),
        (Wish::Cancel, Some(shell)) => shell.input(Input::Cancel),
        (Wish::Home, Some(shell)) => shell.reset(),
        // Refused only by a browser that is leaving the page anyway.
        (Wish::Reload, _) => _ = window().location().reload(),
        (_, None) => {}
    }
}

/// The view without what changes while one looks at it: when this changes, the screen is drawn anew.
fn still(view: View) -> View {
    match view {
        View::Cancelled => View::Idle,
        View::Connecting { .. } => View::Connecting { trouble: None },
        View::Checking { .. } => View::Checking { trouble: None },
        View::Code(mut code) => {
            code.left = Duration::ZERO;
            code.trouble = None;
            View::Code(code)
        }
        view => view,
    }
}

/// The screen's name in `data-screen`.
fn name(view: &View) -> &'static str {
    match view {
        View::Idle | View::Cancelled => "idle",
        View::Connecting { .. } => "connecting",
        View::Code(_) => "code",
        View::Checking { .. } => "checking",
        View::SignedIn { .. } => "signed-in",
        View::Denied { .. } => "denied",
        View::Expired => "expired",
        View::Failed(_) => "failed",
    }
}
