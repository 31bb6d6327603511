//! The end that everybody came for.

use device_flow::Vouched;
use leptos::prelude::*;

use super::controls::SCREEN;
use crate::text::TEXT;

/// What takes more than two lines is set smaller; at most 500 characters come from a server.
const LONG: usize = 60;

#[component]
pub(super) fn SignedInScreen(name: Option<String>, vouched_by: Option<Vouched>, children: Children) -> impl IntoView {
    let is_long = name.as_ref().is_some_and(|name| name.chars().count() > LONG);
    let (title, what) = match name {
        Some(name) => {
            let (before, after) = TEXT.hello;
            let title = view! {
                {before}
                <bdi data-name="">{name}</bdi>
                {after}
            };
            (title.into_any(), Some(TEXT.signed_in_what))
        }
        None => (TEXT.signed_in.into_any(), None),
    };
    let what = what.map(|what| view! { <p>{what}</p> });
    let warning = (vouched_by == Some(Vouched::Nothing)).then(|| view! { <p class="warning">{TEXT.not_verified}</p> });
    view! {
        <main id=SCREEN class="message">
            <svg class="tick" viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="12"></circle>
                <path d="M7 12.4l3.4 3.4L17.2 9"></path>
            </svg>
            <h1 class:long=is_long>{title}</h1>
            {what}
            {warning}
            {children()}
        </main>
        <footer class="foot"></footer>
    }
}
