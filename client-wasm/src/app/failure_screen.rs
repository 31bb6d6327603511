//! What failed, what to do now, and for whoever helps: the stable code and the host.

use device_flow::Failure;
use leptos::prelude::*;

use super::controls::SCREEN;
use crate::text::{TEXT, sentence};

#[component]
pub(super) fn FailureScreen(failure: Failure, children: Children) -> impl IntoView {
    let host = failure.host.map(|host| format!(" · {host}")).unwrap_or_default();
    view! {
        <main id=SCREEN class="message">
            <h1>{TEXT.failed}</h1>
            <p>
                <b>{sentence(&failure.what)}</b>
            </p>
            <p>{failure.advice}</p>
            {children()}
        </main>
        <footer class="foot">
            <p class="reference">
                <span data-failure-code="">{failure.code}</span>
                {host}
            </p>
        </footer>
    }
}
