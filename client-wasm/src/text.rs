//! Every word of the page, in one place, so that other languages can stand beside it.
//!
//! What the core says about failures comes from [`device_flow::View`].

use core::time::Duration;

/// The words of one language.
pub(crate) struct Text {
    pub(crate) access_ended: &'static str,
    pub(crate) address_of: &'static str,
    pub(crate) and_enter: &'static str,
    pub(crate) anti_phishing: (&'static str, &'static str),
    pub(crate) back: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) checking: &'static str,
    pub(crate) checking_what: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) connecting_what: &'static str,
    pub(crate) dash: &'static str,
    pub(crate) denied: &'static str,
    pub(crate) denied_what: &'static str,
    pub(crate) done: &'static str,
    pub(crate) end_session: &'static str,
    pub(crate) end_session_title: &'static str,
    pub(crate) end_session_what: (&'static str, &'static str),
    pub(crate) enter_code: &'static str,
    pub(crate) expired: &'static str,
    pub(crate) expired_what: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) go_to: &'static str,
    pub(crate) hello: (&'static str, &'static str),
    pub(crate) left_behind: &'static str,
    pub(crate) new_code: &'static str,
    pub(crate) not_verified: &'static str,
    pub(crate) or_go_to: &'static str,
    pub(crate) product: &'static str,
    pub(crate) scan: &'static str,
    pub(crate) scan_or_go_to: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_in_with_phone: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) sign_out_title: &'static str,
    pub(crate) sign_out_what: &'static str,
    pub(crate) signed_in: &'static str,
    pub(crate) signed_in_what: &'static str,
    pub(crate) signing_out: &'static str,
    pub(crate) start_what: &'static str,
    pub(crate) stay: &'static str,
    pub(crate) trouble_now: &'static str,
    pub(crate) trouble_soon: (&'static str, &'static str),
    pub(crate) try_again: &'static str,
    pub(crate) valid_for: &'static str,
}

/// The language of the page: English, for now.
pub(crate) const TEXT: &Text = &Text {
    access_ended: "Your access here has ended.",
    address_of: "Square to scan, for",
    and_enter: "and enter",
    anti_phishing: (
        "Enter this code only if you are in front of this screen, and only at ",
        ".",
    ),
    back: "Back",
    cancel: "Cancel",
    checking: "Almost there",
    checking_what: "Checking who signed in.",
    connecting: "Getting your code",
    connecting_what: "This takes a moment.",
    dash: "dash",
    denied: "Sign-in was declined",
    denied_what: "It was turned down on the other device, or by the service.",
    done: "Done",
    end_session: "Sign out on my phone too",
    end_session_title: "Sign out on your phone too",
    end_session_what: (
        "To end your session there as well, scan the square with your phone’s camera. It leads to",
        "and is meant for you alone.",
    ),
    enter_code: "Enter this code there",
    expired: "This code has expired",
    expired_what: "Nobody entered it in time. A new one is a press away.",
    failed: "Sign-in did not work",
    go_to: "On a phone or a computer, go to",
    hello: ("Hello, ", ""),
    left_behind: "What was kept here could not be removed. Clear the data of this app or browser.",
    new_code: "Show a new code",
    not_verified: "This is an insecure test page: who signed in could not be verified.",
    or_go_to: "Or go to",
    product: "Device login",
    scan: "Scan the square with your phone’s camera",
    scan_or_go_to: "Scan the square with your phone’s camera, or go to",
    sign_in: "Sign in",
    sign_in_with_phone: "Sign in with your phone",
    sign_out: "Sign out",
    sign_out_title: "Sign out?",
    sign_out_what: "To use this screen again, somebody has to sign in.",
    signed_in: "You are signed in",
    signed_in_what: "This screen is signed in.",
    signing_out: "Signing you out",
    start_what: "A phone or a computer will do. No typing with the remote.",
    stay: "Stay signed in",
    trouble_now: ": trying again …",
    trouble_soon: (": trying again in ", " s"),
    try_again: "Try again",
    valid_for: "Valid for ",
};

/// A span as minutes and seconds, rounded up: what is left is never shown as less than it is.
pub(crate) fn minutes(span: Duration) -> String {
    let seconds = seconds(span);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A span in full seconds, rounded up.
pub(crate) fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// The text with a capital first letter, where that is an English one.
pub(crate) fn capital(text: &str) -> String {
    let mut text = String::from(text);
    // The tables of all other alphabets would weigh more than this page's words.
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// The text with a capital first letter, and a full stop if it ends without one.
pub(crate) fn sentence(text: &str) -> String {
    let mut sentence = capital(text);
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// A code letter by letter, for a screen reader.
pub(crate) fn spelt(code: &str) -> String {
    let letters: Vec<String> = code
        .chars()
        .map(|letter| match letter {
            '-' => TEXT.dash.into(),
            letter => letter.into(),
        })
        .collect();
    letters.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_is_left_is_never_shown_as_less() {
        for (millis, expected) in [
            (600_000, "10:00"),
            (599_001, "10:00"),
            (599_000, "9:59"),
            (61_000, "1:01"),
            (1, "0:01"),
            (0, "0:00"),
        ] {
            assert_eq!(minutes(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    fn a_sentence_begins_and_ends() {
        assert_eq!(sentence("no connection"), "No connection.");
        assert_eq!(sentence("`issuer` is missing"), "`issuer` is missing.");
        assert_eq!(sentence("être"), "être.");
        assert_eq!(sentence(""), ".");
        assert_eq!(sentence("Already whole."), "Already whole.");
    }

    #[test]
    fn a_code_is_spelt() {
        // The sample of RFC 8628 section 3.2.
        assert_eq!(spelt("WDJB-MJHT"), "W D J B dash M J H T");
    }
}
