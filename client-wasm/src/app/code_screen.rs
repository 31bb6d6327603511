//! The person's turn: what to do, the code, and the same as a QR code.

use core::slice;
use core::time::Duration;

use device_flow::{CodeView, View};
use leptos::prelude::*;

use super::fit::keep_inside_parent;
use super::part::{Part, Screen, around, element, follow, text, title};
use super::qr;
use crate::symbol::symbol;
use crate::text::{
    CODE_ENTER, CODE_GO_TO, CODE_OR_ENTER, CODE_PHISHING, CODE_QR, CODE_SCAN, CODE_SCAN_OR_GO_TO, CODE_VALID, START,
    Texts, minutes, spelt,
};
use crate::visit::Scene;

/// Codes from this length on are easier to copy in groups (RFC 8628 section 6.1).
const LONG: usize = 8;
/// The most letters that stand together.
const GROUP: usize = 4;

/// Percent of its size at which an address is as small as text may be: 28 of 1080 lines.
const LEAST_ADDRESS: i32 = 78;
/// The same for the code, which nobody should have to look for.
const LEAST_CODE: i32 = 40;

/// `live` is where what is left of the code comes from.
pub(super) fn draw(code: &CodeView, live: ReadSignal<Scene>, texts: &Texts, controls: &Part) -> Screen {
    let symbol = symbol(code);
    let address = element("span", "address", &[text(code.address_for_people())])
        .left_to_right()
        .attribute("data-verification-uri", "");
    let user_code = user_code(&code.user_code, texts);
    let place = element("p", "code", slice::from_ref(&user_code));
    let [first, second] = match &symbol {
        Some((scanned, _)) if *scanned != code.verification_uri => [
            step(&[text(&texts.say(CODE_SCAN))]),
            step(&around(texts, CODE_OR_ENTER, address.clone())),
        ],
        Some(_) => [
            step(&around(texts, CODE_SCAN_OR_GO_TO, address.clone())),
            step(&[text(&texts.say(CODE_ENTER))]),
        ],
        None => [
            step(&around(texts, CODE_GO_TO, address.clone())),
            step(&[text(&texts.say(CODE_ENTER))]),
        ],
    };
    let steps = element("ol", "steps", &[first, second]);
    let how = element("section", "how", &[title(&texts.say(START)), steps, place]);
    let scan = element("section", "scan", &[]);
    let authority = element("bdi", "", &[text(code.verification_uri.authority())]).left_to_right();
    let mut screen = Screen::new(
        "split",
        &[how, scan.clone()],
        &[
            element("p", "", &around(texts, CODE_PHISHING, authority)),
            controls.clone(),
        ],
    );
    screen.fits.push(keep_inside_parent(address, LEAST_ADDRESS));
    screen.fits.push(keep_inside_parent(user_code, LEAST_CODE));
    if let Some((address, matrix)) = symbol {
        let (qr, fit) = qr::draw(&texts.fill(CODE_QR, address.as_str()), &matrix);
        scan.add(&qr);
        screen.fits.push(fit);
    }
    count_down(&scan, code.lifetime, live, texts);
    screen
}

fn step(parts: &[Part]) -> Part {
    element("li", "", &[element("p", "", parts)])
}

fn count_down(scan: &Part, lifetime: Duration, live: ReadSignal<Scene>, texts: &Texts) {
    let time = element("b", "", &[]).left_to_right();
    let left = element("p", "left", &around(texts, CODE_VALID, time.clone()));
    scan.add(&left.attribute("role", "timer").attribute("aria-live", "off"));
    let bar = element("i", "", &[]);
    scan.add(&element("div", "bar", slice::from_ref(&bar)));
    follow(move || {
        let left = match &*live.read() {
            Scene::SignIn(View::Code(code)) => code.left,
            // Soon this screen is gone.
            _ => Duration::ZERO,
        };
        time.say(&minutes(left));
        bar.style("width", &share(left, lifetime));
    });
}

/// The code as the server sent it; groups are set apart for the eye by a margin, never by a character.
fn user_code(code: &str, texts: &Texts) -> Part {
    let groups: Vec<_> = groups(code)
        .iter()
        .map(|group| element("i", "", &[text(group)]))
        .collect();
    element("span", "", &groups)
        .left_to_right()
        .attribute("role", "img")
        .label(&spelt(code, texts))
        .attribute("data-user-code", "")
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
