//! The person's turn: what to do, the code, and the same as a QR code.

use core::time::Duration;

use device_flow::{CodeView, View};
use leptos::html::Span;
use leptos::prelude::*;

use super::controls::SCREEN;
use super::fit::keep_inside_parent;
use super::qr::{self, Qr};
use crate::text::{TEXT, minutes, spelt};
use crate::visit::Scene;

/// Codes from this length on are easier to copy in groups (RFC 8628 section 6.1).
const LONG: usize = 8;
/// The most letters that stand together.
const GROUP: usize = 4;

/// Percent of its size at which an address is as small as text may be: 28 of 1080 lines.
const LEAST_ADDRESS: i32 = 78;
/// The same for the code, which nobody should have to look for.
const LEAST_CODE: i32 = 40;

#[component]
pub(super) fn CodeScreen(code: CodeView, scene: ReadSignal<Scene>, children: Children) -> impl IntoView {
    // On another screen nothing is left, and soon this one is gone.
    let left = Memo::new(move |_| match &*scene.read() {
        Scene::SignIn(View::Code(code)) => code.left,
        _ => Duration::ZERO,
    });
    let symbol = qr::symbol(&code);
    let address = Some(code.address_for_people().to_owned());
    let steps = match &symbol {
        Some((scanned, _)) if *scanned != code.verification_uri => {
            [(TEXT.scan, None, ""), (TEXT.or_go_to, address, TEXT.and_enter)]
        }
        Some(_) => [(TEXT.scan_or_go_to, address, ""), (TEXT.enter_code, None, "")],
        None => [(TEXT.go_to, address, ""), (TEXT.enter_code, None, "")],
    };
    let steps = steps.map(|(before, address, after)| {
        let address = address.map(|address| view! { <Address address /> });
        view! {
            <li>
                <p>{before} " " {address} " " {after}</p>
            </li>
        }
    });
    let qr = symbol.map(|(address, matrix)| view! { <Qr address=address.to_string() matrix /> });
    let (anti_phishing, end) = TEXT.anti_phishing;
    view! {
        <main id=SCREEN class="split">
            <section class="how">
                <h1>{TEXT.sign_in_with_phone}</h1>
                <ol class="steps">{steps.into_iter().collect_view()}</ol>
                <UserCode code=code.user_code.clone() />
            </section>
            <section class="scan">
                {qr}
                <p class="left" role="timer" aria-live="off">
                    {TEXT.valid_for} <b>{move || minutes(left.get())}</b>
                </p>
                <div class="bar">
                    <i style:width=move || share(left.get(), code.lifetime)></i>
                </div>
            </section>
        </main>
        <footer class="foot">
            <p>{anti_phishing} <bdi dir="ltr">{code.verification_uri.authority().to_owned()}</bdi> {end}</p>
            {children()}
        </footer>
    }
}

#[component]
fn Address(address: String) -> impl IntoView {
    let text = NodeRef::<Span>::new();
    keep_inside_parent(text, LEAST_ADDRESS);
    view! {
        <span class="address" dir="ltr" data-verification-uri="" node_ref=text>
            {address}
        </span>
    }
}

/// The code as the server sent it; groups are set apart for the eye by a margin, never by a character.
#[component]
fn UserCode(code: String) -> impl IntoView {
    let text = NodeRef::<Span>::new();
    keep_inside_parent(text, LEAST_CODE);
    let groups = groups(&code).into_iter().map(|group| view! { <i>{group}</i> });
    view! {
        <p class="code">
            <span dir="ltr" role="img" aria-label=spelt(&code) data-user-code="" node_ref=text>
                {groups.collect_view()}
            </span>
        </p>
    }
}

/// As few groups as possible of at most [`GROUP`] letters, as even as possible; a code that has a mark between its
/// letters is grouped already, and a short one needs no groups.
fn groups(code: &str) -> Vec<String> {
    let letters: Vec<char> = code.chars().collect();
    let is_mark = |letter: &char| letter.is_ascii_punctuation() || letter.is_ascii_whitespace();
    if letters.len() < LONG || letters.iter().any(is_mark) {
        return vec![code.into()];
    }
    let count = letters.len().div_ceil(GROUP);
    (0..count)
        .map(|index| {
            // The longer groups first.
            let start = (index * letters.len()).div_ceil(count);
            let end = ((index + 1) * letters.len()).div_ceil(count);
            letters[start..end].iter().collect()
        })
        .collect()
}

/// How much of the lifetime is left, as CSS writes it.
fn share(left: Duration, lifetime: Duration) -> String {
    let thousandths = (left.as_secs() * 1000).checked_div(lifetime.as_secs()).unwrap_or(0);
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn check(code: &str, expected: &str) {
        let groups = groups(code);
        assert_eq!(groups.concat(), code, "nothing is added or lost");
        assert_eq!(groups.join(" "), expected);
    }

    #[test]
    fn long_codes_stand_in_even_groups() {
        // Okta's eight letters (O-15) and authentik's nine digits.
        check("DRTDNTJC", "DRTD NTJC");
        check("123456789", "123 456 789");
        check("ABCDEFGHIJ", "ABCD EFG HIJ");
        check("WWWWWWWWWWWWWWW", "WWWW WWWW WWWW WWW");
    }

    #[test]
    fn grouped_and_short_codes_stay_as_they_are() {
        // The sample of RFC 8628 section 3.2.
        check("WDJB-MJHT", "WDJB-MJHT");
        check("1234 5678", "1234 5678");
        check("A1B2C3", "A1B2C3");
    }

    #[test]
    fn the_bar_shows_what_is_left() {
        let seconds = Duration::from_secs;
        assert_eq!(share(seconds(600), seconds(600)), "100.0%");
        assert_eq!(share(seconds(599), seconds(600)), "99.8%");
        assert_eq!(share(seconds(0), seconds(600)), "0.0%");
        assert_eq!(share(seconds(1), seconds(0)), "0.0%");
    }
}
