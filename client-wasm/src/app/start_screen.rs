//! Before anything: a person has to want it (S-07).
//!
//! `www/index.html` paints the same picture before this code has arrived.

use device_flow::session::SessionEnd;
use leptos::prelude::*;

use super::controls::SCREEN;
use crate::text::{TEXT, sentence};
use crate::visit::Farewell;

#[component]
pub(super) fn StartScreen(
    /// How the session before ended, in place of an invitation.
    farewell: Option<Farewell>,
    children: Children,
) -> impl IntoView {
    let mut reference = None;
    let what = match farewell {
        None => view! { <p>{TEXT.start_what}</p> }.into_any(),
        Some(farewell) => {
            let what = match &farewell.end {
                SessionEnd::Refused(refused) => {
                    reference = Some(refused.to_string());
                    TEXT.access_ended.into()
                }
                end => sentence(&end.to_string()),
            };
            let warning = farewell
                .is_left_behind
                .then(|| view! { <p class="warning">{TEXT.left_behind}</p> });
            view! {
                <p data-session-end=farewell.end.code().to_owned()>
                    <b>{what}</b>
                </p>
                <p>{farewell.end.advice()}</p>
                {warning}
            }
            .into_any()
        }
    };
    view! {
        <main id=SCREEN class="message">
            <h1>{TEXT.sign_in_with_phone}</h1>
            {what}
            {children()}
        </main>
        <footer class="foot">
            <p class="reference">{reference}</p>
        </footer>
    }
}
