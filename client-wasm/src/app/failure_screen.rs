//! What failed, what to do now, and for whoever helps: the stable code and the host.

use device_flow::Failure;
use leptos::prelude::*;

use super::controls::SCREEN;
use crate::text::{TEXT, sentence};

/// What takes more than five lines is set smaller; at most 500 characters come from a server.
const LONG: usize = 240;

#[component]
pub(super) fn FailureScreen(failure: Failure, children: Children) -> impl IntoView {
    let what = sentence(&failure.what);
    let is_long = what.chars().count() > LONG;
    let host = failure.host.map(|host| view! { " · " <bdi>{host}</bdi> });
    view! {
        <main id=SCREEN class="message">
            <h1>{TEXT.failed}</h1>
            <p class:long=is_long>
                <b>{what}</b>
            </p>
            <p>{failure.advice}</p>
            {children()}
        </main>
        <footer class="foot">
            <p class="reference">
                <bdi data-failure-code="">{failure.code}</bdi>
                {host}
            </p>
        </footer>
    }
}
