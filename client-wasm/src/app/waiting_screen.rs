//! Between a press and its result.

use leptos::prelude::*;

use super::controls::SCREEN;

#[component]
pub(super) fn WaitingScreen(title: &'static str, what: &'static str, children: Children) -> impl IntoView {
    view! {
        <main id=SCREEN class="message waiting">
            <h1>{title}</h1>
            <p>{what}</p>
            <div class="pulse">
                <i></i>
                <i></i>
                <i></i>
            </div>
        </main>
        <footer class="foot">
            <p></p>
            {children()}
        </footer>
    }
}
