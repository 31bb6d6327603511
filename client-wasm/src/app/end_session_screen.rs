//! After a sign-out, if somebody wants it: the way to end the session at the server, which lives on the phone.
//!
//! The address holds the ID token, so it is drawn only when asked for, stands in no text and in no attribute, and goes with
//! the screen.

use device_flow::EndSessionUrl;
use leptos::prelude::*;

use super::controls::SCREEN;
use super::qr::Qr;
use crate::text::TEXT;
use crate::visit::symbol;

#[component]
pub(super) fn EndSessionScreen(url: EndSessionUrl, children: Children) -> impl IntoView {
    let (before, after) = TEXT.end_session_what;
    let symbol = symbol(&url);
    let host = symbol.as_ref().map(|(_, host)| host.clone());
    let qr = symbol.map(|(matrix, address)| view! { <Qr address matrix /> });
    view! {
        <main id=SCREEN class="split">
            <section class="how">
                <h1>{TEXT.end_session_title}</h1>
                <p class="steps">{before} " " <bdi>{host}</bdi> " " {after}</p>
            </section>
            <section class="scan">{qr}</section>
        </main>
        <footer class="foot">
            <p></p>
            {children()}
        </footer>
    }
}
