//! Before anything: a person has to want it (S-07).
//!
//! `www/index.html` paints the same picture before this code has arrived.

use leptos::prelude::*;

use super::controls::SCREEN;
use crate::text::TEXT;

#[component]
pub(super) fn StartScreen(children: Children) -> impl IntoView {
    view! {
        <main id=SCREEN class="message">
            <h1>{TEXT.sign_in_with_phone}</h1>
            <p>{TEXT.start_what}</p>
            {children()}
        </main>
        <footer class="foot"></footer>
    }
}
