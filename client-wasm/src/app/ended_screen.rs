//! The ends that a person caused: declined, or nobody came.

use leptos::prelude::*;

use super::controls::SCREEN;

#[component]
pub(super) fn EndedScreen(
    title: &'static str,
    what: &'static str,
    /// The server's own words, for whoever helps.
    #[prop(optional_no_strip)]
    reference: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <main id=SCREEN class="message">
            <h1>{title}</h1>
            <p>{what}</p>
            {children()}
        </main>
        <footer class="foot">
            <p class="reference">{reference.unwrap_or_default()}</p>
        </footer>
    }
}
